"""When an account claims a guest, the guest's appeals are the account's, and are answered to it.

Each changes hands in one transaction, under its version: who answers it at the same moment reads it
anew. Where the account appeals against the same limit already, and waits, the guest's is withdrawn.
"""

from chalicelib.core import dynamo, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.orders import appeals
from chalicelib.orders.appeal_models import (
    MADE,
    Appeal,
    LastAppeal,
    MadeAppeal,
    WaitingAppeal,
    appeal_at,
    appealer_key,
    made_key,
)
from chalicelib.orders.appeal_schemas import AppealStatus

RACES = 6


def hand_over(guest_id: str, account: str) -> None:
    """Let the account have what the guest has appealed. Safe to repeat. Raises BusyError (409)."""
    for one in dynamo.items(MadeAppeal, appealer_key(guest_id), prefix=MADE):
        _until_done(one, guest_id, account)
    for last in appeals.lasts(guest_id):
        parts.commit(parts.forget(last))


def _until_done(one: MadeAppeal, guest_id: str, account: str) -> None:
    for _ in range(RACES):
        found = dynamo.get(Appeal, appeal_at(one.id).pk)
        theirs = found if found and found.person_id == guest_id else None
        try:
            parts.commit(*(_moved(theirs, account) if theirs else ()), parts.forget(one))
        except BusyError:
            continue
        return
    raise BusyError


def _moved(theirs: Appeal, account: str) -> tuple[Part, ...]:
    own = dynamo.get(LastAppeal, appealer_key(account), theirs.limit)
    waits = theirs.status == AppealStatus.WAITING
    same = Appeal.version == theirs.version
    if own is not None and own.waits and waits:
        return parts.delete(theirs, BusyError(), same), parts.forget(appeals.queued(theirs))
    named = [
        Appeal.person_id.set(account),
        Appeal.version.set(int(theirs.version) + 1),
        Appeal.expires_at.remove(),
    ]
    made = MadeAppeal(appealer_key(account), made_key(theirs.id))
    listed = [WaitingAppeal.id.set(theirs.id), WaitingAppeal.expires_at.remove()]
    return (
        parts.update(theirs, named, BusyError(), same),
        parts.upsert(made, [MadeAppeal.id.set(theirs.id)]),
        *([parts.upsert(appeals.queued(theirs), listed)] if waits else []),
        *([_last(theirs, account, own)] if waits or own is None else []),
    )


def _last(theirs: Appeal, account: str, own: LastAppeal | None) -> Part:
    """That it is the account's last one against its limit, unless it makes another meanwhile."""
    said = [
        LastAppeal.v.set(LastAppeal.VERSION),
        LastAppeal.id.set(theirs.id),
        LastAppeal.waits.set(theirs.status == AppealStatus.WAITING),
    ]
    as_read = LastAppeal.id == own.id if own else LastAppeal.id.does_not_exist()
    at = LastAppeal(appealer_key(account), theirs.limit)
    return parts.update(at, said, BusyError(), as_read)
