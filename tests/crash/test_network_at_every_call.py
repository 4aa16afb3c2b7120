"""A network that breaks at any call: the request still ends right, or 503 and its repetition does.

Lost: the call takes effect, and its answer never comes. Down: from this call on nothing arrives,
until the function has given up. Either way the SDKs' own retries run, and ours.
"""

from types import SimpleNamespace

import pytest
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from sandbox.stripe.client import lost_connection
from tests.crash.flows import FLOWS, Flow
from tests.crash.giving import GIVING
from tests.crash.later_flows import LATER_FLOWS
from tests.crash.running import Stage, only_reads
from tests.crash.sharing import today
from tests.crash.wallet_flows import WALLET_FLOWS
from tests.faults import Script
from tests.world import World

ALL = (*FLOWS, *GIVING, *LATER_FLOWS, *WALLET_FLOWS)
REQUESTS = [flow for flow in ALL if flow.request]
FOLLOWING = {
    *("Stripe tells, all follows", "capture", "void", "fee", "sweep of the cut off"),
    *("a bank returns a refund, all follows", "sweep of a refund cut off"),
    *("Stripe tells of a tip, all follows", "a balance and a card are taken"),
}
LOSING = [*REQUESTS, *(flow for flow in ALL if flow.name in FOLLOWING)]


@pytest.fixture(autouse=True)
def _nobody_waits(world_at: World, monkeypatch: pytest.MonkeyPatch) -> None:
    standing = SimpleNamespace(sleep=world_at.clock.move)
    monkeypatch.setattr("botocore.endpoint.time", standing)


def _broken(call: str, *, lost: bool) -> Exception:
    if call.startswith("stripe."):
        return lost_connection()
    url = "https://aws.test"
    return ReadTimeoutError(endpoint_url=url) if lost else ConnectionClosedError(endpoint_url=url)


@pytest.mark.parametrize("flow", today(LOSING), ids=lambda flow: flow.name)
def test_an_answer_lost_after_any_effect_changes_nothing(
    world_at: World, flow: Flow, request: pytest.FixtureRequest
) -> None:
    stage = Stage(world_at, flow)
    writes = [number for number, call in enumerate(stage.calls()) if not only_reads(call)]

    for number in writes:
        script = Script()

        def lose(call: str, script: Script = script, number: int = number) -> None:
            if len(script.calls) == number + 1:
                raise _broken(call, lost=True)

        script.after = lose
        with stage.noting(f"{flow.name}: lost the answer of call {number}"):
            stage.endure(script)

    request.node.user_properties.append(("answer-lost-at-every-write", len(writes)))


@pytest.mark.parametrize("flow", today(REQUESTS), ids=lambda flow: flow.name)
def test_a_network_that_is_down_from_any_call_on_is_answered_with_503_and_mended(
    world_at: World, flow: Flow, request: pytest.FixtureRequest
) -> None:
    stage = Stage(world_at, flow)
    calls = stage.calls()

    for number in range(len(calls)):
        script = Script()

        def refuse(call: str, script: Script = script, number: int = number) -> None:
            if len(script.calls) > number:
                raise _broken(call, lost=False)

        script.before = refuse
        with stage.noting(f"{flow.name}: nothing arrived from call {number} on, {calls[number]}"):
            stage.endure(script)

    request.node.user_properties.append(("network-down-from-every-call", len(calls)))
