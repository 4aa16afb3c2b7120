"""Appealing against a limit: a person looks at it, and may lift it for whoever has appealed.

Of one's appeals against a limit one waits at a time. A grant and the limit that it lifts are one
transaction, with the record of who granted it and why.
"""

from chalicelib.core import audit, clock, dynamo, idempotency, ids, parts
from chalicelib.core.errors import BusyError, KeyReusedError, NotFoundError
from chalicelib.core.idempotency import Key, RepeatedError
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Role
from chalicelib.orders import tallies
from chalicelib.orders.appeal_models import (
    WAITING,
    Appeal,
    LastAppeal,
    WaitingAppeal,
    appeal_at,
    appealer_key,
    waiting_key,
)
from chalicelib.orders.appeal_schemas import AppealList, AppealStatus, AppealView, NewAppeal
from chalicelib.orders.errors import AppealAnsweredError, AppealWaitingError
from chalicelib.orders.limits import LIFTED_SECONDS, LimitName

RACES = 4
SHOWN_WAITING = 100


def appeal(caller: Caller, new: NewAppeal, key: Key) -> tuple[AppealView, bool]:
    """An appeal of the caller's, and whether the request is only repeated.

    Raises AppealWaitingError (409) while another against the limit waits, KeyReusedError (422).
    """
    made = appeal_at(ids.new("apl"))
    made.id = made.pk.partition("#")[2]
    made.person_id, made.limit, made.text = caller.id, new.limit, new.text
    made.status, made.version = AppealStatus.WAITING, 1
    made.created_at = clock.stamp(clock.now())
    last = LastAppeal(appealer_key(caller.id), new.limit, id=made.id, waits=True)
    free = LastAppeal.pk.does_not_exist() | (LastAppeal.waits == False)  # noqa: E712 - PynamoDB's own words
    try:
        parts.commit(
            idempotency.claim(key, made.id, done=True),
            parts.put(last, AppealWaitingError(), free),
            parts.put(made, BusyError()),
            parts.overwrite(_queued(made)),
        )
    except RepeatedError as repeated:
        if repeated.record.body_hash != key.body_hash:
            raise KeyReusedError from None
        return view(_load(repeated.record.subject)), True
    return view(made), False


def mine(person_id: str) -> AppealList:
    """Somebody's last appeals, one for each limit."""
    found = dynamo.items(LastAppeal, appealer_key(person_id))
    return AppealList(items=[view(_load(one.id)) for one in found])


def waiting() -> AppealList:
    """The appeals that wait for an answer, the oldest hundred first."""
    found = dynamo.items(WaitingAppeal, WAITING, limit=SHOWN_WAITING)
    return AppealList(items=[view(_load(one.id)) for one in found[:SHOWN_WAITING]])


def grant(caller: Caller, appeal_id: str, reason: str) -> AppealView:
    """Let a limit not count for who has appealed, for ninety days. Safe to repeat.

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
    granted = verdict is AppealStatus.GRANTED
    until = clock.stamp(clock.after(LIFTED_SECONDS)) if granted else None
    actions = [
        Appeal.status.set(verdict),
        Appeal.version.set(int(found.version) + 1),
        Appeal.answered_at.set(clock.stamp(clock.now())),
        Appeal.reason.set(reason),
        *([Appeal.lifted_until.set(until)] if until else []),
    ]
    limit, actor = LimitName(found.limit), caller.acting_as(Role.OPERATOR)
    last = LastAppeal(appealer_key(found.person_id), found.limit, id=found.id, waits=False)
    kept = audit.entry(
        actor, f"appeal.{verdict}", found.person_id, reason,
        {"appeal_id": found.id, "limit": limit},
    )  # fmt: skip
    return (
        parts.update(found, actions, BusyError(), Appeal.version == found.version),
        parts.overwrite(last),
        parts.forget(_queued(found)),
        kept,
        *([tallies.lift(found.person_id, limit, until)] if until else []),
    )


def forget(person_id: str) -> None:
    """Keep nothing of what somebody said in appeals. What was granted stays. Safe to repeat."""
    for last in dynamo.items(LastAppeal, appealer_key(person_id)):
        found = dynamo.get(Appeal, appeal_at(last.id).pk)
        if found is not None:
            parts.commit(parts.forget(_queued(found)), parts.forget(found))
        parts.commit(parts.forget(last))


def _queued(one: Appeal) -> WaitingAppeal:
    return WaitingAppeal(WAITING, waiting_key(one.created_at, one.id), id=one.id)


def _load(appeal_id: str) -> Appeal:
    found = dynamo.get(Appeal, appeal_at(appeal_id).pk)
    if found is None:
        raise NotFoundError
    return found


def view(found: Appeal) -> AppealView:
    return AppealView(
        id=found.id,
        person_id=found.person_id,
        limit=LimitName(found.limit),
        text=found.text,
        status=AppealStatus(found.status),
        created_at=clock.parse(found.created_at),
        answered_at=clock.parse(found.answered_at) if found.answered_at else None,
        reason=found.reason,
        lifted_until=clock.parse(found.lifted_until) if found.lifted_until else None,
    )
