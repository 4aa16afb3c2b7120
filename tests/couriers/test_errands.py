"""What a store sends by itself: carried as every order, and paid for by its merchant."""

import json
from dataclasses import dataclass
from datetime import timedelta

import pytest

from chalicelib.catalog import reading as stores
from chalicelib.catalog.schemas import Store
from chalicelib.core import clock, parts
from chalicelib.core.errors import BusyError, ForbiddenError, NotFoundError
from chalicelib.core.money import portion
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Role
from chalicelib.couriers import errands, giving_up, opening
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.couriers.errors import ImpossibleStepError, NotReadyError
from chalicelib.orders import errands as orders_errands
from chalicelib.orders import reading as orders
from chalicelib.orders import stopping
from chalicelib.orders.errand_schemas import Errand, NewErrand, Recipient
from chalicelib.orders.errors import ImpossibleMoveError, OrdersStoppedError
from chalicelib.orders.order import Order
from chalicelib.orders.schemas import DropOff
from tests import delivery_laws, laws
from tests.couriers.riders import Riders, stored
from tests.shopfront import DOOR

REFERENCE = "52122852-6626-11ed-9022-0242ac120002"
GROSS, FEE = 3000, 150
SERVICE, PRICE = 300, 3300
CANCELLED = 1980
"""Sixty per cent of the price."""


@dataclass(frozen=True)
class Sender:
    """A store whose machine asks for errands."""

    riders: Riders

    @property
    def caller(self) -> Caller:
        return Caller("cli_till", frozenset({Role.STORE}), frozenset({self.riders.store_id}))

    def send(self, minutes: float = 0, **said: object) -> str:
        """An errand, and all that follows of it. Its id."""
        order_id = self.put(minutes, **said)
        self.riders.world.pump()
        return order_id

    def put(self, minutes: float = 0, **said: object) -> str:
        placed = errands.place(self.wanted(minutes, **said), self.store, self.caller)
        parts.commit(*placed.parts)
        return placed.order.id

    @property
    def store(self) -> Store:
        found = stores.store(self.riders.store_id)
        assert found
        return found

    def wanted(self, minutes: float = 0, **said: object) -> NewErrand:
        drop_off = DropOff.model_validate_json(json.dumps(DOOR))
        ready_at = clock.after(60 * minutes)
        terms = errands.terms(self.store, drop_off.location.coordinates, ready_at)
        assert terms
        return NewErrand(
            errand=Errand.model_validate({"reference": REFERENCE, "ready_at": ready_at, **said}),
            recipient=Recipient(name="Mina", phone="+821012345678", display="A7"),
            drop_off=drop_off,
            note="Mina, +821012345678",
            bringing=terms.price.bringing,
            service=terms.price.service,
            there_at=terms.times.there_at,
            there_by=terms.times.there_by,
        )

    def order(self, order_id: str) -> Order:
        found = orders.find(order_id)
        assert found
        return found

    def accepted(self, **said: object) -> str:
        self.riders.on_duty("jun")
        order_id = self.send(0, **said)
        assert self.riders.answer("jun", "accept").status == 200
        self.riders.world.pump()
        return order_id

    def carried(self) -> str:
        order_id = self.accepted()
        assert self.riders.step("jun", order_id, "arrived-at-store", "picked-up").status == 200
        self.riders.world.pump()
        return order_id

    def at_the_door(self) -> str:
        order_id = self.carried()
        self.riders.step("jun", order_id, "heading-to-customer", "arrived-at-customer")
        return order_id

    def cancel(self, order_id: str) -> Order:
        found = errands.cancel(order_id, self.caller, "high_acceptance_time")
        self.riders.world.pump()
        return found

    def accounts(self) -> dict[str, int]:
        """What every account of the ledger holds: debits above nought. They sum to nothing."""
        found: dict[str, int] = {}
        for row in laws.rows("ledger"):
            name = "merchant" if row["account"].startswith("payable:merchant") else row["account"]
            found[name] = found.get(name, 0) + int(row["amount"])
        assert sum(found.values()) == 0
        laws.demand(self.riders.world)
        return {name: amount for name, amount in found.items() if amount}


@pytest.fixture
def sender(riders: Riders) -> Sender:
    return Sender(riders)


WHOLE = {
    "merchant": PRICE,
    "revenue:errand": -SERVICE,
    "payable:courier:jun": -(GROSS - FEE),
    "revenue:courier_fee": -FEE,
}


