"""How an endpoint fares: what is noted of each attempt, and when days of failure end it.

An endpoint that does not answer is a suspect: all its lanes leave it alone for a while, and then
one of them tries it, so that its ten seconds of silence are not spent by every message. What it
costs, it costs itself.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from chalicelib.core import clock, news, notices, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM
from chalicelib.core.settings import settings
from chalicelib.integrations.models import EndpointItem
from chalicelib.integrations.posting import TOTAL_SECONDS
from chalicelib.integrations.schemas import WebhookHealth
from chalicelib.integrations.status import EndpointStatus, Why

NOTED_EVERY = timedelta(minutes=10)
ENDURED = timedelta(days=5)
LEAST_FAILURES = 10
LONGEST_SUSPICION = 30.0


def suspicion(endpoint: EndpointItem) -> float:
    """City seconds to leave an endpoint alone for, after one more call without an answer."""
    return min(LONGEST_SUSPICION, 2.0 ** min(10, 1 + int(endpoint.unanswered or 0)))


def failed(endpoint: EndpointItem, *, answered: bool, held: float | None) -> Part:
    """The part that notes a failure, and until when the endpoint is left alone."""
    now = clock.stamp(clock.now())
    actions = [
        EndpointItem.failures.set((EndpointItem.failures | 0) + 1),
        EndpointItem.failing_since.set(EndpointItem.failing_since | now),
    ]
    if not answered:
        actions.append(EndpointItem.unanswered.set((EndpointItem.unanswered | 0) + 1))
    elif endpoint.unanswered:
        actions.append(EndpointItem.unanswered.remove())
    if held is not None:
        actions.append(EndpointItem.held_until.set(clock.stamp(clock.after(held))))
    return parts.update(endpoint, actions, BusyError(), EndpointItem.pk.exists())


def succeeded(endpoint: EndpointItem) -> list[Part]:
    """The parts that note an acknowledgement: none where all was well ten minutes ago."""
    now = clock.now()
    noted = endpoint.succeeded_at and now - clock.parse(endpoint.succeeded_at) < NOTED_EVERY
    if noted and not endpoint.failures and not endpoint.unanswered:
        return []
    actions: list[Any] = [EndpointItem.succeeded_at.set(clock.stamp(now))]
    actions += [
        attribute.remove()
        for attribute in (EndpointItem.failures, EndpointItem.failing_since)
        if endpoint.failures
    ]
    if endpoint.unanswered:
        actions += [EndpointItem.unanswered.remove(), EndpointItem.held_until.remove()]
    return [parts.update(endpoint, actions, BusyError(), EndpointItem.pk.exists())]


def probing(endpoint: EndpointItem) -> list[Part]:
    """The parts by which one lane alone tries a suspect; BusyError: another does already."""
    if not endpoint.unanswered:
        return []
    until = clock.stamp(clock.after(TOTAL_SECONDS * settings().clock_rate))
    as_read = (
        EndpointItem.held_until == endpoint.held_until
        if endpoint.held_until
        else EndpointItem.held_until.does_not_exist()
    )
    held = EndpointItem.held_until.set(until)
    return [parts.update(endpoint, [held], BusyError(), EndpointItem.pk.exists() & as_read)]


def is_given_up(endpoint: EndpointItem) -> bool:
    """Whether one more failure is the end: five days of them, ten at least, and no success."""
    if not endpoint.failing_since or int(endpoint.failures or 0) + 1 < LEAST_FAILURES:
        return False
    return clock.now() - clock.parse(endpoint.failing_since) >= ENDURED


def disabled(endpoint: EndpointItem, why: Why) -> list[Part]:
    """The parts that end sending, tell the owners, and say so as an event."""
    actions = [
        EndpointItem.status.set(EndpointStatus.DISABLED),
        EndpointItem.why.set(why),
        EndpointItem.failures.set((EndpointItem.failures | 0) + 1),
        EndpointItem.failing_since.set(EndpointItem.failing_since | clock.stamp(clock.now())),
    ]
    told = notices.tell(
        endpoint.owner_id,
        "webhook_disabled",
        topic=f"webhook#{endpoint.id}",
        actor=SYSTEM,
        data=_of(endpoint, why=why),
    )
    return [*switched(endpoint, actions, "webhook.disabled", actor=SYSTEM, why=why), told]


def switched(
    endpoint: EndpointItem, actions: Sequence[Any], event: str, *, actor: str, **said: str
) -> list[Part]:
    """The parts that change what an endpoint is, as it was read, and say so as an event."""
    version = int(endpoint.changes or 0) + 1
    as_read = (
        EndpointItem.changes == endpoint.changes
        if endpoint.changes
        else EndpointItem.changes.does_not_exist()
    )
    changed = [*actions, EndpointItem.changes.set(version)]
    return [
        parts.update(endpoint, changed, BusyError(), EndpointItem.pk.exists() & as_read),
        news.announce(
            "webhook", endpoint.id, version, event, actor=actor, data=_of(endpoint, **said)
        ),
    ]


def view(endpoint: EndpointItem) -> WebhookHealth:
    def moment(text: str | None) -> Any:  # noqa: ANN401 - a moment or None
        return clock.parse(text) if text else None

    return WebhookHealth(
        last_success_at=moment(endpoint.succeeded_at),
        failures_in_a_row=int(endpoint.failures or 0),
        failing_since=moment(endpoint.failing_since),
    )


def _of(endpoint: EndpointItem, **said: str) -> dict[str, str]:
    whose = {"store_id": endpoint.store_id, "merchant_id": endpoint.merchant_id}
    return {**{name: str(one) for name, one in whose.items() if one}, **said}
