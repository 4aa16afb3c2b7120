from itertools import pairwise

import pytest
import stripe

from sandbox.stripe.ids import counted_ids
from sandbox.stripe.model import FakeStripe
from sandbox.stripe.store import Json
from sandbox.stripe.webhooks import Endpoint
from tests.sandbox.stripe.conformance.citing import rests_on
from tests.sandbox.stripe.port import FakePort, Port
from tests.sandbox.stripe.stories import DAY, HOOK, SECRET, Clock, World, create, hold, pay


@rests_on(
    "https://docs.stripe.com/webhooks#verify-official-libraries",
    fake_only="needs an endpoint that Stripe can reach",
)
def test_every_event_is_delivered_signed(world: World) -> None:
    hold(world.port)

    deliveries = world.fake.due_deliveries()

    events = [
        stripe.Webhook.construct_event(
            delivery.body, delivery.headers["Stripe-Signature"], SECRET, tolerance=10**9
        )
        for delivery in deliveries
    ]
    assert [event.type for event in events] == world.events()
    assert events[-1].data.object["status"] == "requires_capture"


@rests_on(
    "https://docs.stripe.com/webhooks#verify-manually",
    fake_only="needs an endpoint that Stripe can reach",
)
def test_another_secret_does_not_verify(world: World) -> None:
    create(world.port)
    (delivery,) = world.fake.due_deliveries()

    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(
            delivery.body, delivery.headers["Stripe-Signature"], "whsec_other", tolerance=10**9
        )


@rests_on(
    "https://docs.stripe.com/webhooks#roll-endpoint-secrets",
    fake_only="needs an endpoint that Stripe can reach",
)
def test_while_a_secret_is_rolled_both_verify(world: World) -> None:
    both = Endpoint(HOOK.url, ("whsec_new", "whsec_old"))
    fake = FakeStripe(world.clock, counted_ids(), endpoints=[both])
    create(FakePort(fake))
    (delivery,) = fake.due_deliveries()

    for secret in both.secrets:
        stripe.WebhookSignature.verify_header(
            delivery.body.decode(), delivery.headers["Stripe-Signature"], secret, 10**9
        )

    assert delivery.headers["Stripe-Signature"].count("v1=") == 2


@rests_on("https://docs.stripe.com/api/webhook_endpoints/create")
def test_an_endpoint_is_registered_and_shows_its_secret_once(port: Port) -> None:
    wanted = {"url": "https://shop.example/hook", "enabled_events": ["payment_intent.succeeded"]}
    made = port.call("POST", "webhook_endpoints", wanted)

    seen = port.call("GET", f"webhook_endpoints/{made['id']}")
    gone = port.call("DELETE", f"webhook_endpoints/{made['id']}")

    assert made["secret"].startswith("whsec_")
    assert "secret" not in seen.body
    assert gone["deleted"] is True


@rests_on(
    "https://docs.stripe.com/api/webhook_endpoints/create#create_webhook_endpoint-enabled_events",
    fake_only="needs an endpoint that Stripe can reach",
)
def test_an_endpoint_hears_only_what_it_asked_for(world: World) -> None:
    world.fake.restore({})
    endpoint = {"url": "http://127.0.0.1:8/", "enabled_events": ["payment_intent.succeeded"]}
    world.port.call("POST", "webhook_endpoints", endpoint)

    pay(world.port)

    heard = [
        delivery.event_type
        for delivery in world.fake.due_deliveries()
        if delivery.url == endpoint["url"]
    ]
    assert heard == ["payment_intent.succeeded"]


@rests_on(
    "https://docs.stripe.com/webhooks#automatic-retries",
    "up to three days",
    fake_only="needs time to pass",
)
def test_a_delivery_is_repeated_with_growing_pauses_for_three_days(world: World) -> None:
    create(world.port)
    began = world.clock.now
    attempts: list[float] = []

    while (due := world.fake.next_due()) is not None:
        world.clock.now = due
        for delivery in world.fake.due_deliveries():
            attempts.append(world.clock.now - began)
            world.fake.settle_delivery(delivery.id, 500)

    pauses = [later - earlier for earlier, later in pairwise(attempts)]
    assert pauses == sorted(pauses)
    assert 2 * DAY < attempts[-1] <= 3 * DAY
    assert world.fake.deliveries()[0]["state"] == "given_up"