def test_an_errand_is_brought_as_any_order_and_its_merchant_pays_for_it(
    sender: Sender, riders: Riders
) -> None:
    order_id = sender.at_the_door()

    path = f"/v1/deliveries/{riders.delivery(order_id).id}/delivered"
    answer = riders.world.post(path, {}, token=riders.token("jun"))
    riders.world.pump()

    assert answer.status == 200, answer.text
    assert sender.order(order_id).status == "DELIVERED"
    riders.world.pass_time(86_500, step=43_250)
    assert sender.accounts() == WHOLE
    assert riders.news(order_id) == [
        "delivery.opened", "delivery.offered", "delivery.accepted",
        "delivery.arrived_at_merchant", "delivery.order_picked", "delivery.ongoing",
        "delivery.arrived_at_customer", "delivery.order_delivered", "delivery.finished",
    ]  # fmt: skip


def test_its_courier_is_told_whom_it_goes_to_while_they_bring_it(
    sender: Sender, riders: Riders
) -> None:
    order_id = sender.carried()
    path = f"/v1/deliveries/{riders.delivery(order_id).id}"

    seen = riders.world.get(path, riders.token("jun"))
    unseen = riders.world.get(path, riders.world.operator())

    assert seen["drop_off"]["address"] == DOOR["address"]
    assert seen["courier_note"] == "Mina, +821012345678"
    assert seen["proof"] == "none"
    assert (unseen["drop_off"], unseen["courier_note"]) == (None, None)


def test_it_is_on_no_board_and_nobodys_but_an_operators(sender: Sender, riders: Riders) -> None:
    order_id = sender.send()
    path, world = f"/v1/orders/{order_id}", riders.world

    assert world.board(riders.store_id) == []
    assert world.call("GET", path, token=world.customer()).status == 404
    seen = world.get(path, world.operator())
    assert (seen["status"], seen["total"]["amount"]) == ("READY_FOR_PICKUP", 0)
    assert sender.order(order_id).customer_id.startswith("err_")


@pytest.mark.parametrize(("zone_fee", "bringing"), [(0, 3000), (2_000, 3000), (5_000, 5000)])
def test_the_price_is_never_less_than_what_a_courier_is_paid(zone_fee: int, bringing: int) -> None:
    found = errands.price("KRW", zone_fee)

    assert (found.bringing, found.service) == (bringing, portion(bringing, 1_000))
    assert found.total == found.bringing + found.service


def test_a_door_out_of_reach_has_no_terms(riders: Riders) -> None:
    store = errands.store_of(riders.store_id)

    assert errands.terms(store, (2.35, 48.85), clock.now()) is None


