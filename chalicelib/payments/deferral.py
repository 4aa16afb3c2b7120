"""Payments for later, as pure rules: how far ahead money can be held, and when it is charged.

A payment whose moment lies further ahead than its method holds money is *saved* at checkout, by a
SetupIntent that the payer confirms, and *charged* with nobody there a day before the moment:

opening -> open (the payer confirms) -> ready (saved; charged when its time comes) -> over (let go)
"""

from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.core import clock
from chalicelib.payments.methods import METHODS, MethodName

type Stage = Literal["opening", "open", "ready", "over"]

OPENING: Final = "opening"
OPEN: Final = "open"
READY: Final = "ready"
OVER: Final = "over"
STAGES: Final[tuple[Stage, ...]] = (OPENING, OPEN, READY, OVER)
HELD: Final = frozenset({OPENING, OPEN, READY})
"""Something at Stripe may have to be let go of in the end."""
CHARGE_BEFORE = timedelta(hours=24)
LOOK_EVERY = timedelta(days=1)
"""So often somebody looks whether an order has ended whose charge is days away."""
AUTHENTICATION_REQUIRED = "authentication_required"
CHARGE_REFUSED = "charge_refused"
"""Why a charge failed where Stripe tells no reason: what was saved is gone, or may not be used."""


def charge_at(method: MethodName, moment: datetime | None) -> datetime | None:
    """When a payment for a moment is charged; None where its money is held from now on."""
    ahead = METHODS[method].ahead
    if moment is None or ahead is None or moment - clock.now() <= ahead:
        return None
    return moment - CHARGE_BEFORE


def pause(until: datetime | None) -> float:
    """For how many seconds what is saved may be left alone that is charged then; 0: no longer."""
    left = until - clock.now() if until else timedelta()
    return max(min(left, LOOK_EVERY).total_seconds(), 0)


def stage(stored: str | None) -> Stage | None:
    """A stage as it is stored. One that a newer release knows is none that we may act on."""
    known = [one for one in STAGES if one == stored]
    return known[0] if known else OVER if stored else None


def word(decline_code: str) -> str:
    """What a payer has to do about a charge that failed: come and confirm it, or pay otherwise."""
    return "action_required" if decline_code == AUTHENTICATION_REQUIRED else "declined"
