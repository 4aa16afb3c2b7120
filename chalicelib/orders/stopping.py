"""The kill switch: an operator stops new orders, and those in flight are finished.

One item says how it stands; each turn is kept beside it for ever: who, when, why. A process reads
the item at most every five seconds, so that a turn is obeyed everywhere within ten
(docs/decisions/kill-switch.md).
"""

from dataclasses import dataclass

from chalicelib.core import audit, clock, dynamo, parts
from chalicelib.core.dynamo import Item
from chalicelib.core.errors import BusyError
from chalicelib.core.rights import Caller
from chalicelib.core.telemetry import alarm
from chalicelib.orders.errors import OrdersStoppedError
from chalicelib.orders.models import TURN, OrdersSwitch, SwitchTurn
from chalicelib.orders.stopping_schemas import SwitchTurned, SwitchView

SWITCH = "SWITCH#orders"
KNOWN_SECONDS = 5
RETRY_SECONDS = 60
RACES = 6
SHOWN_TURNS = 20


@dataclass(frozen=True, slots=True)
class Switch:
    """How the switch stood when it was read, and when that was."""

    stopped: bool
    reason: str | None
    version: int
    read_at: float


_known: list[Switch] = []
"""What this process has read of it last."""


def demand_open() -> None:
    """Raises OrdersStoppedError (503) while new orders are stopped.

    Raises UnavailableError (503) where nobody can tell: nothing new begins then.
    """
    switch = _recent()
    if switch.stopped:
        raise OrdersStoppedError(retry_after=RETRY_SECONDS, reason=switch.reason)


def demand_open_for[T: Item](model: type[T], pk: str) -> T | None:
    """`demand_open`, and an item as it is now: both in one round trip."""
    if _fresh() is None:
        now = clock.wall_now()
        found, item = dynamo.pair((OrdersSwitch, SWITCH), (model, pk))
        _known[:] = [_switch(found, now)]
        demand_open()
        return item
    demand_open()
    return dynamo.get(model, pk)


def _fresh() -> Switch | None:
    """How the switch stood a moment ago, where this process knows."""
    now = clock.wall_now()
    return next((one for one in _known if 0 <= now - one.read_at < KNOWN_SECONDS), None)


def _recent() -> Switch:
    known = _fresh()
    if known is None:
        _known[:] = [known := _read()]
    return known


def forget() -> None:
    """Read the switch anew the next time: for worlds that share a process."""
    _known.clear()


def _read() -> Switch:
    now = clock.wall_now()
    return _switch(dynamo.get(OrdersSwitch, SWITCH), now)


def _switch(found: OrdersSwitch | None, now: float) -> Switch:
    if found is None:
        return Switch(stopped=False, reason=None, version=0, read_at=now)
    return Switch(found.stopped, found.reason, int(found.version), now)


def turn(caller: Caller, *, stopped: bool, reason: str) -> SwitchView:
    """Stop new orders, or let them go on. What stands so already is left as it is.

    Raises BusyError (409) where others keep turning it.
    """
    for _ in range(RACES):
        switch = _read()
        if switch.stopped is stopped:
            return view()
        try:
            parts.commit(*_turned(switch, caller, stopped=stopped, reason=reason))
        except BusyError:
            continue
        forget()
        alarm(f"New orders were {'stopped' if stopped else 'allowed again'}")
        return view()
    raise BusyError


def _turned(
    switch: Switch, caller: Caller, *, stopped: bool, reason: str
) -> tuple[parts.Part, ...]:
    version, now = switch.version + 1, clock.stamp(clock.now())
    head = OrdersSwitch(
        SWITCH,
        dynamo.HEAD,
        stopped=stopped,
        reason=reason if stopped else None,
        version=version,
    )
    as_read = OrdersSwitch.version == switch.version if switch.version else None
    record = SwitchTurn(
        SWITCH,
        f"{TURN}{version:010d}",
        stopped=stopped,
        reason=reason,
        actor=caller.actor,
        at=now,
    )
    action = "orders.stopped" if stopped else "orders.resumed"
    return (
        parts.put(head, BusyError(), as_read),
        parts.put(record, BusyError()),
        audit.entry(caller.actor, action, "orders", reason),
    )


def view() -> SwitchView:
    """How the switch stands now, and how it was turned last, newest first."""
    switch = _read()
    with dynamo.reading():
        turns = SwitchTurn.query(
            SWITCH,
            SwitchTurn.sk.startswith(TURN),
            consistent_read=True,
            scan_index_forward=False,
            limit=SHOWN_TURNS,
        )
        changes = [
            SwitchTurned(
                stopped=one.stopped, reason=one.reason, actor=one.actor, at=clock.parse(one.at)
            )
            for one in turns
        ]
    return SwitchView(stopped=switch.stopped, reason=switch.reason, changes=changes)
