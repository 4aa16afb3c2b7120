"""A day of guests: they order, keep things, come back, and are claimed."""

import boto3
import pytest

from chalicelib.core import parts
from chalicelib.core.errors import UnavailableError
from chalicelib.core.settings import settings
from chalicelib.orders import claiming_guests, tallies
from chalicelib.people import codes
from tests import pool
from tests.accounts.visiting import ADDRESS, DIET, HOME, visitor
from tests.world import World


def play(world: World, store_id: str) -> None:
    """One guest is claimed at once, of one the sweep has to finish it, one is to be forgotten."""
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
        said = {"limit": "failed_payments_limit", "text": "It was not me."}
        world.post("/v1/appeals", said, token=guest.token, key="a")
        parts.commit(*tallies.payment_failed(guest.id, None))
        with pytest.MonkeyPatch.context() as dying:
            if user == "hana":
                dying.setattr(claiming_guests, "finish", _dies)
            assert guest.claimed(user).status in {200, 503}
        # Stripe tells of a failure before the payment is the account's.
        parts.commit(*tallies.payment_failed(guest.id, None))
    gone = visitor(world).call("POST", "/v1/profile/deletion", {})
    assert gone.status == 200
    world.tick(120)
    _sign_in(world)


def _sign_in(world: World) -> None:
    """Somebody new by phone and by e-mail, who stays; and somebody whom an operator has made."""
    boto3.client("sesv2").create_email_identity(EmailIdentity=settings().mail_from)
    pool.asked("admin_create_user", Username="new@example.com", MessageAction="SUPPRESS")
    for address in ("+821055500199", "new@example.com", "new@example.com"):
        name = "email" if "@" in address else "phone"
        asked = world.post("/v1/sign-in/codes", {name: address}).json
        proof = {name: address, "code": codes._codes(asked["id"], address)[0]}
        tokens = world.post(f"/v1/sign-in/codes/{asked['id']}/confirm", proof).json
        session = {"refresh_token": tokens["refresh_token"]}
        assert world.post("/v1/sign-in/token", session).status == 200


def _dies(_: str) -> int:
    raise UnavailableError
