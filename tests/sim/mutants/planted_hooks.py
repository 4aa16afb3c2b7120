"""Bugs around webhooks, feeds, and stores that do not answer."""

from tests.sim.mutants.mutant import Edit, Mutant

HOME = "chalicelib/integrations"
HOOKS = (
    Mutant(
        "a head that failed waits behind the others",
        "What was not taken is tried again after what is newer of its subject.",
        (
            Edit(
                f"{HOME}/lanes.py",
                "        return replace(free, due_at=due_at)\n",
                "        rest = (*self.pending[1:], *self.pending[:1])\n"
                "        return replace(free, due_at=due_at, pending=rest)\n",
            ),
        ),
    ),
    Mutant(
        "position outside the transaction",
        "A feed is counted on first, and its messages are put afterwards, or not at all.",
        (
            Edit(
                f"{HOME}/feeding.py",
                "            parts.commit(*append(lane, endpoint, facts))\n",
                "            moved, counted, *put = append(lane, endpoint, facts)\n"
                "            parts.commit(counted)\n"
                "            parts.commit(moved, *put)\n",
            ),
        ),
    ),
    Mutant(
        "new address believed",
        "An endpoint that moves is told of orders at once, whoever answers there.",
        (
            Edit(
                f"{HOME}/changing.py",
                "                EndpointItem.unverified.set(True),\n"
                "                EndpointItem.status.set(EndpointStatus.DISABLED),\n"
                "            ]\n        if not actions:",
                "            ]\n        if not actions:",
            ),
            Edit(
                f"{HOME}/changing.py",
                "        challenged = _challenge(endpoint) if moves and not endpoint.why else []\n",
                "        challenged: list[Part] = []\n",
            ),
        ),
    ),
    Mutant(
        "a redirect is a yes",
        "Whoever points elsewhere counts as having taken the message.",
        (
            Edit(
                f"{HOME}/posting.py",
                "    return Verdict.ACKNOWLEDGED if status // 100 == 2 else",
                "    return Verdict.ACKNOWLEDGED if status // 100 in {2, 3} else",
            ),
        ),
    ),
    Mutant(
        "a webhook is enough",
        "A store that is told by webhook finds nothing where it fetches.",
        (
            Edit(
                f"{HOME}/feeding.py",
                "    if fetched:\n        found.append(fetched)\n",
                "    if fetched and not found:\n        found.append(fetched)\n",
            ),
        ),
    ),
    Mutant(
        "acknowledgement goes back",
        "The last acknowledgement counts, not the furthest.",
        (
            Edit(
                f"{HOME}/pulling.py",
                "        if before >= said.position:\n",
                "        if before == said.position:\n",
            ),
        ),
    ),
    Mutant(
        "all means what failed",
        "A replay of everything passes over what was taken once.",
        (
            Edit(
                f"{HOME}/jobs.py",
                "    return job.what == REPLAY_ALL or message.status != MessageStatus.DELIVERED\n",
                "    return message.status != MessageStatus.DELIVERED\n",
            ),
        ),
    ),
    Mutant(
        "the first beat counts",
        "An app is silent five minutes after it began to beat.",
        (
            Edit(
                f"{HOME}/watching.py",
                "    if now < seen_at + MISSING:\n        return seen_at + MISSING\n"
                "    if store.status",
                "    if store.status",
            ),
        ),
    ),
    Mutant(
        "paused by the fourth",
        "Three misses are let pass.",
        (
            Edit(
                f"{HOME}/unanswered.py",
                "    if len(misses) < MISSES:\n",
                "    if len(misses) <= MISSES:\n",
            ),
        ),
    ),
    Mutant(
        "given up with the last reminder",
        "A store that is reminded for the last time has no time left.",
        (
            Edit(
                "chalicelib/orders/deadlines.py",
                "        if order.confirm_by is None or order.confirm_by <= clock.now():\n",
                "        if order.confirm_by is None or order.confirm_by <= clock.after(150):\n",
            ),
        ),
    ),
    Mutant(
        "reminded every minute",
        "Reminders follow each other, whatever their ladder says.",
        (
            Edit(
                "chalicelib/orders/deadlines.py",
                "    due_at = shown_at + timedelta(seconds=left[0]) if left else confirm_by\n",
                "    due_at = clock.after(60) if left else confirm_by\n",
            ),
        ),
    ),
)
