"""Who has an account claims what was theirs as a guest: once, whole, and nobody else's."""

from typing import Any

import pytest

from chalicelib.core import dynamo, parts, sessions
from chalicelib.core.errors import BusyError, UnavailableError
from chalicelib.core.parts import Part
from chalicelib.orders import claiming_guests, keepsakes
from chalicelib.payments import balances, changing, handing_over
from chalicelib.payments.models import PaymentHead, payment_key
from chalicelib.payments.payment import Payment
from chalicelib.people import guests
from tests import database, laws
from tests.accounts.visiting import ADDRESS, DIET, HOME, Visitor, visitor
from tests.world import World


def payer(order_id: str) -> str:
    head = dynamo.get(PaymentHead, payment_key("order", order_id))
    assert head is not None
    return head.payer


def left(guest: Visitor) -> list[Any]:
    """Every item of any table that stands under the guest's key."""
    tables = ("test-orders", "test-quotes", "test-payments", "test-customers")
    rows = [row for table in tables for row in database.rows(table)]
    return [row["pk"] for row in rows if guest.id in row["pk"]]


def test_all_that_was_a_guests_is_the_accounts(world_at: World) -> None:
    guest, store_id, mina = visitor(world_at), world_at.store(), world_at.customer()
    orders = [guest.order(store_id), guest.order(store_id)]
    guest.call("PUT", f"/v1/addresses/{ADDRESS}", HOME)
    guest.call("PUT", f"/v1/favourites/{store_id}")
    guest.call("PUT", f"/v1/favourite-items/{store_id}/bibimbap")
    guest.call("PUT", "/v1/diet", DIET)

    claimed = guest.claimed()
    world_at.pump()

    assert (claimed.status, claimed.json) == (200, {"guest_id": guest.id, "orders": 2})
    listed = {one["id"] for one in world_at.get("/v1/orders", mina)["items"]}
    assert listed == set(orders)
    assert [payer(order_id) for order_id in orders] == ["mina", "mina"]
    addresses = world_at.get("/v1/addresses", mina)["items"]
    assert [(one["id"], one["default"]) for one in addresses] == [(ADDRESS, True)]
    assert [one["store_id"] for one in world_at.get("/v1/favourites", mina)["items"]] == [store_id]
    dishes = world_at.get("/v1/favourite-items", mina)["items"]
    assert [one["item_id"] for one in dishes] == ["bibimbap"]
    assert world_at.get("/v1/diet", mina)["diets"] == ["VEGAN"]
    assert left(guest) == []
    assert guest.call("GET", "/v1/orders").status == 401
    assert guest.renew().status == 401


def test_an_order_under_way_goes_on_as_the_accounts(world_at: World) -> None:
    guest, store_id, mina = visitor(world_at), world_at.store(), world_at.customer()
    placed = guest.place(store_id)
    order_id = placed["order_id"]
    guest.claimed()

    world_at.pay(placed["payments"][0])
    confirmed = world_at.confirm(order_id)
    world_at.command(order_id, "confirm", "ready", "picked-up", store_id=store_id)
    world_at.pump()

    assert confirmed.status == 200
    assert world_at.get(f"/v1/orders/{order_id}", mina)["status"] == "PICKED_UP"
    assert {intent["status"] for intent in world_at.intents()} == {"succeeded"}


def test_what_was_given_back_into_a_guests_wallet_is_the_accounts(world_at: World) -> None:
    guest, store_id = visitor(world_at), world_at.store()
    order_id = guest.order(store_id)
    world_at.command(order_id, "confirm", "ready", "picked-up", store_id=store_id)
    world_at.pump()
    world_at.refund(order_id, amount=1000, destination="wallet", liable_party="platform")
    before = world_at.get("/v1/balances", guest.token)["items"]

    guest.claimed()
    world_at.refund(order_id, amount=500, destination="wallet", liable_party="platform")
    world_at.pump()
    world_at.refund(order_id, amount=250, destination="wallet", liable_party="platform")

    after = world_at.get("/v1/balances", world_at.customer())["items"]
    assert [one["amount"]["amount"] for one in before] == [1000]
    assert sum(one["amount"]["amount"] for one in after) == 1750
    assert balances.owned_by(guest.id) == []


def test_a_bell_of_an_order_that_nobody_has_claimed_hands_nothing_over(world_at: World) -> None:
    order_id = visitor(world_at).order(world_at.store())
    theirs = payer(order_id)

    handing_over.follow("ord_01JD9Z6M7Q3W8K5N2R4T6V8X0Y", 1)
    handing_over.follow(order_id, 1)

    assert payer(order_id) == theirs


@pytest.mark.parametrize("races", [1, handing_over.RACES])
def test_handing_over_begins_anew_where_somebody_was_faster(
    world_at: World, monkeypatch: pytest.MonkeyPatch, races: int
) -> None:
    guest = visitor(world_at)
    order_id = guest.order(world_at.store())
    guest.claimed()
    [claimed] = [row for row in laws.rows("orders") if row.get("type") == "order.claimed"]
    left, bump = [None] * races, changing.bump

    def overtaken(payment: Payment, actions: Any) -> Part:  # noqa: ANN401 - handed through
        part = bump(payment, actions)
        if left:
            left.pop()
            parts.commit(bump(payment, []))
        return part

    monkeypatch.setattr(changing, "bump", overtaken)

    if races == handing_over.RACES:
        with pytest.raises(BusyError):
            handing_over.follow(order_id, int(claimed["version"]))
    handing_over.follow(order_id, int(claimed["version"]))

    assert payer(order_id) == "mina"


