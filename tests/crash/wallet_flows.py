"""Everything that calls the outside in the way of a saved method, one flow at a time."""

from tests.crash.flows import (
    Facts,
    Flow,
    held,
    later,
    pay,
    place,
    pump,
    quoted,
    sweep,
    then,
)
from tests.payments import wallets
from tests.world import Reply, World

SAVES = {"method": "card", "save": True}


def _begun(world: World) -> Facts:
    """Mina is about to save a method."""
    world.pump()
    return {"key": "the-key"}


def _opened(world: World) -> Facts:
    return {"opened": wallets.open_method(world).json}


def _set_up(world: World) -> Facts:
    """The browser has confirmed, and nobody here has heard of it."""
    facts = _opened(world)
    world.pump()
    wallets.confirm_at_stripe(world, facts["opened"])
    return facts


def _two_saved(world: World) -> Facts:
    wallets.save(world, "pm_card_amex")
    facts = _set_up(world)
    world.pump()
    return facts


def _open_method(world: World, facts: Facts) -> Reply:
    return wallets.open_method(world, key=facts["key"])


def _confirm_method(world: World, facts: Facts) -> Reply:
    return wallets.confirm(world, facts["opened"]["id"])


def _set_default(world: World, facts: Facts) -> Reply:
    return wallets.set_default(world, facts["opened"]["id"])


def _remove_method(world: World, facts: Facts) -> Reply:
    return wallets.remove(world, facts["opened"]["id"])


WALLET_FLOWS = (
    Flow("save a method", _begun, request=_open_method),
    Flow("the browser has set up", _set_up, request=_confirm_method),
    Flow("Stripe tells of a setup", _set_up, happen=pump),
    Flow("sweep of a setup that nobody told", then(_set_up, later(200)), happen=sweep),
    Flow("sweep of a setup that nobody confirmed", then(_opened, later(90_000)), happen=sweep),
    Flow("choose a default", _two_saved, request=_set_default),
    Flow("remove a method", _two_saved, request=_remove_method),
    Flow("give up a setup", _opened, request=_remove_method),
    Flow("place and save", quoted(SAVES), request=place),
    Flow("the browser has paid and saves", held(SAVES), request=pay),
    Flow("Stripe tells of what is saved", held(SAVES), happen=pump),
)
