"""The optimiser as a policy of runs of dispatch: whom to ask for each delivery. Pure.

Runs ask a free courier for one delivery. So nothing is joined, and to go is to be asked.
"""

import math
from datetime import datetime, timedelta

from chalicelib.catalog.zones import EARTH_METRES, Corner
from chalicelib.couriers import travelling
from chalicelib.couriers.matching import (
    LOOK_AGAIN_SECONDS,
    MARGIN_SECONDS,
    Decision,
    Free,
    Plan,
    Wanting,
    ZoneState,
    candidates_of,
    is_silent,
)
from chalicelib.couriers.optimising.city import City, Courier, Order, Spot, Terms
from chalicelib.couriers.optimising.deciding import Meant, meant
from chalicelib.couriers.optimising.weights import WEIGHTS

RULE = "least-waiting-1"
HORIZON = timedelta(minutes=WEIGHTS.horizon)
TERMS = Terms(
    step=MARGIN_SECONDS / 60,
    pickup=0,
    dropoff=0,
    latest=90,
    pay=1,
    guaranteed=0,
    grain=1 / 60,
    carries=1,
)


def least_waiting(state: ZoneState) -> Plan:
    """Ask those by whom all deliveries together wait least, each when it is time to set off.

    Where one courier is free or one delivery is open, this is who is there first.
    """
    heard = {each.courier_id: each for each in state.couriers if not is_silent(each, state.now)}
    deliveries = {each.delivery_id: each for each in state.deliveries}
    decisions: list[Decision] = []
    later: dict[str, datetime] = {}
    for each in meant(_city(state, heard)):
        delivery = deliveries.pop(each.bundle.orders[0].order_id)
        if each.now is not None:
            decisions.append(_decision(delivery, each, heard, state))
        else:
            way = timedelta(minutes=each.reached, seconds=MARGIN_SECONDS)
            later[delivery.delivery_id] = delivery.ready_at - way
    for left in deliveries.values():
        if heard.keys() - left.refused and left.ready_at > state.now + HORIZON:
            later[left.delivery_id] = left.ready_at - HORIZON
    wakes = [*later.values()]
    everybody = {each.courier_id for each in state.couriers}
    if any(
        everybody - left.refused for left in deliveries.values() if left.delivery_id not in later
    ):
        wakes.append(state.now + timedelta(seconds=LOOK_AGAIN_SECONDS))
    return Plan(tuple(decisions), min(wakes, default=None), later)


def _city(state: ZoneState, heard: dict[str, Free]) -> City:
    """Minutes from now on, metres of street from the first store."""
    stores = {f"{each.pickup}": each.pickup for each in state.deliveries}
    middle = next(iter(sorted(stores.values())), (0.0, 0.0))
    return City(
        now=0.0,
        terms=TERMS,
        stores={key: _spot(corner, middle) for key, corner in stores.items()},
        orders=tuple(_order(each, state, middle) for each in state.deliveries),
        couriers=tuple(_courier(each, state, middle) for each in heard.values()),
    )


def _order(delivery: Wanting, state: ZoneState, middle: Corner) -> Order:
    promised = _minutes(delivery.promised_by - state.now)
    return Order(
        order_id=delivery.delivery_id,
        store_id=f"{delivery.pickup}",
        door=_spot(delivery.pickup, middle),
        placed_at=promised - TERMS.latest,
        ready_at=_minutes(delivery.ready_at - state.now),
        refused=delivery.refused,
    )


def _courier(courier: Free, state: ZoneState, middle: Corner) -> Courier:
    return Courier(
        courier_id=courier.courier_id,
        spot=_spot(courier.at, middle),
        free_at=0.0,
        on_at=_minutes(courier.since - state.now),
        off_at=math.inf,
        metres_a_minute=60 * travelling.SPEEDS[courier.vehicle],
    )


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60


def _spot(corner: Corner, middle: Corner) -> Spot:
    """On a plane around the middle: within a zone it is as good as the sphere."""
    metres = math.radians(1) * EARTH_METRES * travelling.DETOUR
    across = math.cos(math.radians(middle[1]))
    return (corner[0] - middle[0]) * metres * across, (corner[1] - middle[1]) * metres


def _decision(
    delivery: Wanting, chosen: Meant, heard: dict[str, Free], state: ZoneState
) -> Decision:
    candidates = candidates_of(delivery, heard)
    nearest = candidates[0].courier_id == chosen.courier_id
    return Decision(
        delivery_id=delivery.delivery_id,
        courier_id=chosen.courier_id,
        reason="nearest" if nearest else "least_waiting_of_all",
        candidates=candidates,
        features={
            "seconds_to_pickup": round(60 * chosen.reached),
            "seconds_until_ready": int((delivery.ready_at - state.now).total_seconds()),
            "seconds_until_promised": int((delivery.promised_by - state.now).total_seconds()),
            "seconds_open": int((state.now - delivery.opened_at).total_seconds()),
            "refused_by": len(delivery.refused),
        },
        rule=RULE,
    )
