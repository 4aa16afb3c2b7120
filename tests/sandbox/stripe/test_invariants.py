"""Whatever is asked in whatever order, money stays where Stripe says it does."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sandbox.stripe.port import Reply
from tests.sandbox.stripe.stories import DAY, World, do, hold, pay, refund

CARDS = ["pm_card_visa", "pm_card_refundFail", "pm_card_pendingRefund"]
STEPS = st.one_of(
    st.tuples(st.just("capture"), st.integers(1, 3000)),
    st.tuples(st.just("cancel"), st.just(0)),
    st.tuples(st.just("refund"), st.integers(1, 3000)),
    st.tuples(st.just("wait"), st.sampled_from([60, 3600, int(DAY), int(7 * DAY)])),
)
TERMINAL = {"succeeded", "canceled"}


def take(world: World, intent: Reply, step: str, amount: int) -> Reply | None:
    if step == "wait":
        world.clock.forward(amount)
    elif step == "refund":
        return refund(world.port, intent, amount=amount)
    elif step == "capture":
        return do(world.port, intent, "capture", amount_to_capture=amount)
    else:
        return do(world.port, intent, "cancel")
    return None


def check(world: World, intent: Reply) -> str:
    """All that must hold at any time; returns the status."""
    expand = {"expand": ["latest_charge"]}
    now = world.port.call("GET", f"payment_intents/{intent['id']}", expand)
    charge = now["latest_charge"]
    assert now["amount_received"] + now["amount_capturable"] <= now["amount"]
    assert charge["amount_refunded"] <= charge["amount_captured"] == now["amount_received"]
    assert (now["amount_received"] > 0) == (now["status"] == "succeeded")
    listed = world.port.call("GET", "refunds", {"payment_intent": intent["id"], "limit": 100})
    kept = sum(entry["amount"] for entry in listed["data"] if entry["status"] != "failed")
    assert kept == charge["amount_refunded"]
    return str(now["status"])


@settings(max_examples=150, deadline=None)
@given(card=st.sampled_from(CARDS), held=st.booleans(), steps=st.lists(STEPS, max_size=8))
def test_captured_never_exceeds_held_nor_refunded_captured(
    card: str,
    held: bool,  # noqa: FBT001 - hypothesis passes it by name
    steps: list[tuple[str, int]],
) -> None:
    world = World()
    intent = hold(world.port, card) if held else pay(world.port, card)
    status = check(world, intent)

    for step, amount in steps:
        take(world, intent, step, amount)
        before, status = status, check(world, intent)

        assert before not in TERMINAL or status == before


@settings(max_examples=100, deadline=None)
@given(st.lists(STEPS, max_size=8))
def test_the_balance_is_what_was_captured_less_refunds_and_fees(
    steps: list[tuple[str, int]],
) -> None:
    world = World()
    intent = pay(world.port, "pm_card_refundFail")

    for step, amount in steps:
        take(world, intent, step, amount)

    balance = world.port.call("GET", "balance")
    total = sum(line["amount"] for line in [*balance["available"], *balance["pending"]])
    charge = world.port.call("GET", f"charges/{intent['latest_charge']}")
    paid = world.port.call("GET", f"balance_transactions/{charge['balance_transaction']}")
    assert total == charge["amount_captured"] - charge["amount_refunded"] - paid["fee"]
