"""Where couriers on duty are: the last position alone, in one conditional write.

A position is written into the duty's own item, if there is one. Off duty there is none, and so
nothing that it could be stored in.
"""

from datetime import timedelta

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.dynamo import Raw
from chalicelib.core.errors import InvalidError
from chalicelib.core.rights import Caller
from chalicelib.couriers.duty import KEPT_SECONDS
from chalicelib.couriers.errors import OffDutyError, OnBreakError
from chalicelib.couriers.schemas import Located, Positions
from chalicelib.couriers.status import DutyStatus
from chalicelib.couriers.zone_models import OnDuty

AHEAD_SECONDS = 300
"""How far a courier's clock may run ahead of ours."""


class _KnownBetterError(Exception):
    """A newer batch came before this one, or the courier was not on duty then."""


def note(caller: Caller, said: Positions) -> None:
    """Note the newest of a courier's positions. What is older than what is known is passed over.

    Raises OffDutyError (409) for who is not on duty in that zone, OnBreakError (409), and
    InvalidError (400) for a point from the future or one that is older than a day.
    """
    _demand_recent(said)
    newest = max(said.points, key=lambda point: point.at)
    at = clock.stamp(min(newest.at, clock.now()))
    noted = parts.update(
        OnDuty.at(said.zone, caller.id),
        [
            OnDuty.location.set(list(newest.location.coordinates)),
            OnDuty.located_at.set(at),
            OnDuty.sequence.set(said.sequence),
            OnDuty.expires_at.set(clock.forget_at(clock.after(KEPT_SECONDS))),
        ],
        _why_not,
        (OnDuty.sequence < said.sequence)
        & (OnDuty.since <= at)
        & (OnDuty.status != DutyStatus.BREAK),
    )
    try:
        parts.commit(noted)
    except _KnownBetterError:
        return


def _why_not(raw: Raw | None) -> Exception:
    if raw is None:
        return OffDutyError()
    on_break = dynamo.raw_text(raw, "status") == DutyStatus.BREAK
    return OnBreakError() if on_break else _KnownBetterError()


def _demand_recent(said: Positions) -> None:
    faults = [
        {"pointer": f"/points/{number}/at", "detail": fault, "code": "moment_refused"}
        for number, point in enumerate(said.points)
        if (fault := _fault(point))
    ]
    if faults:
        raise InvalidError(errors=faults)


def _fault(point: Located) -> str | None:
    now = clock.now()
    if point.at > now + timedelta(seconds=AHEAD_SECONDS):
        return f"more than {AHEAD_SECONDS} seconds in the future"
    if point.at < now - timedelta(seconds=KEPT_SECONDS):
        return "older than a day"
    return None
