"""Appealing against a limit: a person looks at it, and may lift it for whoever has appealed.

Of one's appeals against a limit one waits at a time. A grant and the limit that it lifts are one
transaction, with the record of who granted it and why. A courier appeals in the same way against a
decision of dispatch: there is nothing to lift, and an answer. So against a suspension, which does
not count any more once its appeal is granted: whoever asks looks here.
"""

from collections.abc import Sequence

from chalicelib.core import audit, clock, dynamo, idempotency, ids, notices, parts
from chalicelib.core.devices import Device
from chalicelib.core.errors import BusyError, KeyReusedError, NotFoundError
from chalicelib.core.idempotency import Key, RepeatedError
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Role
from chalicelib.orders import tallies
from chalicelib.orders.appeal_models import (
    MADE,
    WAITING,
    Appeal,
    LastAppeal,
    MadeAppeal,
    WaitingAppeal,
    appeal_at,
    appealer_key,
    made_key,
    waiting_key,
)
from chalicelib.orders.appeal_schemas import AppealList, AppealStatus, AppealView, NewAppeal
from chalicelib.orders.errors import AppealAnsweredError, AppealWaitingError, DeviceUnsaidError
from chalicelib.orders.limits import LIFTED_SECONDS, OF_DEVICES, LimitName
from chalicelib.people import guests

RACES = 4
SHOWN_WAITING = 100


def appeal(caller: Caller, new: NewAppeal, key: Key, device: Device) -> tuple[AppealView, bool]:
    """An appeal of the caller's, and whether the request is only repeated.

    Raises AppealWaitingError (409) while another against the limit waits, KeyReusedError (422),
    DeviceUnsaidError (422) of a device's limit where the app does not say which device it is; and
    GuestOverError (409), of a guest's.
    """
    if new.limit in OF_DEVICES and device.hashed is None:
        raise DeviceUnsaidError
    made = _new(caller, new.limit, new.text)
    made.device = device.hashed if new.limit in OF_DEVICES else None
    return _made(made, caller, key)


def contest(caller: Caller, assignment_id: str, text: str, key: Key) -> tuple[AppealView, bool]:
    """The same against a decision of dispatch, which the caller may read.

    Raises AppealWaitingError (409) while another against it waits, KeyReusedError (422).
    """
    made = _new(caller, assignment_id, text)
    made.assignment_id = assignment_id
    return _made(made, caller, key)


def contest_suspension(
    caller: Caller, suspension_id: str, text: str, key: Key
) -> tuple[AppealView, bool]:
    """The same against the caller's suspension. Raises what `contest` raises."""
    made = _new(caller, suspension_id, text)
    made.suspension_id = suspension_id
    return _made(made, caller, key)


def was_granted(person_id: str, against: str) -> bool:
    """Whether somebody's last appeal against it was granted (2 reads)."""
    last = dynamo.get(LastAppeal, appealer_key(person_id), against)
    found = dynamo.get(Appeal, appeal_at(last.id).pk) if last else None
    return found is not None and found.status == AppealStatus.GRANTED


def _new(caller: Caller, against: str, text: str) -> Appeal:
    made = appeal_at(ids.new("apl"))
    made.id = made.pk.partition("#")[2]
    made.person_id, made.limit, made.text = caller.id, against, text
    made.status, made.version = AppealStatus.WAITING, 1
    made.created_at = clock.stamp(clock.now())
    made.expires_at = guests.forgotten_at(caller.id)
    return made


def _made(made: Appeal, caller: Caller, key: Key) -> tuple[AppealView, bool]:
    free = LastAppeal.pk.does_not_exist() | (LastAppeal.waits == False)  # noqa: E712 - PynamoDB's own words
    try:
        parts.commit(
            idempotency.claim(key, made.id, done=True),
            parts.put(last_of(made, waits=True), AppealWaitingError(), free),
            parts.put(made, BusyError()),
            *listed(made),
            *guests.present(caller.id),
        )
    except RepeatedError as repeated:
        if repeated.record.body_hash != key.body_hash:
            raise KeyReusedError from None
        return view(_load(repeated.record.subject)), True
    return view(made), False


def mine(person_id: str) -> AppealList:
    """Somebody's last appeals, one for each limit."""
    return AppealList(items=_shown(lasts(person_id)))


def lasts(person_id: str) -> list[LastAppeal]:
    """By limit, which was somebody's last appeal against it."""
    found = dynamo.items(LastAppeal, appealer_key(person_id))
    return [one for one in found if not one.sk.startswith(MADE)]


def waiting() -> AppealList:
    """The appeals that wait for an answer, the oldest hundred first."""
    found = dynamo.items(WaitingAppeal, WAITING, limit=SHOWN_WAITING)
    return AppealList(items=_shown(found[:SHOWN_WAITING]))


def _shown(listed: Sequence[LastAppeal | WaitingAppeal]) -> list[AppealView]:
    """Those of them that are there: a guest's go by themselves, one item before the other."""
    found = (dynamo.get(Appeal, appeal_at(one.id).pk) for one in listed)
    return [view(one) for one in found if one is not None]


