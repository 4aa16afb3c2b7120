"""Merchants: whoever creates one owns it."""

from chalicelib.catalog import rights
from chalicelib.catalog.changing import commit_once
from chalicelib.catalog.errors import MerchantNotFoundError
from chalicelib.catalog.merchant_schemas import MerchantView, NewMerchant
from chalicelib.catalog.models import (
    STAFF,
    STORE,
    CatalogEvent,
    MerchantHead,
    OwnedStore,
    StaffMember,
    WorkPlace,
    merchant_key,
    person_key,
    staff_key,
    store_key,
)
from chalicelib.catalog.status import StaffRole
from chalicelib.core import clock, dynamo, ids, outbox, parts
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.idempotency import Key
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Role


def create(caller: Caller, new: NewMerchant, key: Key) -> tuple[MerchantView, bool]:
    """A new merchant owned by the caller, and whether this is only a repetition of the request.

    Raises KeyReusedError (422) where the key came with another body before.
    """
    merchant_id = ids.new("mer")
    subject, repeated = commit_once(
        key, merchant_id, *founded(merchant_id, new, caller.id, caller.actor)
    )
    return _view(load(subject)), repeated


def founded(merchant_id: str, new: NewMerchant, owner: str, actor: str) -> list[Part]:
    """The parts that make a merchant which somebody owns."""
    head = MerchantHead(
        merchant_key(merchant_id),
        dynamo.HEAD,
        id=merchant_id,
        version=1,
        details=new.model_dump_json(),
        created_at=clock.stamp(clock.now()),
    )
    return [
        parts.put(head, BusyError()),
        parts.put(StaffMember(head.pk, staff_key(owner), role=StaffRole.OWNER), BusyError()),
        parts.overwrite(WorkPlace(person_key(owner), head.pk, role=StaffRole.OWNER)),
        outbox.announce(
            CatalogEvent,
            head.pk,
            kind="merchant",
            subject=merchant_id,
            version=1,
            type="merchant.created",
            actor=actor,
        ),
    ]


def read(caller: Caller, merchant_id: str) -> MerchantView:
    """Raises MerchantNotFoundError (404) for one that is not the caller's."""
    own = Role.MERCHANT in caller.roles and owns(merchant_id, caller.id)
    try:
        rights.MERCHANT_READ.demand(caller, own=own)
    except NotFoundError:
        raise MerchantNotFoundError from None
    return _view(load(merchant_id))


def load(merchant_id: str) -> MerchantHead:
    head = dynamo.get(MerchantHead, merchant_key(merchant_id))
    if head is None:
        raise MerchantNotFoundError
    return head


def owns(merchant_id: str, user_id: str) -> bool:
    member = dynamo.get(StaffMember, merchant_key(merchant_id), staff_key(user_id))
    return member is not None and member.role == StaffRole.OWNER


def owners_of(merchant_id: str) -> list[str]:
    """The ids of a merchant's owners (1 read)."""
    members = dynamo.items(StaffMember, merchant_key(merchant_id), prefix=STAFF)
    return [one.sk.removeprefix(STAFF) for one in members if one.role == StaffRole.OWNER]


def stores_of(merchant_id: str) -> list[str]:
    """The ids of a merchant's stores, the oldest first, drafts too. Read consistently."""
    found = dynamo.items(OwnedStore, merchant_key(merchant_id), prefix=STORE)
    return [one.sk.removeprefix(STORE) for one in found]


def with_store(merchant_id: str, store_id: str) -> Part:
    """The part that lets a new store be found from its merchant."""
    return parts.overwrite(OwnedStore(merchant_key(merchant_id), store_key(store_id)))


def still_owns(merchant_id: str, user_id: str) -> Part:
    """The part that demands that a person owns a merchant."""
    member = StaffMember(merchant_key(merchant_id), staff_key(user_id))
    return parts.check(member, MerchantNotFoundError(), StaffMember.role == StaffRole.OWNER)


def _view(head: MerchantHead) -> MerchantView:
    details = NewMerchant.model_validate_json(head.details, extra="ignore")
    return MerchantView(
        **dict(details),
        id=head.id,
        version=int(head.version),
        created_at=clock.parse(head.created_at),
    )
