"""The optimiser as a policy of runs of dispatch: whom to ask for which deliveries. Pure.

To go is to be asked, for what is ready by then: who is asked is promised something, and nothing is
kept waiting at the store for what is not. Who is about to finish is reckoned with, and not asked.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from chalicelib.catalog.zones import EARTH_METRES, Corner
from chalicelib.couriers import travelling
from chalicelib.couriers.matching import (
    KEPT_CANDIDATES,
    LOOK_AGAIN_SECONDS,
    MARGIN_SECONDS,
    Busy,
    Decision,
    Free,
    Plan,
    Wanting,
    ZoneState,
    candidates_of,
    features_of,
    is_silent,
    nearest,
)
from chalicelib.couriers.optimising.city import City, Courier, Order, Spot, Terms
from chalicelib.couriers.optimising.deciding import Meant, meant
from chalicelib.couriers.optimising.weights import WEIGHTS

RULE = "least-waiting-2"
HORIZON = timedelta(minutes=WEIGHTS.horizon)
OVERDUE = 2.0
"""Minutes until somebody is taken to be free whose job should be over by now."""
TERMS = Terms(
    step=MARGIN_SECONDS / 60,
    pickup=0,
    dropoff=3,
    latest=90,
    pay=1,
    guaranteed=0,
    grain=1 / 60,
    carries=3,
)


def least_waiting(state: ZoneState) -> Plan:
    """Ask those by whom all deliveries together wait least, each when it is time to set off.

    Where one courier is free or one delivery is open, this is who is there first. Nobody is left
    standing idle while something waits that nobody idle is meant to bring: the nearest is asked.
    """
    heard = {each.courier_id: each for each in state.couriers if not is_silent(each, state.now)}
    left = {each.delivery_id: each for each in state.deliveries}
    idle = dict(heard)
    decisions: list[Decision] = []
    later: dict[str, datetime] = {}
    for each in meant(_city(state, heard)):
        if each.courier_id not in heard:  # who is about to finish is reckoned with, and not asked
            continue
        del idle[each.courier_id]
        due = [order for order in each.bundle.orders if _slack(order, each) < 0]
        taken = [left.pop(order.order_id) for order in due or each.bundle.orders]
        if due:
            decisions.append(_decision(taken, each, heard, state))
        else:
            slack = min(_slack(order, each) for order in each.bundle.orders)
            leave_at = state.now + timedelta(minutes=slack)
            later |= {one.delivery_id: leave_at for one in taken}
    spared = _spared(state, idle.values(), left.values())
    decisions += spared.decisions
    later |= {**spared.later, **_beyond(state, heard, left)}
    known = {*later, *(each.delivery_id for each in spared.decisions)}
    wakes = [*later.values()]
    if _is_wanting(state, [each for key, each in left.items() if key not in known]):
        wakes.append(state.now + timedelta(seconds=LOOK_AGAIN_SECONDS))
    return Plan(tuple(decisions), min(wakes, default=None), later)


def _slack(order: Order, chosen: Meant) -> float:
    """For how many minutes somebody need not set off yet, to be there when this is ready."""
    return order.ready_at - chosen.reached - TERMS.step


def _spared(state: ZoneState, idle: Iterable[Free], left: Iterable[Wanting]) -> Plan:
    """Who stands idle, for what would go without: dear on the whole, and better than waiting."""
    soon = tuple(each for each in left if each.ready_at <= state.now + HORIZON)
    found = nearest(ZoneState(state.now, tuple(idle), soon))
    named = (replace(each, rule=RULE, weights=asdict(WEIGHTS)) for each in found.decisions)
    return replace(found, decisions=tuple(named))


def _beyond(
    state: ZoneState, heard: Mapping[str, Free], left: Mapping[str, Wanting]
) -> dict[str, datetime]:
    """What is ready so late that it was not thought of, and for which somebody is there."""
    return {
        each.delivery_id: each.ready_at - HORIZON
        for each in left.values()
        if each.ready_at > state.now + HORIZON and heard.keys() - each.refused
    }


def _is_wanting(state: ZoneState, nobodys: Iterable[Wanting]) -> bool:
    """Whether somebody who is meant for something else, or silent, might yet bring one of these."""
    everybody = {each.courier_id for each in state.couriers}
    return any(everybody - each.refused for each in nobodys)


def _city(state: ZoneState, heard: Mapping[str, Free]) -> City:
    """Minutes from now on, metres of street from the first store."""
    stores = {_store(each): each.pickup for each in state.deliveries}
    middle = next(iter(sorted(stores.values())), (0.0, 0.0))
    return City(
        now=0.0,
        terms=TERMS,
        stores={key: _spot(corner, middle) for key, corner in stores.items()},
        orders=tuple(_order(each, state, middle) for each in state.deliveries),
        couriers=(
            *(_courier(each, 0.0, state, middle) for each in heard.values()),
            *(_courier(each, _free_in(each, state), state, middle) for each in state.busy),
        ),
    )


def _store(delivery: Wanting) -> str:
    """Where a store is goes with its name: it may have moved between two of its orders."""
    return f"{delivery.store_id} {delivery.pickup}"


def _order(delivery: Wanting, state: ZoneState, middle: Corner) -> Order:
    promised = _minutes(delivery.promised_by - state.now)
    return Order(
        order_id=delivery.delivery_id,
        store_id=_store(delivery),
        door=_spot(delivery.drop, middle),
        placed_at=promised - TERMS.latest,
        ready_at=_minutes(delivery.ready_at - state.now),
        refused=delivery.refused,
    )


def _courier(courier: Free | Busy, free_at: float, state: ZoneState, middle: Corner) -> Courier:
    since = _minutes(courier.since - state.now)
    return Courier(
        courier_id=courier.courier_id,
        spot=_spot(courier.at, middle),
        free_at=free_at,
        on_at=since,
        off_at=math.inf,
        metres_a_minute=60 * travelling.SPEEDS[courier.vehicle],
        turn=since,
    )


def _free_in(courier: Busy, state: ZoneState) -> float:
    return max(OVERDUE, _minutes(courier.free_at - state.now))


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60


def _spot(corner: Corner, middle: Corner) -> Spot:
    """On a plane around the middle: within a zone it is as good as the sphere."""
    metres = math.radians(1) * EARTH_METRES * travelling.DETOUR
    across = math.cos(math.radians(middle[1]))
    return (corner[0] - middle[0]) * metres * across, (corner[1] - middle[1]) * metres


def _decision(
    taken: Sequence[Wanting], chosen: Meant, heard: Mapping[str, Free], state: ZoneState
) -> Decision:
    first, *others = taken
    refused = frozenset[str]().union(*(each.refused for each in taken))
    candidates = candidates_of(replace(first, refused=refused), heard)
    reason = "nearest" if candidates[0].courier_id == chosen.courier_id else "least_waiting_of_all"
    return Decision(
        delivery_id=first.delivery_id,
        courier_id=chosen.courier_id,
        reason="together" if others else reason,
        candidates=candidates[:KEPT_CANDIDATES],
        features={
            **features_of(first, round(60 * chosen.reached), state.now),
            "candidates": len(candidates),
            "deliveries": len(taken),
        },
        rule=RULE,
        weights=asdict(WEIGHTS),
        along=tuple(each.delivery_id for each in others),
    )
