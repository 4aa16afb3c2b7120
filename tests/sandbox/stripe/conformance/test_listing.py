"""Lists, searches, balance transactions and events: what a reconciliation reads."""

from sandbox.stripe.ids import counted_ids
from sandbox.stripe.model import FakeStripe
from tests.sandbox.stripe.conformance.citing import rests_on
from tests.sandbox.stripe.port import FakePort, Json, Port
from tests.sandbox.stripe.stories import (
    Clock,
    World,
    charge_of,
    create,
    do,
    hold,
    look,
    pay,
    refund,
)


def pages(port: Port, path: str, params: Json) -> list[str]:
    """The ids of a whole list, page by page."""
    found: list[str] = []
    while True:
        cursor = {"starting_after": found[-1]} if found else {}
        page = port.call("GET", path, {**params, **cursor})
        found += [one["id"] for one in page["data"]]
        if not page["has_more"]:
            return found


@rests_on(
    "https://docs.stripe.com/api/charges/list#list_charges-created", fake_only="needs time to pass"
)
def test_charges_since_a_moment_are_listed_page_by_page(world: World) -> None:
    pay(world.port)
    world.clock.forward(3600)
    since = int(world.clock())
    made = [pay(world.port)["latest_charge"] for _ in range(5)]
    world.clock.forward(3600)
    pay(world.port)

    found = pages(world.port, "charges", {"limit": 2, "created": {"gte": since, "lt": since + 1}})

    assert found == made[::-1]


@rests_on(
    "https://docs.stripe.com/api/refunds/list#list_refunds-created", fake_only="needs time to pass"
)
def test_refunds_since_a_moment_are_listed_page_by_page(world: World) -> None:
    intent = pay(world.port)
    refund(world.port, intent, amount=100)
    world.clock.forward(3600)
    since = int(world.clock())
    made = [refund(world.port, intent, amount=100)["id"] for _ in range(5)]

    found = pages(world.port, "refunds", {"limit": 2, "created": {"gte": since}})

    assert found == made[::-1]


@rests_on("https://docs.stripe.com/api/charges/list#list_charges-payment_intent")
def test_every_attempt_of_an_intent_is_a_charge(port: Port) -> None:
    declined = pay(port, "pm_card_visa_chargeDeclined").error["payment_intent"]
    do(port, declined["id"], "confirm", payment_method="pm_card_visa")

    listed = port.call("GET", "charges", {"payment_intent": declined["id"]})

    assert [charge["status"] for charge in listed["data"]] == ["succeeded", "failed"]


@rests_on("https://docs.stripe.com/api/pagination")
def test_a_list_can_be_read_backwards(port: Port) -> None:
    made = [create(port)["id"] for _ in range(3)]

    back = port.call("GET", "payment_intents", {"ending_before": made[0], "limit": 1})

    assert [intent["id"] for intent in back["data"]] == [made[1]]


@rests_on("https://docs.stripe.com/api/pagination", "Limit can range between 1 and 100")
def test_a_page_has_a_hundred_at_the_most(port: Port) -> None:
    reply = port.call("GET", "charges", {"limit": 101})

    assert (reply.status, reply.error["param"]) == (400, "limit")


@rests_on("https://docs.stripe.com/api/pagination")
def test_a_cursor_that_is_no_object_is_refused(port: Port) -> None:
    reply = port.call("GET", "charges", {"starting_after": "ch_nothing"})

    assert (reply.status, reply.error["code"]) == (400, "resource_missing")


@rests_on(
    "https://docs.stripe.com/search#data-freshness",
    "Don't use search for read-after-write flows",
    fake_only="needs a search that lags as we say",
)
def test_a_search_may_miss_what_was_just_made_while_a_list_does_not() -> None:
    clock = Clock()
    port = FakePort(FakeStripe(clock, counted_ids(), search_lag=60))
    made = create(port, metadata={"order": "ord_1"})
    query = {"query": "metadata['order']:'ord_1'"}

    at_once = port.call("GET", "payment_intents/search", query)["data"]
    listed = port.call("GET", "payment_intents")["data"]
    clock.forward(60)
    later = port.call("GET", "payment_intents/search", query)["data"]

    assert at_once == []
    assert [one["id"] for one in listed] == [one["id"] for one in later] == [made["id"]]


@rests_on("https://docs.stripe.com/api/balance_transactions/list")
def test_what_a_payment_and_its_refund_moved_is_found_by_their_ids(port: Port) -> None:
    intent = do(port, hold(port), "capture", amount_to_capture=1500)
    given = refund(port, intent, amount=500)

    path = "balance_transactions"
    (paid,) = port.call("GET", path, {"source": look(port, intent)["latest_charge"]})["data"]
    (back,) = port.call("GET", path, {"source": given["id"]})["data"]

    assert (paid["type"], paid["amount"], back["type"], back["amount"]) == (
        *("charge", 1500),
        *("refund", -500),
    )
    assert paid["net"] == paid["amount"] - paid["fee"]
    assert given["balance_transaction"] == back["id"]


@rests_on("https://docs.stripe.com/api/charges/object#charge_object-balance_transaction")
def test_a_hold_moves_nothing(port: Port) -> None:
    charge = charge_of(port, hold(port))

    assert charge["balance_transaction"] is None
    listed = port.call("GET", "balance_transactions", {"source": charge["id"]})
    assert listed["data"] == []


@rests_on(
    "https://docs.stripe.com/api/events/list#list_events-types",
    fake_only="needs an account with no other events",
)
def test_events_are_listed_by_their_types(world: World) -> None:
    intent = pay(world.port)
    refund(world.port, intent)

    params = {"types": ["refund.created", "charge.refunded"]}
    listed = world.port.call("GET", "events", params)["data"]

    assert [event["type"] for event in listed] == ["charge.refunded", "refund.created"]
    assert world.port.call("GET", f"events/{listed[0]['id']}")["id"] == listed[0]["id"]


@rests_on("https://docs.stripe.com/api/charges/object#charge_object-metadata", "a snapshot")
def test_a_charge_has_the_metadata_of_its_intent(port: Port) -> None:
    intent = pay(port, metadata={"order": "ord_1"})

    assert charge_of(port, intent)["metadata"] == {"order": "ord_1"}