def test_repeating_a_claim_changes_nothing(world_at: World) -> None:
    guest, store_id = visitor(world_at), world_at.store()
    order_id = guest.order(store_id)
    first = guest.claimed()
    version = world_at.seen(order_id)["version"]

    again = guest.claimed()

    assert (first.json["orders"], again.json["orders"]) == (1, 0)
    assert world_at.seen(order_id)["version"] == version


def test_nobody_claims_what_another_has_claimed_or_what_they_cannot_prove(world_at: World) -> None:
    guest, store_id = visitor(world_at), world_at.store()
    order_id = guest.order(store_id)
    unproven = Visitor(world_at, {**guest.tokens, "refresh_token": f"{guest.id}.{'0' * 64}"})

    guessed = unproven.claimed("jun")
    guest.claimed("mina")
    second = guest.claimed("jun")

    assert (guessed.status, guessed.json["code"]) == (404, "guest_unknown")
    assert (second.status, second.json["code"]) == (409, "guest_claimed")
    assert world_at.get("/v1/orders", world_at.customer("jun"))["items"] == []
    assert payer(order_id) in {guest.id, "mina"}


def test_of_two_who_claim_a_guest_at_once_one_gets_all(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest, store_id = visitor(world_at), world_at.store()
    guest.order(store_id)
    proven = guests.proven

    def overtaken(token: str) -> Any:  # noqa: ANN401 - the item
        found = proven(token)
        monkeypatch.setattr(guests, "proven", proven)
        assert guest.claimed("jun").status == 200
        return found

    monkeypatch.setattr(guests, "proven", overtaken)
    lost = guest.claimed("mina")

    assert (lost.status, lost.json["code"]) == (409, "guest_claimed")
    assert len(world_at.get("/v1/orders", world_at.customer("jun"))["items"]) == 1


@pytest.mark.parametrize("cut_off_at", ["_hand_over", "keepsakes"])
def test_a_claim_that_was_cut_off_is_finished_by_the_sweep(
    world_at: World, monkeypatch: pytest.MonkeyPatch, cut_off_at: str
) -> None:
    guest, store_id = visitor(world_at), world_at.store()
    order_id = guest.order(store_id)
    guest.call("PUT", f"/v1/addresses/{ADDRESS}", HOME)

    def dies(*_: object) -> None:
        raise UnavailableError

    with monkeypatch.context() as dying:
        if cut_off_at == "keepsakes":
            dying.setattr(keepsakes, "hand_over", dies)
        else:
            dying.setattr(claiming_guests, cut_off_at, dies)
        assert guest.claimed().status == 503

    world_at.pass_time(120)

    assert world_at.get(f"/v1/orders/{order_id}", world_at.customer())["id"] == order_id
    assert len(world_at.get("/v1/addresses", world_at.customer())["items"]) == 1
    assert payer(order_id) == "mina"
    assert left(guest) == []


def test_a_guest_whom_somebody_has_claimed_orders_and_keeps_nothing(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest, store_id = visitor(world_at), world_at.store()
    quote = world_at.quote(store_id, guest.token)
    guest.claimed()
    # Another process hears of the end of a guest's tokens up to ten seconds later.
    monkeypatch.setattr(sessions, "_recent", dict)

    answers = [
        world_at.try_place(guest.token, quote["id"]),
        guest.call("PUT", f"/v1/addresses/{ADDRESS}", HOME),
        guest.call("PUT", f"/v1/favourites/{store_id}"),
        guest.call("PUT", "/v1/diet", DIET),
    ]

    assert [(one.status, one.json["code"]) for one in answers] == [(409, "guest_over")] * 4
    assert left(guest) == []


def test_the_accounts_own_comes_first(world_at: World) -> None:
    guest, store_id, mina = visitor(world_at), world_at.store(), world_at.customer()
    other = ADDRESS[:-1] + "Z"
    for token, road in ((mina, "Own Road 1"), (guest.token, "Guest Road 2")):
        said = {**HOME, "road_address": road}
        world_at.call("PUT", f"/v1/addresses/{ADDRESS}", said, token=token)
    guest.call("PUT", f"/v1/addresses/{other}", HOME)
    guest.call("PUT", f"/v1/favourites/{store_id}")
    world_at.call("PUT", "/v1/diet", {**DIET, "diets": []}, token=mina)
    guest.call("PUT", "/v1/diet", DIET)

    guest.claimed()

    found = world_at.get("/v1/addresses", mina)["items"]
    assert [(one["id"], one["road_address"]) for one in found] == [
        (ADDRESS, "Own Road 1"),
        (other, "Canary Street 7"),
    ]
    assert world_at.get("/v1/diet", mina)["diets"] == []
