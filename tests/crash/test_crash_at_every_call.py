"""A Lambda that dies at any external call: the sweeper finishes the order or releases its money."""

import pytest

from tests.crash.fair_flows import FAIR_FLOWS
from tests.crash.flows import FLOWS, Flow
from tests.crash.giving import GIVING
from tests.crash.later_flows import LATER_FLOWS
from tests.crash.running import Stage
from tests.crash.sharing import today
from tests.crash.wallet_flows import WALLET_FLOWS
from tests.world import World

ALL = (*FLOWS, *GIVING, *LATER_FLOWS, *WALLET_FLOWS, *FAIR_FLOWS)


@pytest.mark.parametrize("flow", today(ALL), ids=lambda flow: flow.name)
def test_dying_at_any_call_ends_in_settled_money(
    world_at: World, flow: Flow, request: pytest.FixtureRequest
) -> None:
    stage = Stage(world_at, flow)
    moments = stage.moments()
    cases = 0

    for moment in moments:
        with stage.noting(f"{flow.name}: died at {moment.number}, {moment.call}, {moment.effect=}"):
            cases += stage.die(moment)

    assert cases >= len(moments) > 0
    request.node.user_properties.append(("crash-at-every-call", cases))
