"""Forgetting somebody, step by step, when their two weeks are over.

Each domain forgets its own; here is in which order. A step may be repeated, and what was done is
noted after it: whoever dies in between is followed by the next sweep. The person is shut out first,
and the rest waits until no token of theirs is taken anywhere, so that nothing new comes behind.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from chalicelib.catalog import forgetting as catalog
from chalicelib.core import clock, dynamo, notices, parts, sessions
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM
from chalicelib.core.telemetry import log
from chalicelib.couriers import forgetting as couriers
from chalicelib.insights import deleting, obstacles
from chalicelib.insights.deleting import TOPIC
from chalicelib.insights.deletion_models import DUE, Deletion, DueDeletion, due
from chalicelib.insights.deletion_schemas import DeletionStatus
from chalicelib.notifications import forgetting as notifications
from chalicelib.orders import appeals
from chalicelib.orders import forgetting as orders
from chalicelib.payments import forgetting as payments
from chalicelib.people import directory, guests, guests_forgotten, profiling, sending
from chalicelib.people import forgetting as people

SWEEP_LIMIT = 100
LOOK_AGAIN_SECONDS = 86_400.0
"""So long a deletion waits for what is in its way."""
TOKENS_END_SECONDS = 60.0
"""Longer than a process goes without asking whose tokens have ended."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one domain forgets of a person: safe to repeat. `items` are rows of core.retention.

    `pause` are the seconds that have to pass before the next.
    """

    name: str
    forget: Callable[[str], None]
    items: frozenset[str] = frozenset()
    pause: float = 0


def _shut_out(person_id: str) -> None:
    if guests.is_guest(person_id):
        guests_forgotten.shut_out(person_id)
        return
    directory.shut_out(person_id)
    parts.commit(sessions.ended(person_id))


def _user(person_id: str) -> None:
    forget = guests_forgotten.forget if guests.is_guest(person_id) else directory.forget
    forget(person_id)


def _places(person_id: str) -> None:
    couriers.places(orders.ids_of(person_id))


def _farewell(person_id: str) -> None:
    """Keep how somebody is told at the end, and nothing of what they were told before."""
    addresses = [one for one in directory.addresses(person_id) if sending.is_open(one)]
    if addresses:
        notices.hold(person_id, addresses[0], profiling.language_of(person_id))
    notices.forget(person_id)


def _said_goodbye(person_id: str) -> Sequence[Part]:
    return notices.released(person_id, "deletion_done", topic=TOPIC, actor=SYSTEM)


STEPS = (
    Step("shut_out", _shut_out, pause=TOKENS_END_SECONDS),
    Step("phones", notifications.phones, frozenset({"DeviceItem"})),
    Step("wallet", payments.wallet, frozenset({"WalletHead", "MethodItem"})),
    Step("courier", couriers.courier, frozenset({"CourierHead", "Document"})),
    Step("places", _places, frozenset({"DeliveryHead"})),
    Step("orders", orders.orders, frozenset({"OrderBody"})),
    Step("words", orders.words, frozenset({"RatingItem"})),
    Step(
        "habits",
        orders.habits,
        frozenset({"AddressBook", "Favourites", "FavouriteItems", "DietItem"}),
    ),
    Step("appeals", appeals.forget, frozenset({"Appeal"})),
    Step("work", catalog.work),
    Step("applications", catalog.applications, frozenset({"Application"})),
    Step("invitations", catalog.invitations),
    Step("farewell", _farewell),
    Step("profile", people.profile, frozenset({"Profile"})),
    Step("user", _user),
)
"""In this order: the pool is asked whose addresses are whose until the last."""


def overdue() -> Iterator[str]:
    """The ids of the people whose deletion is due, the longest waiting first."""
    now = clock.stamp(clock.now())
    with dynamo.reading():
        found = DueDeletion.query(
            DUE, DueDeletion.sk < f"{now}~", consistent_read=True, limit=SWEEP_LIMIT
        )
        yield from [one.person_id for one in found]


def carry_out(person_id: str) -> DeletionStatus:
    """Do of a deletion what can be done now, if it is due. Safe to repeat, and to race.

    Raises what a step raises: it stays due. Raises BusyError (409) where others are at it.
    """
    found = deleting.find(person_id)
    if found is None or found.due_at is None or clock.parse(found.due_at) > clock.now():
        return DeletionStatus(found.status) if found else DeletionStatus.NONE
    if found.status == DeletionStatus.ASKED:
        if obstacles.of(person_id, forfeits=bool(found.forfeits)):
            _move(found, DeletionStatus.ASKED, until=LOOK_AGAIN_SECONDS)
            log("A deletion waits for what is in its way")
            return DeletionStatus.ASKED
        found = _move(found, DeletionStatus.BEGUN, until=0)
    for step in STEPS:
        if step.name in found.done:
            continue
        step.forget(person_id)
        found = _move(found, DeletionStatus.BEGUN, until=step.pause, step=step)
        if step.pause:
            return DeletionStatus.BEGUN
    _move(found, DeletionStatus.DONE, until=None)
    log("Somebody was forgotten", count=len(STEPS))
    return DeletionStatus.DONE


def _move(
    found: Deletion, to: DeletionStatus, *, until: float | None, step: Step | None = None
) -> Deletion:
    """Note how far it is. Raises BusyError where it has been taken back, or moved on."""
    moment = None if until is None else clock.stamp(clock.after(until))
    made = Deletion(
        found.pk,
        found.sk,
        person_id=found.person_id,
        status=to,
        version=int(found.version) + 1,
        asked_by=found.asked_by,
        asked_at=found.asked_at,
        forfeits=found.forfeits,
        due_at=moment,
        done=[*found.done, *([step.name] if step else [])],
        done_at=clock.stamp(clock.now()) if until is None else None,
    )
    waits = [parts.overwrite(due(found.person_id, moment))] if moment else []
    past = [parts.forget(due(found.person_id, str(found.due_at)))] if moment != found.due_at else []
    told = _said_goodbye(found.person_id) if to is DeletionStatus.DONE else ()
    as_read = Deletion.version == found.version
    parts.commit(parts.put(made, BusyError(), as_read), *waits, *past, *told)
    return made
