"""Whoever is forgotten has no customer at Stripe and nothing saved; what was paid stays."""

import pytest

from chalicelib.core import dynamo, parts
from chalicelib.orders import reading as orders
from chalicelib.payments import customers, forgetting, wallet_gateway
from chalicelib.payments import wallet_changing as changing
from chalicelib.payments.gateway import RefusedError
from chalicelib.payments.wallet_models import (
    MethodItem,
    MethodStatus,
    WalletHead,
    head_of,
    wallet_key,
)
from tests import laws
from tests.payments import wallets
from tests.world import World


def left(user: str = "mina") -> list[str]:
    """What of a wallet is in the table, beside its news."""
    mine = [row for row in laws.rows("payments") if row["pk"] == f"WALLET#person#{user}"]
    return [str(row["sk"]) for row in mine if not str(row["sk"]).startswith("EVT#")]


def test_every_method_goes_with_its_customer_and_again_changes_nothing(world_at: World) -> None:
    saved = wallets.save(world_at)
    removed = wallets.save(world_at, "pm_card_amex")
    wallets.remove(world_at, removed)
    begun = wallets.save(world_at, "pm_card_mastercard")
    method = dynamo.get(MethodItem, wallet_key("mina"), f"METHOD#{begun}")
    assert method
    parts.commit(parts.upsert(method, [MethodItem.status.set(MethodStatus.REMOVING)]))

    for _ in range(2):
        forgetting.wallet("mina")

    assert saved
    assert (wallets.customers(world_at), wallets.attached(world_at), left()) == ([], [], [])


def test_a_customer_that_nobody_has_noted_is_found_and_goes(world_at: World) -> None:
    assert world_at
    customers.customer_of("mina")
    head = head_of("mina")
    parts.commit(parts.upsert(head, [WalletHead.customer.remove()]))

    forgetting.wallet("mina")

    assert (wallets.customers(world_at), left()) == ([], [])


def test_a_wallet_without_any_customer_goes_and_who_has_none_needs_nothing(
    world_at: World,
) -> None:
    assert world_at
    changing.ensure("mina")

    for user in ("mina", "nobody"):
        forgetting.wallet(user)

    assert left() == []


def test_a_customer_who_has_gone_already_is_as_good_and_another_refusal_is_told(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = customers.customer_of("mina")
    wallet_gateway.delete_customer(gone)
    forgetting.wallet("mina")
    customers.customer_of("jun")

    def refuse(_: str) -> None:
        raise RefusedError("not_now")

    monkeypatch.setattr(wallet_gateway, "delete_customer", refuse)
    with pytest.raises(RefusedError):
        forgetting.wallet("jun")

    assert world_at
    assert (left(), left("jun")) == ([], ["HEAD"])


def test_an_order_is_settled_once_what_it_owes_was_taken_or_if_it_owes_nothing(
    world_at: World,
) -> None:
    store_id = world_at.store()
    free, brought = world_at.paid_order(store_id), world_at.paid_order(store_id)
    world_at.cancel(free)
    steps = ("confirm", "preparing", "ready", "picked-up")
    world_at.command(brought, *steps, store_id=store_id)
    before = [forgetting.is_settled(orders.find(one)) for one in (free, brought)]  # type: ignore[arg-type] # they are there

    world_at.pump()

    found = orders.find(brought)
    assert found
    assert (before, forgetting.is_settled(found)) == ([True, False], True)


def test_what_is_left_over_is_named(world_at: World) -> None:
    balance_id = world_at.grant(1000)

    assert (forgetting.left_over("mina"), forgetting.left_over("jun")) == ([balance_id], [])