def grant(caller: Caller, appeal_id: str, reason: str) -> AppealView:
    """Let a limit not count for who has appealed, for ninety days. Safe to repeat.

    Against a decision: say that they are right.

    Raises NotFoundError (404), AppealAnsweredError (409) for one that was refused.
    """
    return _answer(caller, appeal_id, AppealStatus.GRANTED, reason)


def refuse(caller: Caller, appeal_id: str, reason: str) -> AppealView:
    """Leave a limit as it is, and say why. Safe to repeat.

    Raises NotFoundError (404), AppealAnsweredError (409) for one that was granted.
    """
    return _answer(caller, appeal_id, AppealStatus.REFUSED, reason)


def _answer(caller: Caller, appeal_id: str, verdict: AppealStatus, reason: str) -> AppealView:
    for _ in range(RACES):
        found = _load(appeal_id)
        if found.status == verdict:
            return view(found)
        if found.status != AppealStatus.WAITING:
            raise AppealAnsweredError(
                current_status=found.status, allowed_in=[AppealStatus.WAITING]
            )
        try:
            parts.commit(*_answered(caller, found, verdict, reason))
        except BusyError:
            continue
    return view(_load(appeal_id))


def _answered(
    caller: Caller, found: Appeal, verdict: AppealStatus, reason: str
) -> tuple[Part, ...]:
    lifts = verdict is AppealStatus.GRANTED and _is_of_limit(found)
    until = clock.stamp(clock.after(LIFTED_SECONDS)) if lifts else None
    actions = [
        Appeal.status.set(verdict),
        Appeal.version.set(int(found.version) + 1),
        Appeal.answered_at.set(clock.stamp(clock.now())),
        Appeal.reason.set(reason),
        Appeal.device.remove(),
        *([Appeal.lifted_until.set(until)] if until else []),
    ]
    about = "assignment_id" if found.assignment_id else "limit"
    if found.suspension_id:
        about = "suspension_id"
    data, actor = {"appeal_id": found.id, about: found.limit}, caller.acting_as(Role.OPERATOR)
    kept = audit.entry(actor, f"appeal.{verdict}", found.person_id, reason, data)
    told = notices.tell(
        found.person_id,
        _told_as(found, verdict),
        topic=f"appeal#{found.id}",
        actor=actor,
        data=data,
    )
    return (
        told,
        parts.update(found, actions, BusyError(), Appeal.version == found.version),
        parts.overwrite(last_of(found, waits=False)),
        parts.forget(queued(found)),
        kept,
        *([_lifted(found, until)] if until else []),
    )


def _is_of_limit(found: Appeal) -> bool:
    return not found.assignment_id and not found.suspension_id


def _told_as(found: Appeal, verdict: AppealStatus) -> str:
    if found.suspension_id:
        return f"suspension_appeal_{verdict}"
    return "decision_appeal_answered" if found.assignment_id else f"appeal_{verdict}"


def _lifted(found: Appeal, until: str) -> Part:
    return tallies.lift(found.person_id, found.device, LimitName(found.limit), until)


def forget(person_id: str) -> None:
    """Keep nothing of what somebody said in appeals. What was granted stays. Safe to repeat."""
    for one in dynamo.items(MadeAppeal, appealer_key(person_id)):
        found = dynamo.get(Appeal, appeal_at(one.id).pk)
        if found is not None:
            parts.commit(parts.forget(queued(found)), parts.forget(found))
        parts.commit(parts.forget(one))


# --- the items beside an appeal ------------------------------------------------------------------


def listed(one: Appeal) -> tuple[Part, Part]:
    """The parts by which operators find an appeal that waits, and its person's forgetting does."""
    theirs = MadeAppeal(
        appealer_key(one.person_id), made_key(one.id), id=one.id, expires_at=one.expires_at
    )
    return parts.overwrite(queued(one)), parts.overwrite(theirs)


def last_of(one: Appeal, *, waits: bool) -> LastAppeal:
    """That this is its person's last appeal against its limit."""
    key = appealer_key(one.person_id)
    return LastAppeal(key, one.limit, id=one.id, waits=waits, expires_at=one.expires_at)


def queued(one: Appeal) -> WaitingAppeal:
    """An appeal in the list of those that wait."""
    place = waiting_key(one.created_at, one.id)
    return WaitingAppeal(WAITING, place, id=one.id, expires_at=one.expires_at)


def _load(appeal_id: str) -> Appeal:
    found = dynamo.get(Appeal, appeal_at(appeal_id).pk)
    if found is None:
        raise NotFoundError
    return found


def view(found: Appeal) -> AppealView:
    return AppealView(
        id=found.id,
        person_id=found.person_id,
        limit=LimitName(found.limit) if _is_of_limit(found) else None,
        assignment_id=found.assignment_id,
        suspension_id=found.suspension_id,
        text=found.text,
        status=AppealStatus(found.status),
        created_at=clock.parse(found.created_at),
        answered_at=clock.parse(found.answered_at) if found.answered_at else None,
        reason=found.reason,
        lifted_until=clock.parse(found.lifted_until) if found.lifted_until else None,
    )
