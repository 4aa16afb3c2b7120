"""Guests order, pay, follow and cancel like customers, and no further than that."""

import json

from chalicelib.core import parts
from chalicelib.core.rights import GUEST_MAY, Owning, Role
from chalicelib.people import guests
from tests import database
from tests.accounts.visiting import visitor
from tests.authorisation import oracle
from tests.payments.later import moment
from tests.world import World

DAY = 86_400


def test_a_guest_may_nothing_that_a_customer_may_not() -> None:
    customers = {
        name
        for name, (right, _) in oracle.rights().items()
        if {(Role.CUSTOMER, Owning.OWN), (Role.CUSTOMER, Owning.ANY)} & right.rows.keys()
    }

    assert customers >= GUEST_MAY
    assert not GUEST_MAY & {"guest.claim", "payment_method.save", "invitation.accept"}


def test_a_guest_orders_pays_follows_and_cancels(world_at: World) -> None:
    guest = visitor(world_at)
    order_id = guest.order(world_at.store())

    listed = world_at.get("/v1/orders", guest.token)["items"]
    seen = world_at.get(f"/v1/orders/{order_id}", guest.token)
    stranger = visitor(world_at).call("GET", f"/v1/orders/{order_id}")
    cancelled = world_at.cancel(order_id, guest.token)
    world_at.pump()

    assert [one["id"] for one in listed] == [order_id]
    assert (seen["status"], stranger.status) == ("CREATED", 404)
    assert cancelled.json["status"] == "CANCELLED"
    assert {intent["status"] for intent in world_at.intents()} == {"canceled"}


def test_what_only_an_account_may_is_refused(world_at: World) -> None:
    guest, store_id = visitor(world_at), world_at.store()
    quote = world_at.quote(store_id, guest.token)
    later = world_at.quote(store_id, guest.token, scheduled_for=moment(days=10))
    card, cash = {"method": "card", "save": True}, {"method": "cash"}

    refused = [
        world_at.try_place(guest.token, quote["id"], card),
        world_at.try_place(guest.token, quote["id"], cash),
        world_at.try_place(guest.token, later["id"]),
    ]
    others = [
        guest.call("GET", path).status
        for path in ("/v1/payment-methods", "/v1/profile", "/v1/invitations")
    ]
    claims = guest.world.post(
        "/v1/guests/claim",
        {"refresh_token": visitor(world_at).tokens["refresh_token"]},
        token=guest.token,
    )

    assert [(one.status, one.json["code"]) for one in refused] == [
        (422, "payments_impossible"),
    ] * 3
    assert others == [403, 403, 403]
    assert claims.status == 403


def test_a_guest_orders_twenty_times_and_not_in_their_last_days(world_at: World) -> None:
    guest, late, store_id = visitor(world_at), visitor(world_at), world_at.store()
    quote = world_at.quote(store_id, guest.token)
    for part in (guests.ordered(guest.id, f"ord_{number}") for number in range(20)):
        parts.commit(*part)

    full = world_at.try_place(guest.token, quote["id"])
    world_at.clock.move(81 * DAY)
    late.tokens = late.renew().json
    over = world_at.try_place(late.token, world_at.quote(store_id, late.token)["id"])

    assert (full.status, full.json["code"], full.json["most"]) == (409, "guest_limit", 20)
    assert (over.status, over.json["code"]) == (409, "guest_over")


def test_a_refresh_token_is_good_for_one_exchange_and_a_copy_ends_the_guest(
    world_at: World,
) -> None:
    guest = visitor(world_at)
    first = guest.tokens["refresh_token"]
    second = guest.renew().json
    world_at.clock.move(3_599)
    repeated = guest.renew(first).json["refresh_token"]
    third = guest.renew(second["refresh_token"])
    unknown = guest.renew(f"{guest.id}.{'0' * 64}")
    world_at.clock.move(3_601)

    copied = guest.renew(second["refresh_token"])

    assert repeated == second["refresh_token"]
    assert (third.status, unknown.status, copied.status) == (200, 401, 401)
    assert guest.renew(third.json["refresh_token"]).json["code"] == "guest_refused"
    assert guest.call("GET", "/v1/orders").status == 401
    kept = json.dumps(database.rows("test-control"), default=str)
    assert first.partition(".")[2] not in kept


def test_a_guest_is_over_after_ninety_days(world_at: World) -> None:
    guest = visitor(world_at)
    guest.call("PUT", "/v1/diet", {"agreed": True, "diets": [], "avoids": []})
    [kept] = [one for one in database.rows("test-quotes") if one["pk"].startswith("DIET#")]
    world_at.clock.move(91 * DAY)

    answers = guest.renew().status, guest.claimed().status

    assert answers == (401, 404)
    assert kept["expires_at"] == guests.forgotten_at(guest.id)


def test_sixty_guests_begin_at_one_address_in_an_hour(world_at: World) -> None:
    begun = [world_at.post("/v1/guests").status for _ in range(61)]

    assert begun == [201] * 60 + [429]
