"""Stored value as a tender: held in the order's transaction, never below zero, given back once."""

from typing import Any

from tests import laws, people
from tests.world import Reply, World

DONE = ("confirm", "ready", "picked-up")


def _left(world: World, balance: str) -> int:
    found: int = world.get(f"/v1/balances/{balance}", world.operator())["amount"]["amount"]
    return found


def _with(balance: str, amount: int | None = None) -> dict[str, Any]:
    return {"method": "balance", "balance_id": balance, "amount": amount}


def _pointers(reply: Reply) -> list[str]:
    assert reply.status == 422, reply.text
    return [error["pointer"] for error in reply.json["errors"]]


def test_an_order_that_a_balance_covers_is_shown_to_its_store_at_once(world_at: World) -> None:
    store_id, balance = world_at.store(), world_at.grant(10_000)

    placed = world_at.order(store_id, _with(balance))

    assert (placed["status"], placed["payments"]) == ("CREATED", [])
    assert world_at.board(store_id) == [placed["order_id"]]
    assert _left(world_at, balance) == 1000
    assert world_at.intents() == []


def test_what_is_collected_is_taken_from_the_balance_and_the_books_say_so(world_at: World) -> None:
    store_id, balance = world_at.store(), world_at.grant(10_000)
    order_id = world_at.paid_order(store_id, _with(balance))

    world_at.command(order_id, *DONE, store_id=store_id)
    world_at.pump()

    entries = world_at.get(f"/v1/orders/{order_id}/ledger", world_at.operator())["entries"]
    taken = [one["money"]["amount"] for one in entries if one["account"] == "stored_value:wallet"]
    assert taken == [9000]
    world_at.pass_time(90_000, step=3600)
    laws.demand(world_at)


def test_a_balance_and_a_card_pay_together_and_the_balance_is_taken_first(
    world_at: World,
) -> None:
    store_id, balance = world_at.store(), world_at.grant(4000)
    order_id = world_at.paid_order(store_id, _with(balance, 4000), {"method": "card"})
    world_at.command(order_id, "confirm", store_id=store_id)

    world_at.cancel(order_id)
    world_at.pump()

    owed = world_at.seen(order_id)["owed"]["amount"]
    assert owed == 2700
    assert _left(world_at, balance) == 1300
    assert [one["status"] for one in world_at.intents()] == ["canceled"]
    world_at.tick(60)
    laws.demand(world_at)


def test_what_an_unpaid_order_holds_comes_back_when_it_lapses(world_at: World) -> None:
    store_id, balance = world_at.store(), world_at.grant(4000)
    world_at.order(store_id, _with(balance, 4000), {"method": "card"})
    assert _left(world_at, balance) == 0

    world_at.pass_time(900)

    assert _left(world_at, balance) == 4000
    world_at.pass_time(1200)
    laws.demand(world_at)


def test_it_comes_back_even_where_its_time_is_up_and_may_then_still_be_used(
    world_at: World,
) -> None:
    until = "2026-11-22T12:05:00Z"
    body = {
        "owner": "mina",
        "kind": "voucher",
        "amount": 9000,
        "currency": "KRW",
        "reason": "Goodwill.",
    }
    made = world_at.post(
        "/v1/balances", {**body, "usable_until": until}, token=world_at.operator(), key="k"
    ).json
    store_id = world_at.store()
    placed = world_at.order(store_id, _with(made["id"]))
    world_at.clock.move(600)

    world_at.cancel(placed["order_id"])
    world_at.pump()

    again = world_at.order(store_id, _with(made["id"]))
    assert again["status"] == "CREATED"


def test_a_balance_whose_time_is_up_pays_for_nothing(world_at: World) -> None:
    until = "2026-11-22T12:05:00Z"
    body = {
        "owner": "mina",
        "kind": "gift",
        "amount": 9000,
        "currency": "KRW",
        "reason": "Goodwill.",
    }
    made = world_at.post(
        "/v1/balances", {**body, "usable_until": until}, token=world_at.operator(), key="k"
    ).json
    store_id, token = world_at.store(), world_at.customer()
    world_at.clock.move(301)
    quote = world_at.quote(store_id, token)

    refused = world_at.try_place(token, quote["id"], _with(made["id"]))

    assert _pointers(refused) == ["/payments/0/amount"]
    assert refused.json["code"] == "balance_unusable"


def test_too_little_anothers_another_currency_and_none_are_told_with_their_place(
    world_at: World,
) -> None:
    store_id, token = world_at.store(), world_at.customer()
    mine, jisus = world_at.grant(8999), world_at.grant(9000, user="jisu")
    dollars = world_at.post(
        "/v1/balances",
        {"owner": "mina", "amount": 9000, "currency": "USD", "reason": "Goodwill."},
        token=world_at.operator(),
        key="usd",
    ).json["id"]
    quote = world_at.quote(store_id, token)["id"]

    def place(*payments: dict[str, Any]) -> list[str]:
        return _pointers(world_at.try_place(token, quote, *payments))

    assert place(_with(mine)) == ["/payments/0/amount"]
    assert place(_with(jisus)) == ["/payments/0/balance_id"]
    assert place(_with(dollars)) == ["/payments/0/balance_id"]
    assert place({"method": "balance"}) == ["/payments/0/balance_id"]
    assert place(_with(mine, 4000), _with(mine)) == ["/payments/1/balance_id"]
    assert place({"method": "card", "balance_id": mine}) == ["/payments/0/balance_id"]
    assert _left(world_at, mine) == 8999


