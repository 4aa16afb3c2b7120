"""Stored value: vouchers, gifts and wallets as a tender, never as a price.

An account has an owner, a limit and dates, and is never below zero. Every movement is named by what
caused it and happens once: the name is a key. What an order holds has left the account already;
what the order does not need in the end comes back to it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from chalicelib.core import clock, dynamo, ids, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.payments.balance_models import (
    MOVE,
    OWNED,
    BalanceItem,
    MoveItem,
    OwnedItem,
    balance_key,
    owner_key,
)
from chalicelib.payments.errors import BalanceFullError, BalanceUnusableError
from chalicelib.payments.payment import Leg

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action

Kind = Literal["voucher", "gift", "wallet"]
MOST = {"KRW": 2_000_000, "JPY": 200_000, "USD": 200_000, "EUR": 200_000}
"""The most that an account may hold, where nothing else is said when it is opened."""
MOST_ELSEWHERE = 200_000
GRACE_DAYS = 14
"""What comes back to an account whose time is up may still be used for so long."""


@dataclass(frozen=True, slots=True)
class Balance:
    """An account as it was read. Amounts in minor units."""

    id: str
    kind: Kind
    owner: str
    currency: str
    amount: int
    most: int
    usable_from: datetime
    usable_until: datetime | None


def most(currency: str) -> int:
    """The most that an account of a currency may hold."""
    return MOST.get(currency, MOST_ELSEWHERE)


def account(kind: str) -> str:
    """The account of the ledger that says what we owe in kind."""
    return f"stored_value:{kind}"


def wallet_id(owner: str, currency: str) -> str:
    """The id of a person's wallet in a currency: each has one, whoever opens it first."""
    digest = hashlib.sha256(f"wallet#{owner}#{currency}".encode()).digest()
    return ids.from_uuid("bal", UUID(bytes=digest[:16]))


def find(balance_id: str) -> Balance | None:
    """An account as it is now, or None."""
    item = dynamo.get(BalanceItem, balance_key(balance_id))
    return _of(item) if item else None


def owned_by(owner: str) -> list[Balance]:
    """A person's accounts, in the order of their ids, read consistently."""
    links = dynamo.items(OwnedItem, owner_key(owner), prefix=OWNED)
    found = (find(link.balance_id) for link in links)
    return [balance for balance in found if balance]


def moves(balance_id: str) -> list[MoveItem]:
    """Everything that moved an account, the oldest first."""
    found = dynamo.items(MoveItem, balance_key(balance_id), prefix=MOVE)
    return sorted(found, key=lambda move: (move.at, move.ref))


def opened(
    balance_id: str,
    kind: Kind,
    owner: str,
    currency: str,
    amount: int,
    ref: str,
    *,
    until: datetime | None = None,
) -> tuple[Part, ...]:
    """The parts that open an account with a first amount. BusyError: it was opened meanwhile.

    Raises BalanceFullError (409) for more than an account may hold.
    """
    if amount > most(currency):
        raise BalanceFullError(most=most(currency))
    return _opening(balance_id, kind, owner, currency, amount, ref, "credit", until)


def credited(balance: Balance, amount: int, ref: str, why: str = "credit") -> tuple[Part, ...]:
    """The parts that add to an account, once for a cause. Raises BalanceFullError (409)."""
    full = BalanceFullError(most=balance.most)
    if balance.amount + amount > balance.most:
        raise full
    room = BalanceItem.amount <= balance.most - amount
    item = BalanceItem.at(balance.id)
    grown = parts.update(item, [BalanceItem.amount.add(amount)], full, room)
    return grown, _moved(balance.id, ref, amount, why)


def paid_in(owner: str, currency: str, balance_id: str, amount: int, ref: str) -> tuple[Part, ...]:
    """The parts that give money back into an account, or into a wallet that may have to be opened.

    Money that is owed is never refused for want of room. BusyError: read again.
    """
    if balance_id == wallet_id(owner, currency) and find(balance_id) is None:
        return _opening(balance_id, "wallet", owner, currency, amount, ref, "refund")
    return _added(balance_id, amount, ref, "refund")


