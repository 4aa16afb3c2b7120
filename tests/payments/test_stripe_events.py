"""Stripe's events: genuine or refused, once, late, in any order; and never believed."""

import itertools
import json

import pytest

from chalicelib.core.outbox import Bell
from chalicelib.payments import following
from sandbox.stripe.signing import signature_header
from tests import laws, people
from tests.world import SECRET_KEY, Reply, World

OLD_SECRET = "whsec_" + "o" * 32


def _body(ident: str = "evt_1", thing: str = "pi_1", kind: str = "payment_intent") -> bytes:
    event = {
        "id": ident,
        "type": "payment_intent.x",
        "data": {"object": {"id": thing, "object": kind}},
    }
    return json.dumps(event).encode()


def _send(world: World, body: bytes, header: str) -> Reply:
    return world.call("POST", "/v1/stripe/events", headers={"Stripe-Signature": header}, raw=body)


def _signed(world: World, body: bytes, *, at: float = 0, secret: str = people.STRIPE_SECRET) -> str:
    return signature_header([secret], int(world.clock() + at), body)


def _stored() -> list[str]:
    return [row["subject"] for row in laws.rows("payments") if row.get("kind") == "stripe_event"]


@pytest.mark.parametrize("at", [-300, 0, 300])
def test_an_event_of_this_moment_is_kept_once_however_often_it_comes(
    world_at: World, at: int
) -> None:
    body = _body()

    answers = [_send(world_at, body, _signed(world_at, body, at=at)) for _ in range(3)]

    assert [one.status for one in answers] == [200] * 3
    assert _stored() == ["evt_1"]


@pytest.mark.parametrize("at", [-301, 301, 86_400])
def test_an_event_of_another_time_is_refused(world_at: World, at: int) -> None:
    body = _body()

    refused = _send(world_at, body, _signed(world_at, body, at=at))

    assert (refused.status, refused.json["code"]) == (400, "signature_invalid")
    assert _stored() == []


@pytest.mark.parametrize(
    "header",
    [
        "", "t=,v1=", "v1=abc", "t=abc,v1=abc", "t={now}", "t={now},v1=abc", "t={now},t={now},v1=a",
        "t={now},v0={mark}", "t={now},v1=\xe9", "t=" + "9" * 5000 + ",v1=a", "t={now},v1",
        "t=\xb2,v1=a",
    ],
)  # fmt: skip
def test_what_is_no_signature_is_refused(world_at: World, header: str) -> None:
    body = _body()
    genuine = _signed(world_at, body)
    mark = genuine.partition("v1=")[2]

    refused = _send(world_at, body, header.format(now=int(world_at.clock()), mark=mark))

    assert (refused.status, refused.json["code"]) == (400, "signature_invalid")


def test_one_altered_byte_or_other_bytes_for_the_same_json_are_refused(world_at: World) -> None:
    body = _body()
    header = _signed(world_at, body)

    altered = _send(world_at, body.replace(b"evt_1", b"evt_2"), header)
    rewritten = _send(world_at, body.replace(b": ", b":"), header)
    binary = _send(world_at, b"\xff\xfe", _signed(world_at, b"\xff\xfe"))

    assert [altered.status, rewritten.status, binary.status] == [400] * 3


def test_while_a_secret_is_rolled_both_are_taken_and_no_third(world_at: World) -> None:
    people.settle_in(webhook_secrets=[people.STRIPE_SECRET, OLD_SECRET])
    bodies = {secret: _body(f"evt_{secret[-1]}") for secret in (people.STRIPE_SECRET, OLD_SECRET)}

    taken = [
        _send(world_at, body, _signed(world_at, body, secret=secret))
        for secret, body in bodies.items()
    ]
    refused = _send(world_at, _body(), _signed(world_at, _body(), secret="whsec_third"))

    assert [one.status for one in taken] == [200, 200]
    assert refused.status == 400


@pytest.mark.parametrize(
    "body",
    [
        b"[]", b"{}", b"no json", b'{"id": "evt_1", "type": "x", "data": {"object": "text"}}',
        b'{"id": 1, "type": "x", "data": {"object": {"id": "pi_1", "object": "y"}}}',
        b'{"id": "", "type": "x", "data": {"object": {"id": "pi_1", "object": "y"}}}',
        _body(ident="e" * 256),
    ],
)  # fmt: skip
def test_what_is_genuine_and_yet_no_event_is_refused(world_at: World, body: bytes) -> None:
    refused = _send(world_at, body, _signed(world_at, body))

    assert (refused.status, refused.json["code"]) == (400, "bad_request")


def test_an_event_of_anything_but_an_intent_needs_nothing(world_at: World) -> None:
    body = _body(kind="charge", thing="ch_1")
    _send(world_at, body, _signed(world_at, body))

    world_at.pump()
    world_at.pass_time(120)

    assert world_at.bells.hidden == world_at.bells.dead == []


def test_a_bell_for_what_is_unknown_changes_nothing(world_at: World) -> None:
    for kind in ("order", "stripe_event", "payment"):
        following.hear(Bell(kind, "nothing_1", 1, "x"))

    assert laws.orders(world_at) == []


@pytest.mark.parametrize("metadata", [{"env": "other", "leg": "leg_1"}, {"env": "test"}, {}])
def test_an_intent_of_another_stack_is_left_alone(
    world_at: World, metadata: dict[str, str]
) -> None:
    form = "&".join(f"metadata[{name}]={value}" for name, value in metadata.items())
    path = "/v1/payment_intents"
    world_at.stripe.request("POST", path, SECRET_KEY, f"amount=1000&currency=krw&{form}")

    world_at.pump()
    world_at.pass_time(120)

    assert world_at.intents()[0]["status"] == "requires_payment_method"
    assert world_at.bells.hidden == world_at.bells.dead == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_in_whatever_order_events_arrive_the_order_ends_alike(
    world_at: World, order: tuple[int, ...]
) -> None:
    placed = world_at.order(world_at.store())
    world_at.pay(placed["payments"][0], "pm_card_chargeDeclined")
    world_at.pay(placed["payments"][0])
    waiting = [
        one for one in world_at.stripe.due_deliveries()
        if one.event_type.startswith("payment_intent.")
    ]  # fmt: skip
    world_at.lose_webhooks()

    for number in order:
        delivery = waiting[number % len(waiting)]
        for _ in range(2):
            _send(world_at, delivery.body, delivery.headers["Stripe-Signature"])
        world_at.pump()

    (seen,) = laws.orders(world_at)
    assert seen.head["status"] == "CREATED"
    assert [event["type"] for event in seen.news] == ["payment.opened", "payment.authorized"]


def test_an_event_that_arrives_before_we_had_noted_its_intent_finds_its_leg(
    world_at: World,
) -> None:
    from contextlib import suppress

    from tests import faults
    from tests.faults import Crash, Script

    quote = world_at.quote(world_at.store(), world_at.customer())
    script = Script()

    def die(call: str) -> None:
        if call.startswith("stripe.POST"):
            raise Crash

    script.after = die
    with faults.following(script), suppress(Crash):
        world_at.try_place(world_at.customer(), quote["id"], key="one")

    world_at.pump()

    (seen,) = laws.orders(world_at)
    assert seen.legs[0]["intent_id"] == world_at.intents()[0]["id"]
    assert len(world_at.intents()) == 1
