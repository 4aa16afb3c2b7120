"""A Lambda that dies at any external call: the sweeper finishes the order or releases its money."""

import pytest

from tests.crash.flows import FLOWS, Flow
from tests.crash.running import Stage
from tests.world import World


@pytest.mark.parametrize("effect", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_dying_at_any_call_ends_in_settled_money(
    world_at: World, flow: Flow, effect: bool, request: pytest.FixtureRequest
) -> None:
    stage = Stage(world_at, flow)
    calls = stage.clean()
    stage.judge()
    cases = 0

    for number, call in enumerate(calls):
        for again in (False, True) if flow.request else (False,):
            try:
                stage.crash(number, effect=effect, again=again)
            except AssertionError as error:
                error.add_note(f"{flow.name}: died at {number} ({call}), {effect=}, {again=}")
                raise
            cases += 1

    request.node.user_properties.append(("crash-at-every-call", cases))