def test_only_a_live_store_sends_and_only_while_orders_are_taken(
    riders: Riders, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = riders.world.store(owner="draft", live=False)
    for store_id in (draft, "sto_01935f0e000070008000000000"):
        with pytest.raises(NotFoundError):
            errands.store_of(store_id)

    def stop() -> None:
        raise OrdersStoppedError

    monkeypatch.setattr(stopping, "demand_open", stop)
    with pytest.raises(OrdersStoppedError):
        errands.store_of(riders.store_id)


# --- whose it is ---------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["ready", "finish", "picked", "cancel"])
def test_another_stores_errand_is_as_good_as_none(
    sender: Sender, riders: Riders, command: str
) -> None:
    order_id = sender.send(says_ready=True)
    more = ["other"] if command == "cancel" else []
    other = Caller("cli_other", frozenset({Role.STORE}), frozenset({"sto_other"}))
    person = Caller("mina", frozenset({Role.CUSTOMER}))

    with pytest.raises(NotFoundError):
        getattr(errands, command)(order_id, other, *more)
    with pytest.raises(ForbiddenError):
        getattr(errands, command)(order_id, person, *more)
    with pytest.raises(NotFoundError):
        getattr(errands, command)(riders.order(), sender.caller, *more)
    assert sender.order(order_id).status == "CONFIRMED"


def test_nobody_sends_for_another_store(sender: Sender, riders: Riders) -> None:
    other = Sender(Riders(riders.world, about={"owner": "other"}))
    store = errands.store_of(riders.store_id)
    new = sender.wanted()

    with pytest.raises(NotFoundError):
        errands.place(new, store, other.caller)


# --- when it is ready, fetched and over ----------------------------------------------------------


def test_a_courier_waits_for_a_store_that_says_when_it_is_ready(
    sender: Sender, riders: Riders
) -> None:
    order_id = sender.accepted(says_ready=True)
    early = riders.step("jun", order_id, "arrived-at-store", "picked-up")

    told = [errands.ready(order_id, sender.caller).status for _ in range(2)]
    riders.world.pump()
    after = riders.step("jun", order_id, "picked-up")

    assert (early.status, early.json["code"]) == (409, "not_ready")
    assert told == ["READY_FOR_PICKUP"] * 2
    assert riders.delivery(order_id).ready_at <= clock.stamp(clock.now())
    assert after.status == 200


def test_one_that_is_ready_later_is_fetched_later(sender: Sender, riders: Riders) -> None:
    waits, known = sender.send(minutes=40, says_ready=True), sender.send(minutes=40)

    expected = clock.after(40 * 60)
    for order_id in (waits, known):
        found = clock.parse(riders.delivery(order_id).ready_at)
        assert abs(found - expected) < timedelta(seconds=5)


def test_a_store_that_says_what_is_fetched_hands_it_over_itself(
    sender: Sender, riders: Riders
) -> None:
    order_id = sender.accepted(says_picked=True)
    with pytest.raises(ImpossibleStepError):
        errands.picked(order_id, sender.caller)
    by_courier = riders.step("jun", order_id, "arrived-at-store", "picked-up")

    told = [errands.picked(order_id, sender.caller).status for _ in range(2)]

    assert (by_courier.status, by_courier.json["code"]) == (409, "not_handed_over")
    assert told == ["ORDER_PICKED"] * 2
    assert riders.step("jun", order_id, "picked-up").status == 200
    assert sender.order(order_id).status == "DISPATCHED"


def test_what_is_not_ready_or_not_looked_for_is_not_fetched(sender: Sender, riders: Riders) -> None:
    order_id = sender.accepted(says_ready=True, says_picked=True)
    riders.step("jun", order_id, "arrived-at-store")
    with pytest.raises(ImpossibleMoveError):
        errands.picked(sender.put(), sender.caller)

    with pytest.raises(NotReadyError):
        errands.picked(order_id, sender.caller)


def test_a_store_ends_it_or_the_clock_does(sender: Sender, riders: Riders) -> None:
    order_id = sender.at_the_door()
    with pytest.raises(ImpossibleMoveError):
        errands.finish(order_id, sender.caller)
    riders.step("jun", order_id, "delivered")

    path = f"/v1/deliveries/{riders.delivery(order_id).id}/delivered"
    assert riders.world.post(path, {}, token=riders.token("jun")).status == 200
    told = [errands.finish(order_id, sender.caller).status for _ in range(2)]
    riders.world.pump()

    assert told == ["CONCLUDED"] * 2
    assert riders.delivery(order_id).status == "DELIVERY_FINISHED"


# --- what becomes of it otherwise ----------------------------------------------------------------


def test_giving_it_up_is_free_before_a_courier_has_accepted(sender: Sender, riders: Riders) -> None:
    unopened, opened = sender.put(), sender.send()
    riders.world.streams.skip()

    found = [errands.cancel(one, sender.caller, "other") for one in (unopened, opened)]
    riders.world.pump()

    assert [one.cancellation.fee for one in found if one.cancellation] == [0, 0]
    assert sender.accounts() == {}
    assert stored("ZONE#seoul") == [row for row in stored("ZONE#seoul") if row["sk"] != "DELIVERY"]


def test_giving_it_up_costs_a_part_once_a_courier_comes(sender: Sender, riders: Riders) -> None:
    order_id = sender.accepted()

    found = [sender.cancel(order_id) for _ in range(2)]

    assert found[0].cancellation == found[1].cancellation
    assert sender.accounts() == {"merchant": CANCELLED, "revenue:errand": -CANCELLED}
    assert riders.world.get("/v1/duty", riders.token("jun"))["jobs"] == []


def test_one_on_its_way_comes_back_and_is_paid_for(sender: Sender, riders: Riders) -> None:
    order_id = sender.carried()

    found = sender.cancel(order_id)
    returning = riders.delivery(order_id).status
    riders.step("jun", order_id, "returned")
    riders.world.pump()

    assert (found.status, returning) == ("CANCELLED", "RETURNING_TO_MERCHANT")
    assert riders.delivery(order_id).status == "DELIVERY_FINISHED"
    assert sender.accounts() == WHOLE


@pytest.mark.parametrize(("code", "owed"), [("customer_absent", True), ("damaged", False)])
def test_what_cannot_be_handed_over_is_paid_by_who_is_liable(
    sender: Sender, riders: Riders, code: str, *, owed: bool
) -> None:
    order_id = sender.at_the_door()
    path = f"/v1/deliveries/{riders.delivery(order_id).id}"

    back = riders.world.post(f"{path}/undeliverable", {"code": code}, token=riders.token("jun"))
    riders.step("jun", order_id, "returned")
    riders.world.pump()

    assert back.status == 200
    platforms = {
        "expense:courier_pay": GROSS,
        "payable:courier:jun": -(GROSS - FEE),
        "revenue:courier_fee": -FEE,
    }
    assert sender.accounts() == (WHOLE if owed else platforms)
    assert [row for row in laws.rows("orders") if row["pk"].startswith("PERSON#err")] == []


def test_what_was_handed_over_is_not_given_up(sender: Sender, riders: Riders) -> None:
    order_id = sender.at_the_door()
    path = f"/v1/deliveries/{riders.delivery(order_id).id}/delivered"
    riders.world.post(path, {}, token=riders.token("jun"))

    with pytest.raises(ImpossibleMoveError):
        errands.cancel(order_id, sender.caller, "other")


def test_one_for_which_nobody_is_found_is_given_up_for_nothing(
    sender: Sender, riders: Riders
) -> None:
    order_id = sender.send()
    riders.world.pass_time(660)

    order = sender.order(order_id)
    assert order.cancellation
    assert (order.status, order.cancellation.code) == ("CANCELLED", "no_courier")
    assert order.cancellation.liable_party == "platform"
    assert riders.delivery(order_id).status == "CANCELLED"
    assert sender.accounts() == {}
    errands.nobody(order_id)


def test_an_operator_gives_it_up_at_the_platforms_expense(sender: Sender, riders: Riders) -> None:
    order_id = sender.carried()

    riders.cancel(order_id)
    riders.step("jun", order_id, "returned")
    riders.world.pump()

    assert sender.accounts()["expense:courier_pay"] == GROSS


def test_a_courier_who_gives_it_back_is_followed_by_another(sender: Sender, riders: Riders) -> None:
    order_id = sender.accepted(alone=True, vehicles=("scooter",))
    path = f"/v1/deliveries/{riders.delivery(order_id).id}/release"

    answer = riders.world.post(path, {"code": "breakdown"}, token=riders.token("jun"))

    assert answer.status == 200, answer.text
    second = riders.delivery(order_id)
    assert (second.attempt, second.errand, second.alone) == (2, True, True)
    assert second.vehicles == ["scooter"]


def test_whoever_accepts_first_is_paid_the_fee_by_who_gives_it_up(
    sender: Sender, riders: Riders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A courier accepts between the read and the write: it is not free any more."""
    riders.on_duty("jun")
    order_id = sender.send()
    real, raced = giving_up.parts_of, list[int]()

    def accept_first(delivery: DeliveryHead, code: str, actor: str) -> tuple[Part, ...]:
        if not raced:
            raced.append(riders.answer("jun", "accept").status)
        return real(delivery, code, actor)

    monkeypatch.setattr(giving_up, "parts_of", accept_first)
    found = sender.cancel(order_id)

    assert raced == [200]
    assert found.cancellation
    assert found.cancellation.fee == CANCELLED


def test_races_without_end_are_told(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = sender.send()

    def busy(*_: object) -> None:
        raise BusyError

    monkeypatch.setattr(errands, "_cancelled", busy)
    with pytest.raises(BusyError):
        errands.cancel(order_id, sender.caller, "other")


# --- who carries it ------------------------------------------------------------------------------


def test_who_rides_something_else_is_not_asked(sender: Sender, riders: Riders) -> None:
    riders.on_duty("jun", vehicle="scooter")
    riders.on_duty("ana", vehicle="car")

    sender.send(vehicles=("car",))

    assert (len(riders.asked("jun")), len(riders.asked("ana"))) == (0, 1)


def test_what_goes_alone_is_of_no_store_to_dispatch(sender: Sender, riders: Riders) -> None:
    alone, together = sender.send(alone=True), sender.send()

    opened = riders.seen().deliveries
    assert opened[riders.delivery(alone).id].store_id is None
    assert opened[riders.delivery(together).id].store_id == riders.store_id


def test_a_store_sees_how_many_could_come(sender: Sender, riders: Riders) -> None:
    store = errands.store_of(riders.store_id)
    assert errands.around(store) == errands.Around({}, None)
    riders.on_duty("ana", vehicle="car")
    assert dict(errands.around(store).free) == {"car": 1}

    sender.send()
    assert riders.answer("ana", "accept").status == 200

    found = errands.around(store)
    assert dict(found.free) == {}
    assert found.next_at
    assert found.next_at > clock.now()


# --- forgetting ----------------------------------------------------------------------------------


def test_to_whom_it_went_is_forgotten_a_month_after(sender: Sender, riders: Riders) -> None:
    order_id = sender.carried()
    sender.cancel(order_id)
    riders.step("jun", order_id, "returned")
    before = orders_errands.recipient(order_id)

    riders.world.pass_time(31 * 86_400, step=86_400 * 15.5)

    assert before
    assert before.name == "Mina"
    assert orders_errands.recipient(order_id) is None
    assert orders.drop_off(order_id) is None
    assert orders.courier_note(order_id) is None
    assert riders.delivery(order_id).drop == {}
    assert not any("Mina" in str(row) for row in (*laws.rows("orders"), *laws.rows("couriers")))
    assert opening.present(order_id)


def test_the_laws_of_deliveries_hold_for_errands(sender: Sender) -> None:
    sender.send()
    sender.send(alone=True)

    rows = laws.rows("couriers")
    heads = [row for row in laws.rows("orders") if row["pk"].startswith("ORDER#")]
    delivery_laws.demand([row for row in heads if row["sk"] == "HEAD"], rows)
