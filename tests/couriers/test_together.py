"""Several deliveries of a store as one offer: taken or refused as a whole, then lived apart."""

from itertools import pairwise

import pytest

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.errors import BusyError
from chalicelib.couriers import (
    answering,
    moving,
    offering,
    routing,
    supply,
    watching,
    withdrawing,
)
from chalicelib.couriers.matching import ZoneState
from chalicelib.couriers.models import Assignment, OfferItem, assignment_key, courier_key, offer_key
from chalicelib.couriers.status import Vehicle
from chalicelib.couriers.zone_models import OpenDelivery
from tests.couriers.riders import Riders
from tests.couriers.street import ON_THE_WAY, ZONE, Rider, Street, at_once, events


def live(delivery_id: str) -> list[str]:
    found = offering.opened(ZONE, delivery_id)
    return [one["offer_id"] for one in found.offers] if found else []


def refused(delivery_id: str) -> list[str]:
    found = offering.opened(ZONE, delivery_id)
    assert found is not None
    return list(found.refused)


def test_an_offer_of_several_shows_every_stop_and_the_sums(street: Street, jun: Rider) -> None:
    offer_id, deliveries = street.together(jun, 3)

    [offer] = jun.get("/v1/offers")["items"]

    assert offer["id"] == offer_id
    assert [one["delivery_id"] for one in offer["stops"]] == [each.id for each in deliveries]
    assert offer["metres_to_drop"] == sum(one["metres"] for one in offer["stops"])
    for name in ("gross", "fee", "net", "tip"):
        assert offer["earning"][name] == sum(one["earning"][name] for one in offer["stops"])
    assert offer["earning"]["gross"] == 9000


def test_of_several_deliveries_the_courier_is_told_once(street: Street, jun: Rider) -> None:
    _, (first, second) = street.together(jun)

    assert events(first.id)[-1] == "delivery.offered"
    assert events(second.id)[-1] == "delivery.offered_along"


def test_accepting_takes_all_of_them_in_the_order_of_their_doors(
    street: Street, jun: Rider
) -> None:
    offer_id, deliveries = street.together(jun, 3)

    answer = jun.answer(offer_id)
    again = jun.answer(offer_id)

    names = [each.id for each in deliveries]
    assert (answer.status, again.status) == (200, 200)
    assert answer.json["id"] == names[0]
    assert jun.get("/v1/duty")["jobs"] == names
    for stop, name in enumerate(names, start=1):
        seen = jun.get(f"/v1/deliveries/{name}")
        assert (seen["status"], seen["stop"]) == ("ACCEPTED", stop)
        assert events(name).count("delivery.accepted") == 1
        assert offering.opened(ZONE, name) is None


def test_who_has_accepted_several_can_accept_nothing_else(street: Street, jun: Rider) -> None:
    offer_id, _ = street.together(jun)
    jun.answer(offer_id)

    other = street.ask(jun, street.order())

    assert jun.answer(other).json["code"] == "on_a_job"


def test_of_an_offer_of_several_and_one_of_them_alone_exactly_one_is_accepted(
    street: Street, jun: Rider
) -> None:
    mia = street.rider("mia")
    both, (first, second) = street.together(jun)
    alone = street.ask(mia, second.order_id)

    answers = at_once(lambda: jun.answer(both), lambda: mia.answer(alone))

    assert sorted(one.status for one in answers) in ([200, 409], [200, 410])
    taken = [one for one in (first, second) if moving.demand(one.id).courier_id]
    carriers = {moving.demand(one.id).courier_id for one in taken}
    assert len(carriers) == 1
    assert (len(taken) == 2) == (carriers == {"jun"})
    for rider in (jun, mia):
        duty = rider.duty()
        assert duty is not None
        assert duty.offer_id is None


def test_when_one_is_taken_from_under_it_the_other_looks_for_a_courier_again(
    street: Street, jun: Rider
) -> None:
    mia = street.rider("mia")
    both, (first, second) = street.together(jun)
    alone = street.ask(mia, second.order_id)

    assert mia.answer(alone).status == 200

    assert jun.answer(both).json["code"] == "already_taken"
    assert live(first.id) == []
    assert refused(first.id) == []
    assert events(first.id)[-1] == "delivery.offer_revoked"


def test_an_order_given_up_takes_the_whole_offer_back(street: Street, jun: Rider) -> None:
    offer_id, (first, second) = street.together(jun)

    street.world.post(
        f"/v1/orders/{second.order_id}/cancel", {"code": "other"}, token=street.world.operator()
    )
    street.world.pump()

    assert answering.find(offer_id, "jun").status == "revoked"  # type: ignore[union-attr]
    assert jun.answer(offer_id).json["code"] == "offer_gone"
    assert moving.demand(second.id).status == "CANCELLED"
    assert "delivery.offer_revoked" in events(first.id)
    assert events(first.id)[-1] == "delivery.offered", "the other one is offered alone"