def held(balance: Balance, amount: int, leg_id: str, pointer: str) -> tuple[Part, ...]:
    """The parts that take an amount out of an account for a leg of an order, until it is known.

    Raises BalanceUnusableError (422) where it is not enough, or not of this time; the failure of
    the parts is the same.
    """
    unusable = BalanceUnusableError(
        errors=[{"pointer": pointer, "detail": f"The balance can give {balance.amount} now."}]
    )
    now = clock.stamp(clock.now())
    if balance.amount < amount or not _usable(balance):
        raise unusable
    enough = (
        (BalanceItem.amount >= amount)
        & (BalanceItem.usable_from <= now)
        & (BalanceItem.usable_until.does_not_exist() | (BalanceItem.usable_until > now))
    )
    item = BalanceItem.at(balance.id)
    taken = parts.update(item, [BalanceItem.amount.add(-amount)], unusable, enough)
    return taken, _moved(balance.id, f"hold:{leg_id}", -amount, "order")


def passed_on(balance: Balance, owner: str) -> tuple[Part, ...]:
    """The parts that give an account to another owner, as it is. BusyError: read again."""
    item, link = BalanceItem.at(balance.id), f"{OWNED}{balance.id}"
    return (
        parts.update(
            item, [BalanceItem.owner.set(owner)], BusyError(), BalanceItem.owner == balance.owner
        ),
        parts.overwrite(OwnedItem(owner_key(owner), link, balance_id=balance.id)),
        parts.forget(OwnedItem(owner_key(balance.owner), link)),
    )


def given_back(leg: Leg, amount: int) -> tuple[Part, ...]:
    """The parts that bring back what a leg holds and its order does not need, once and for all."""
    return _added(str(leg.balance_id), amount, f"back:{leg.id}", "order")


def _added(balance_id: str, amount: int, ref: str, why: str) -> tuple[Part, ...]:
    """What comes back comes back whatever the limit and the date: it was its owner's all along."""
    balance = find(balance_id)
    grown: list[Action] = [BalanceItem.amount.add(amount)]
    if balance and balance.usable_until:
        until = max(balance.usable_until, clock.now() + timedelta(days=GRACE_DAYS))
        grown.append(BalanceItem.usable_until.set(clock.stamp(until)))
    item, exists = BalanceItem.at(balance_id), BalanceItem.pk.exists()
    return parts.update(item, grown, BusyError(), exists), _moved(balance_id, ref, amount, why)


def _usable(balance: Balance) -> bool:
    now = clock.now()
    return balance.usable_from <= now and (not balance.usable_until or balance.usable_until > now)


def _opening(
    balance_id: str,
    kind: Kind,
    owner: str,
    currency: str,
    amount: int,
    ref: str,
    why: str,
    until: datetime | None = None,
) -> tuple[Part, ...]:
    now = clock.stamp(clock.now())
    item = BalanceItem(
        balance_key(balance_id),
        dynamo.HEAD,
        id=balance_id,
        kind=kind,
        owner=owner,
        currency=currency,
        amount=amount,
        most=most(currency),
        usable_from=now,
        usable_until=clock.stamp(until) if until else None,
        opened_at=now,
    )
    link = OwnedItem(owner_key(owner), f"{OWNED}{balance_id}", balance_id=balance_id)
    moved = _moved(balance_id, ref, amount, why)
    return parts.put(item, BusyError()), parts.put(link, BusyError()), moved


def _moved(balance_id: str, ref: str, amount: int, why: str) -> Part:
    item = MoveItem(
        balance_key(balance_id),
        f"{MOVE}{ref}",
        ref=ref,
        amount=amount,
        why=why,
        at=clock.stamp(clock.now()),
    )
    return parts.put(item, BusyError())


def _of(item: BalanceItem) -> Balance:
    kinds: dict[str, Kind] = {"voucher": "voucher", "gift": "gift", "wallet": "wallet"}
    return Balance(
        id=item.id,
        kind=kinds[item.kind],
        owner=item.owner,
        currency=item.currency,
        amount=int(item.amount),
        most=int(item.most),
        usable_from=clock.parse(item.usable_from),
        usable_until=clock.parse(item.usable_until) if item.usable_until else None,
    )
