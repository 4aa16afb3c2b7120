"""Forgetting somebody: where they work, what they applied for, who has invited them."""

from chalicelib.catalog import reading, staffing
from chalicelib.catalog.application_models import (
    APPLICATION,
    WAITING,
    Application,
    OwnApplication,
    WaitingApplication,
)
from chalicelib.catalog.errors import LastOwnerError
from chalicelib.catalog.models import STORE, StoreHead, WorkPlace, person_key, store_key
from chalicelib.catalog.staff_models import INVITE, Invitation, Invited, address_hash, invited_key
from chalicelib.catalog.status import StaffRole, StoreStatus
from chalicelib.core import dynamo, notices, parts
from chalicelib.core.rights import SYSTEM
from chalicelib.people import directory


def left_alone(person_id: str) -> list[str]:
    """The ids of the live stores that would have no owner without somebody (a read for each)."""
    owned = [one for one, role in staffing.places(person_id).items() if role is StaffRole.OWNER]
    heads = [dynamo.get(StoreHead, store_key(store_id)) for store_id in owned]
    return [
        head.id
        for head in heads
        if head is not None and head.status == StoreStatus.LIVE and int(head.owners) == 1
    ]


def work(person_id: str) -> None:
    """Take somebody off every staff. Safe to repeat.

    A store that is not live keeps the id of its only owner, which tells nobody's name.
    """
    for place in dynamo.items(WorkPlace, person_key(person_id), prefix=STORE):
        store_id = place.sk.removeprefix(STORE)
        if reading.store(store_id) is None:
            parts.commit(parts.forget(place))
            continue
        try:
            staffing.replace(SYSTEM, store_id, person_id, None)
        except LastOwnerError:
            continue


def applications(person_id: str) -> None:
    """Keep none of somebody's applications. The merchant that one became stays. Safe to repeat."""
    for own in dynamo.items(OwnApplication, person_key(person_id), prefix=APPLICATION):
        found = dynamo.get(Application, own.sk)
        if found is not None:
            waiting = f"{found.submitted_at}#{found.id}"
            parts.commit(
                parts.forget(WaitingApplication(WAITING, waiting)),
                parts.forget(found),
                parts.forget(own),
            )
        else:
            parts.commit(parts.forget(own))


def invitations(person_id: str) -> None:
    """Keep no invitation of an address of somebody's. Safe to repeat, while the pool knows them."""
    for address in directory.addresses(person_id):
        for one in dynamo.items(Invited, invited_key(address_hash(address)), prefix=INVITE):
            invitation = Invitation(store_key(one.store_id), one.sk)
            told = one.sk.removeprefix(INVITE)
            gone = (parts.forget(invitation), parts.forget(one), notices.taken_back(told, told))
            parts.commit(*gone)