def test_nothing_is_accepted_where_one_of_the_orders_was_just_given_up(
    street: Street, jun: Rider
) -> None:
    """Dispatch has not heard of it yet: the orders' own condition says so."""
    offer_id, (first, second) = street.together(jun)
    path, token = f"/v1/orders/{second.order_id}/cancel", street.world.operator()
    assert street.world.post(path, {"code": "other"}, token=token).status == 200

    answer = jun.answer(offer_id)

    assert (answer.status, answer.json["code"]) == (410, "offer_gone")
    assert [moving.demand(each.id).status for each in (first, second)] == ["PENDING"] * 2


def test_declining_declines_all_of_them(street: Street, jun: Rider) -> None:
    offer_id, deliveries = street.together(jun)

    assert jun.answer(offer_id, "decline").status == 200
    assert jun.answer(offer_id, "decline").status == 200

    for each in deliveries:
        assert (live(each.id), refused(each.id)) == ([], ["jun"])
        assert events(each.id).count("delivery.offer_declined") == 1
    duty = jun.duty()
    assert duty is not None
    assert duty.offer_id is None


def test_an_offer_of_several_lapses_once_for_all(riders: Riders) -> None:
    riders.on_duty("jun")
    orders = [riders.opened(), riders.opened()]
    riders.run()
    riders.world.pump()
    assert len(riders.asked("jun")[0]["stops"]) == 2

    riders.pass_without_sweeps(offering.OFFER_SECONDS)

    assert riders.asked("jun") == []
    assert riders.seen().couriers["jun"].offer_id is None
    for order_id in orders:
        assert riders.news(order_id).count("delivery.offer_expired") == 1
        assert refused(riders.delivery(order_id).id) == ["jun"]


def test_an_offer_that_has_ended_unheard_is_forgotten_when_its_time_is_over(
    street: Street, jun: Rider
) -> None:
    offer_id, (first, second) = street.together(jun)
    item = OfferItem(courier_key("jun"), offer_key(offer_id))
    item.update([OfferItem.status.set("accepted")])
    opened = offering.opened(ZONE, second.id)
    assert opened is not None

    parts.commit(*withdrawing.expire(opened, opened.offers[0], jun.duty()))

    assert live(first.id) == live(second.id) == []
    kept = dynamo.get(OfferItem, courier_key("jun"), offer_key(offer_id))
    assert kept is not None
    assert kept.status == "accepted"


def test_a_delivery_that_changes_meanwhile_is_read_again(street: Street, jun: Rider) -> None:
    _, (first, second) = street.together(jun)
    opened = offering.opened(ZONE, second.id)
    assert opened is not None
    OpenDelivery.at(ZONE, first.id).update([OpenDelivery.version.set(99)])

    with pytest.raises(BusyError):
        parts.commit(*withdrawing.expire(opened, opened.offers[0], jun.duty()))


@pytest.mark.parametrize("way", ["release", "reassign"])
def test_one_of_several_is_given_back_or_taken_away_alone(
    street: Street, jun: Rider, way: str
) -> None:
    offer_id, (first, second) = street.together(jun)
    jun.answer(offer_id)
    token = jun.token if way == "release" else street.world.operator()

    answer = street.world.post(
        f"/v1/deliveries/{first.id}/{way}", {"code": "accident"}, token=token
    )

    assert answer.status == 200
    assert jun.get("/v1/duty")["jobs"] == [second.id]
    assert street.delivery(first.order_id).id != first.id
    assert moving.demand(second.id).status == "ACCEPTED"


def test_both_are_brought_one_door_after_the_other(street: Street, jun: Rider) -> None:
    offer_id, deliveries = street.together(jun)
    jun.answer(offer_id)
    for each in deliveries:
        assert jun.step(each.id, *ON_THE_WAY).status == 200

    for number, each in enumerate(deliveries):
        jun.step(each.id, "heading-to-customer", "arrived-at-customer")
        pin = street.pin(each.order_id, user=f"mina{number}")
        assert jun.step(each.id, "delivered", body={"pin": pin}).status == 200

    duty = jun.duty()
    assert duty is not None
    assert not any((duty.jobs, duty.ends_at, duty.ends_near))


