"""How a wallet changes: the head's version, one method, one event, in one transaction."""

from collections.abc import Sequence

from pynamodb.expressions.update import Action

from chalicelib.core import clock, outbox, parts
from chalicelib.core.dynamo import HEAD
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.rights import SYSTEM
from chalicelib.payments import wallet as wallets
from chalicelib.payments.models import PaymentEvent
from chalicelib.payments.wallet import SavedMethod, Wallet
from chalicelib.payments.wallet_models import (
    MethodItem,
    MethodStatus,
    WalletHead,
    due_shard,
    head_of,
    method_at,
    wallet_key,
)

RACES = 6
FINISH_SECONDS = 60
LOOK_AGAIN_SECONDS = 120


def ensure(person: str) -> Wallet:
    """The wallet, begun if there is none: that we are about to ask Stripe is written first."""
    found = wallets.find(person)
    if found is not None:
        return found
    head = WalletHead(
        wallet_key(person),
        HEAD,
        person=person,
        attempt=1,
        asked_at=clock.stamp(clock.now()),
        version=1,
    )
    try:
        parts.commit(parts.put(head, BusyError()))
    except BusyError:  # somebody else began it just now
        found = wallets.find(person)
    return found or wallets.of(head, ())


def bump(wallet: Wallet, actions: Sequence[Action] = ()) -> Part:
    """The part that changes a wallet's head as it was read. Failure: BusyError."""
    return parts.update(
        head_of(wallet.person),
        [WalletHead.version.set(wallet.version + 1), *actions],
        BusyError(),
        WalletHead.version == wallet.version,
    )


def add(wallet: Wallet, item: MethodItem, head: Sequence[Action] = ()) -> tuple[Part, ...]:
    """The parts that put a method. One that is saved already is an event."""
    put = parts.put(item, BusyError())
    told = [_told(wallet, item.id, item.method, "saved")] if item.saved_at else []
    return (bump(wallet, head), put, *told)


def change(
    wallet: Wallet,
    method: SavedMethod,
    actions: Sequence[Action],
    *,
    to: MethodStatus | None = None,
    head: Sequence[Action] = (),
    told: str | None = None,
) -> tuple[Part, ...]:
    """The parts that change a method as it was read; `told` makes it an event. BusyError.

    What is needed for something yet to be paid does not cease to be there.
    """
    condition = MethodItem.status == method.status
    if to is MethodStatus.REMOVING:
        condition &= MethodItem.needed == 0
    changed = parts.update(
        method_at(wallet.person, method.id),
        [*actions, *([MethodItem.status.set(to)] if to else [])],
        BusyError(),
        condition,
    )
    events = [_told(wallet, method.id, method.method, told)] if told else []
    return (bump(wallet, head), changed, *events)


def first(wallet: Wallet, method_id: str) -> list[Action]:
    """What is saved first is the default."""
    return [] if wallet.saved else [WalletHead.default.set(method_id)]


def look_again(person: str, seconds: float) -> list[Action]:
    """Somebody looks at this method again by then."""
    return [
        MethodItem.due_shard.set(due_shard(person)),
        MethodItem.due_at.set(clock.stamp(clock.after(seconds))),
    ]


def leave_alone() -> list[Action]:
    return [MethodItem.due_shard.remove(), MethodItem.due_at.remove()]


def need(person: str, method_id: str, failure: Exception, times: int = 1) -> Part:
    """The part by which something that is yet to be paid holds on to a method; -1 lets go of it.

    While anything does, the method cannot be removed. It must be saved to be held on to.
    """
    there = MethodItem.status == MethodStatus.SAVED if times > 0 else MethodItem.needed > 0
    return parts.update(
        method_at(person, method_id),
        [MethodItem.needed.set(MethodItem.needed + times)],
        failure,
        there,
    )


def check(person: str, method_id: str, failure: Exception) -> Part:
    """The part that demands that a method is saved."""
    saved = MethodItem.status == MethodStatus.SAVED
    return parts.check(method_at(person, method_id), failure, saved)


def _told(wallet: Wallet, method_id: str, method: str, what: str) -> Part:
    return outbox.announce(
        PaymentEvent,
        wallet_key(wallet.person),
        kind="wallet",
        subject=wallet.person,
        version=wallet.version + 1,
        type=f"payment_method.{what}",
        actor=SYSTEM,
        data={"method_id": method_id, "method": method},
    )
