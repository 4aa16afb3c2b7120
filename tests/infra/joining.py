"""A day of guests: they order, keep things, come back, and are claimed."""

import pytest

from chalicelib.core.errors import UnavailableError
from chalicelib.orders import claiming_guests
from tests.accounts.visiting import ADDRESS, DIET, HOME, visitor
from tests.world import World


def play(world: World, store_id: str) -> None:
    """One guest is claimed at once, and of one the sweep has to finish it."""
    for user in ("mina", "hana"):
        guest = visitor(world)
        guest.tokens = guest.renew().json
        order_id = guest.order(store_id)
        world.command(order_id, "confirm", "ready", "picked-up", store_id=store_id)
        world.pump()
        world.refund(order_id, amount=100, destination="wallet", liable_party="platform")
        guest.call("PUT", f"/v1/addresses/{ADDRESS}", HOME)
        guest.call("PUT", f"/v1/favourites/{store_id}")
        guest.call("PUT", "/v1/diet", DIET)
        with pytest.MonkeyPatch.context() as dying:
            if user == "hana":
                dying.setattr(claiming_guests, "finish", _dies)
            assert guest.claimed(user).status in {200, 503}
    world.tick(120)


def _dies(_: str) -> int:
    raise UnavailableError