@rests_on(
    "https://docs.stripe.com/webhooks#replay-attacks",
    "a new signature and timestamp",
    fake_only="needs time to pass",
)
def test_each_attempt_is_signed_anew(world: World) -> None:
    create(world.port)
    (first,) = world.fake.due_deliveries()
    world.fake.settle_delivery(first.id, None)
    world.clock.forward(60)

    (second,) = world.fake.due_deliveries()

    assert (first.body, first.event_id) == (second.body, second.event_id)
    assert first.headers["Stripe-Signature"] != second.headers["Stripe-Signature"]


@rests_on(
    "https://docs.stripe.com/webhooks#acknowledge-events-immediately",
    fake_only="needs time to pass",
)
@pytest.mark.parametrize("status", [301, 302, 400, 404, 500, None])
def test_anything_but_2xx_is_sent_again(world: World, status: int | None) -> None:
    create(world.port)
    (delivery,) = world.fake.due_deliveries()

    world.fake.settle_delivery(delivery.id, status)

    world.clock.forward(60)
    assert [again.attempt for again in world.fake.due_deliveries()] == [2]


@rests_on(
    "https://docs.stripe.com/webhooks#acknowledge-events-immediately",
    fake_only="needs time to pass",
)
def test_what_was_acknowledged_is_not_sent_again(world: World) -> None:
    create(world.port)
    (delivery,) = world.fake.due_deliveries()

    world.fake.settle_delivery(delivery.id, 204)

    world.clock.forward(DAY)
    assert world.fake.due_deliveries() == []
    event = world.port.call("GET", f"events/{delivery.event_id}")
    assert event["pending_webhooks"] == 0


@rests_on(
    "https://docs.stripe.com/webhooks#handle-duplicate-events", fake_only="needs time to pass"
)
def test_a_plan_may_duplicate_delay_and_lose_deliveries() -> None:
    clock = Clock()
    plans = {
        "payment_intent.created": (),
        "charge.succeeded": (0, 0),
        "payment_intent.succeeded": (3600,),
    }

    def plan(event: Json, _endpoint: Json) -> tuple[float, ...]:
        return plans[event["type"]]

    fake = FakeStripe(clock, counted_ids(), endpoints=[HOOK], delivery_plan=plan)
    pay(FakePort(fake))
    at_once = [delivery.event_type for delivery in fake.due_deliveries()]
    clock.forward(3600)
    later = [delivery.event_type for delivery in fake.due_deliveries()]

    assert at_once == ["charge.succeeded", "charge.succeeded"]
    assert later == ["charge.succeeded", "charge.succeeded", "payment_intent.succeeded"]


@rests_on("https://docs.stripe.com/webhooks#event-ordering", fake_only="needs time to pass")
def test_waiting_deliveries_can_be_reordered_dropped_and_sent_again(world: World) -> None:
    pay(world.port)
    created, charged, succeeded = world.fake.deliveries()

    world.fake.postpone_delivery(created["id"], world.clock.now + 10)
    world.fake.drop_delivery(charged["id"])
    world.fake.resend_event(succeeded["event"], world.clock.now + 20)

    world.clock.forward(20)
    order = [delivery.event_type for delivery in world.fake.due_deliveries()]
    assert order == [
        "payment_intent.succeeded",
        "payment_intent.created",
        "payment_intent.succeeded",
    ]


@rests_on(
    "https://docs.stripe.com/event-destinations#events-overview",
    "a snapshot",
    fake_only="needs an account with no other events",
)
def test_an_event_keeps_the_object_as_it_was(world: World) -> None:
    hold(world.port)
    kind = "payment_intent.created"

    (event,) = world.port.call("GET", "events", {"type": kind})["data"]

    assert event["data"]["object"]["status"] == "requires_confirmation"