def test_of_two_orders_at_once_only_one_gets_the_last_of_a_balance(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    balance = world_at.grant(9000)
    quotes = [world_at.quote(store_id, token)["id"] for _ in range(2)]

    answers = [world_at.try_place(token, quote, _with(balance)).status for quote in quotes]

    assert sorted(answers) == [201, 422]
    assert _left(world_at, balance) == 0


def test_repeating_the_order_takes_from_the_balance_once(world_at: World) -> None:
    store_id, token, balance = world_at.store(), world_at.customer(), world_at.grant(20_000)
    quote = world_at.quote(store_id, token)["id"]

    first = world_at.try_place(token, quote, _with(balance), key="one")
    second = world_at.try_place(token, quote, _with(balance), key="one")

    assert first.json == second.json
    assert _left(world_at, balance) == 11_000


def test_repeating_a_credit_gives_once_and_a_wallet_grows_up_to_its_limit(
    world_at: World,
) -> None:
    body = {"owner": "mina", "amount": 1_500_000, "currency": "KRW", "reason": "Goodwill."}
    operator = world_at.operator()

    first = world_at.post("/v1/balances", body, token=operator, key="one")
    again = world_at.post("/v1/balances", body, token=operator, key="one")
    full = world_at.post("/v1/balances", body, token=operator, key="two")
    more = world_at.post("/v1/balances", {**body, "amount": 500_000}, token=operator, key="three")
    vast = world_at.post(
        "/v1/balances", {**body, "kind": "gift", "amount": 2_000_001}, token=operator, key="four"
    )

    assert first.json == again.json
    assert (full.status, full.json["code"]) == (409, "balance_full")
    assert (more.status, more.json["amount"]["amount"]) == (201, 2_000_000)
    assert vast.status == 409
    laws.demand(world_at)


def test_the_movements_of_a_balance_are_told_to_its_owner_alone(world_at: World) -> None:
    store_id, balance = world_at.store(), world_at.grant(10_000)
    placed = world_at.order(store_id, _with(balance))
    world_at.clock.move(1)
    world_at.cancel(placed["order_id"])
    world_at.pump()

    found = world_at.get(f"/v1/balances/{balance}", world_at.customer())
    stranger = world_at.call(
        "GET", f"/v1/balances/{balance}", token=people.person("customer", "jisu")
    )

    moved = [(one["amount"]["amount"], one["why"]) for one in found["moves"]]
    assert sorted(moved) == [(-9000, "order"), (9000, "order"), (10_000, "credit")]
    assert stranger.status == 404


def test_cash_is_taken_at_the_door_and_booked_with_who_took_it(world_at: World) -> None:
    store_id = world_at.store()
    placed = world_at.order(store_id, {"method": "cash"})
    assert placed["status"] == "CREATED"

    world_at.command(placed["order_id"], *DONE, store_id=store_id)
    world_at.pass_time(90_000, step=3600)

    entries = world_at.get(f"/v1/orders/{placed['order_id']}/ledger", world_at.operator())
    merchant = [one for one in entries["entries"] if one["account"].startswith("payable:merchant")]
    assert sum(one["money"]["amount"] for one in merchant) == 900, "it owes the commission alone"
    laws.demand(world_at)


def test_a_late_cancellation_of_a_cash_order_costs_nothing_that_cannot_be_had(
    world_at: World,
) -> None:
    store_id = world_at.store()
    placed = world_at.order(store_id, {"method": "cash"})
    world_at.command(placed["order_id"], "confirm", store_id=store_id)

    world_at.cancel(placed["order_id"])
    world_at.pass_time(1800)

    assert world_at.seen(placed["order_id"])["owed"]["amount"] == 0
    laws.demand(world_at)


def test_a_cash_order_is_refunded_into_the_wallet(world_at: World) -> None:
    store_id = world_at.store()
    order_id = world_at.paid_order(store_id, {"method": "cash"})
    world_at.command(order_id, *DONE, store_id=store_id)
    world_at.pump()

    refund = world_at.refund(order_id, amount=1000)

    assert refund["portions"][0]["destination"] == "wallet"
    (wallet,) = world_at.get("/v1/balances", world_at.customer())["items"]
    assert wallet["amount"]["amount"] == 1000


def test_cash_is_not_taken_beyond_what_a_courier_may_carry(world_at: World) -> None:
    store_id, token = world_at.store(), world_at.customer()
    quote = world_at.quote(store_id, token, items=[{"item_id": "bibimbap", "quantity": 12}])

    refused = world_at.try_place(token, quote["id"], {"method": "cash"})

    assert _pointers(refused) == ["/payments/0/amount"]
