"""A person's wallet as the code sees it, read together and consistently."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from chalicelib.core import clock, dynamo
from chalicelib.core.dynamo import HEAD
from chalicelib.core.errors import NotFoundError
from chalicelib.payments.methods import MethodName
from chalicelib.payments.wallet_models import (
    HELD,
    METHOD,
    MethodItem,
    MethodStatus,
    WalletHead,
    wallet_key,
)


@dataclass(frozen=True, slots=True)
class SavedMethod:
    """One method, as it was read."""

    id: str
    method: MethodName
    status: MethodStatus
    attempt: int
    setup_id: str | None
    instrument: str | None
    brand: str | None
    last4: str | None
    exp_month: int | None
    exp_year: int | None
    mandate_id: str | None
    accepted_at: datetime
    accepted_how: str
    needed: int
    decline_code: str | None
    opened_at: datetime
    saved_at: datetime | None

    @property
    def is_held(self) -> bool:
        """Whether its person has it, or is about to."""
        return self.status in HELD

    @property
    def age(self) -> float:
        """For how many seconds it has been asked for."""
        return (clock.now() - self.opened_at).total_seconds()


@dataclass(frozen=True, slots=True)
class Wallet:
    """Everything of one person, as it was read: any write is conditional on `version`."""

    person: str
    customer: str | None
    attempt: int
    asked_at: datetime
    default: str | None
    version: int
    methods: tuple[SavedMethod, ...]

    @property
    def saved(self) -> list[SavedMethod]:
        """What can be paid with, the default first."""
        found = [one for one in self.methods if one.status is MethodStatus.SAVED]
        return sorted(found, key=lambda one: one.id != self.default)

    def method(self, method_id: str) -> SavedMethod | None:
        return next((one for one in self.methods if one.id == method_id), None)


def find(person: str) -> Wallet | None:
    """A person's wallet in one consistent read; None for who never had one."""
    with dynamo.reading():
        table = MethodItem._get_connection()  # noqa: SLF001 - one query for items of two classes
        answer = table.query(
            wallet_key(person),
            consistent_read=True,
            range_key_condition=MethodItem.sk.between(HEAD, METHOD + "~"),
        )
    raws: list[dict[str, Any]] = answer["Items"]
    heads = [WalletHead.from_raw_data(raw) for raw in raws if raw["sk"]["S"] == HEAD]
    items = [MethodItem.from_raw_data(raw) for raw in raws if raw["sk"]["S"].startswith(METHOD)]
    return of(heads[0], items) if heads else None


def demand(person: str, method_id: str) -> tuple[Wallet, SavedMethod]:
    """A person's wallet and one method of it. Raises NotFoundError (404)."""
    found = find(person)
    method = found.method(method_id) if found else None
    if found is None or method is None:
        raise NotFoundError
    return found, method


def of(head: WalletHead, items: Sequence[MethodItem]) -> Wallet:
    return Wallet(
        person=head.person,
        customer=head.customer,
        attempt=int(head.attempt),
        asked_at=clock.parse(head.asked_at),
        default=head.default,
        version=int(head.version),
        methods=tuple(_method(item) for item in items),
    )


def _method(item: MethodItem) -> SavedMethod:
    return SavedMethod(
        id=item.id,
        method=cast("MethodName", item.method),
        status=MethodStatus(item.status),
        attempt=int(item.attempt or 1),
        setup_id=item.setup_id,
        instrument=item.instrument,
        brand=item.brand,
        last4=item.last4,
        exp_month=int(item.exp_month) if item.exp_month else None,
        exp_year=int(item.exp_year) if item.exp_year else None,
        mandate_id=item.mandate_id,
        accepted_at=clock.parse(item.accepted_at),
        accepted_how=item.accepted_how,
        needed=int(item.needed or 0),
        decline_code=item.decline_code,
        opened_at=clock.parse(item.opened_at),
        saved_at=clock.parse(item.saved_at) if item.saved_at else None,
    )
