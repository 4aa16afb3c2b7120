"""Bugs around the money: claims, events, webhooks, deadlines, keys, conflicts."""

from tests.sim.mutants.mutant import Edit, Mutant

AROUND = (
    Mutant(
        "claim without the order's condition",
        "A courier is given a delivery though its order is over.",
        (
            Edit(
                "chalicelib/couriers/claiming.py",
                "        *(carrying.still_to_bring(each.order_id, OfferGoneError())"
                " for each in deliveries),\n",
                "",
            ),
        ),
    ),
    Mutant(
        "claim without the courier's condition",
        "A courier is given a delivery, whatever they have, and nothing of theirs is written.",
        (
            Edit(
                "chalicelib/couriers/claiming.py",
                "        working.change(duty,"
                " [*routing.begun(duty, deliveries), *working.no_offer()]),\n",
                "",
            ),
            Edit(
                "chalicelib/couriers/claiming.py",
                "    if duty.jobs:\n        raise OnAJobError\n",
                "",
            ),
        ),
    ),
    Mutant(
        "acknowledged before commit",
        "A bell counts as rung before it has rung.",
        (
            Edit(
                "chalicelib/core/events.py",
                '    image = record["dynamodb"]["NewImage"]\n'
                "    outbox.ring([outbox.from_image(image)])\n"
                '    if "bell_shard" in image:\n'
                '        table = record["eventSourceARN"].split("/")[1]\n'
                "        outbox.rung(table, image)\n",
                '    image = record["dynamodb"]["NewImage"]\n'
                '    if "bell_shard" in image:\n'
                '        table = record["eventSourceARN"].split("/")[1]\n'
                "        outbox.rung(table, image)\n"
                "    with contextlib.suppress(*RINGING_FAILS):\n"
                "        outbox.ring([outbox.from_image(image)])\n",
            ),
            Edit(
                "chalicelib/core/events.py",
                "from typing import Any\n\nfrom botocore",
                "import contextlib\nfrom typing import Any\n\nfrom botocore",
            ),
        ),
    ),
    Mutant(
        "version check dropped",
        "A payment is changed whatever it has become since it was read.",
        (
            Edit(
                "chalicelib/payments/changing.py",
                "        [PaymentHead.version.set(version), *head],\n        BusyError(),\n"
                "        PaymentHead.version == payment.version,\n",
                "        [PaymentHead.version.set(version), *head],\n        BusyError(),\n"
                "        PaymentHead.pk.exists(),\n",
            ),
        ),
    ),
    Mutant(
        "event outside the transaction",
        "An order changes first, and its event is put afterwards.",
        (
            Edit(
                "chalicelib/orders/moving.py",
                "            parts.commit(*chosen)\n",
                "            parts.commit(*chosen[:1], *chosen[2:])\n"
                "            parts.commit(chosen[1])\n",
            ),
        ),
    ),
    Mutant(
        "own lost success read as conflict",
        "A write whose answer was lost is taken for somebody else's.",
        (
            Edit(
                "chalicelib/core/parts.py",
                '    if any(dynamo.raw_text(old, "tx") == token for _, old in failed):\n'
                "        return True\n"
                "    if retried and _was_ours(parts, token):\n        return True\n",
                "",
            ),
        ),
    ),
    Mutant(
        "webhook not stored",
        "An event of Stripe's is answered with a yes, and kept nowhere.",
        (
            Edit(
                "chalicelib/payments/inbox.py",
                "        parts.commit(replace(event, failure=KnownError()))\n",
                "        replace(event, failure=KnownError())\n",
            ),
        ),
    ),
    Mutant(
        "webhook order trusted",
        "What an event says of a payment is believed, in whatever order events come.",
        (
            Edit(
                "chalicelib/payments/inbox.py",
                '"object_id": subject["id"]}',
                '"object_id": subject["id"] + f"|{subject[\'status\']}"'
                ' * (subject["object"] == "payment_intent")}',
            ),
            Edit(
                "chalicelib/payments/following.py",
                "    intent = gateway.retrieve(intent_id)\n",
                '    intent_id, _, told = intent_id.partition("|")\n'
                "    intent = gateway.retrieve(intent_id)\n",
            ),
            Edit(
                "chalicelib/payments/following.py",
                "    look(Subject(intent.subject_kind, intent.subject_id), intent.leg)\n",
                '    if told == "requires_action":\n'
                "        parts.commit(*changing.change(*payments.demand(Subject("
                "intent.subject_kind, intent.subject_id), intent.leg), [],"
                " to=LegStatus.REQUIRES_ACTION))\n"
                "    look(Subject(intent.subject_kind, intent.subject_id), intent.leg)\n",
            ),
        ),
    ),
    Mutant(
        "deadline swept by TTL",
        "Nobody looks for orders whose time is up: they wait to be removed by their age.",
        (
            Edit(
                "chalicelib/orders/deadlines.py",
                "OrderHead.due_at <= now, limit=SWEEP_LIMIT",
                'OrderHead.due_at <= "2", limit=SWEEP_LIMIT',
            ),
        ),
    ),
    Mutant(
        "key shared across principals",
        "Two people who happen to use the same key share its answer.",
        (
            Edit(
                "chalicelib/core/idempotency.py",
                'return f"IDEM#{self.principal}#{self.route}#{digest}"',
                'return f"IDEM#{self.route}#{digest}"',
            ),
        ),
    ),
)