def test_whose_door_comes_later_sees_no_position_and_a_later_time(
    street: Street, jun: Rider
) -> None:
    offer_id, (first, second) = street.together(jun)
    jun.answer(offer_id)
    for each in (first, second):
        jun.step(each.id, *ON_THE_WAY)
    jun.locate()

    def seen(number: int, order_id: str) -> dict[str, object]:
        token = street.world.customer(f"mina{number}")
        found: dict[str, object] = street.world.get(f"/v1/orders/{order_id}/tracking", token)
        return found

    one, other = seen(0, first.order_id), seen(1, second.order_id)
    jun.step(first.id, "heading-to-customer", "arrived-at-customer")
    jun.step(first.id, "delivered", body={"pin": street.pin(first.order_id, user="mina0")})

    assert one["position"]
    assert not other.get("position")
    assert str(one["arrives_at"]) < str(other["arrives_at"])
    assert seen(1, second.order_id)["position"]


def test_before_the_pick_up_the_doors_before_count_for_the_time(street: Street, jun: Rider) -> None:
    offer_id, (_, second) = street.together(jun)
    jun.answer(offer_id)
    duty = jun.duty()
    assert duty is not None

    assert len(routing.doors_before(moving.demand(second.id), duty)) == 1


def test_a_silent_courier_loses_what_is_not_fetched_and_keeps_what_is(
    street: Street, jun: Rider
) -> None:
    offer_id, (first, second) = street.together(jun)
    jun.answer(offer_id)
    jun.step(first.id, *ON_THE_WAY)
    street.world.clock.move(watching.LOST_SECONDS)

    for _ in range(2):
        duty = jun.duty()
        assert duty is not None
        watching.look(duty)

    assert moving.demand(second.id).status == "CANCELLED"
    assert events(first.id)[-1] == "delivery.courier_lost"
    assert jun.get("/v1/duty")["jobs"] == [first.id]


def test_a_person_is_told_of_all_that_a_lost_courier_carries(street: Street, jun: Rider) -> None:
    offer_id, deliveries = street.together(jun)
    jun.answer(offer_id)
    for each in deliveries:
        jun.step(each.id, *ON_THE_WAY)
    street.world.clock.move(watching.LOST_SECONDS)
    duty = jun.duty()
    assert duty is not None

    watching.look(duty)

    assert [events(each.id)[-1] for each in deliveries] == ["delivery.courier_lost"] * 2


def test_the_end_of_a_route_is_known_roughly_while_it_lasts(street: Street, jun: Rider) -> None:
    delivery = street.job(jun)
    duty = jun.duty()
    assert duty is not None

    assert clock.parse(str(duty.ends_at)) > clock.now()
    assert tuple(duty.ends_near) != offering.door(delivery)
    assert tuple(duty.ends_near) == offering.area(offering.door(delivery)).location.coordinates


def test_a_route_takes_its_ways_and_a_hand_over_at_each_door_between() -> None:
    places = [(127.0, 37.5), (127.01, 37.5), (127.02, 37.5)]

    alone = [routing.seconds(Vehicle.SCOOTER, list(leg)) for leg in pairwise(places)]

    assert routing.seconds(Vehicle.SCOOTER, places) == sum(alone) + routing.HAND_OVER_SECONDS


# --- in runs of dispatch -------------------------------------------------------------------------


def test_two_ready_orders_of_a_store_are_offered_as_one_where_there_is_one_courier(
    riders: Riders,
) -> None:
    riders.on_duty("jun")
    orders = {riders.opened(), riders.opened()}

    riders.run()

    [offer] = riders.asked("jun")
    assert {one["delivery_id"] for one in offer["stops"]} == {
        riders.delivery(each).id for each in orders
    }
    kept = dynamo.get(Assignment, assignment_key(offer["id"]))
    assert kept is not None
    assert kept.decision["reason"] == "together"


def test_with_enough_couriers_nobody_waits_for_anothers_door(riders: Riders) -> None:
    riders.on_duty("jun")
    riders.on_duty("ari")
    riders.opened()
    riders.opened()

    riders.run()

    assert [len(riders.asked(one)[0]["stops"]) for one in ("jun", "ari")] == [1, 1]


def test_everybody_who_works_is_reckoned_with(riders: Riders) -> None:
    """Who has a job is expected when it should be over, unless they are leaving."""
    riders.carried("jun")

    [busy] = supply_state(riders).busy
    riders.world.post("/v1/duty/end", token=riders.token("jun"))

    assert busy.courier_id == "jun"
    assert busy.free_at > clock.now()
    assert supply_state(riders).busy == ()


def supply_state(riders: Riders) -> ZoneState:
    return supply.state(riders.seen())
