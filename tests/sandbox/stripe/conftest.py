import os

import pytest

from tests.sandbox.stripe.port import Port, StripePort
from tests.sandbox.stripe.stories import World

# A key in the environment adds Stripe itself to those who must pass the conformance cases.
API_KEY = os.environ.get("STRIPE_API_KEY", "")
JUDGED = ["fake", "stripe"] if API_KEY else ["fake"]


@pytest.fixture(params=JUDGED)
def judge(request: pytest.FixtureRequest) -> str:
    """Who is asked: the fake, or Stripe in test mode."""
    return str(request.param)


@pytest.fixture
def port(judge: str) -> Port:
    """Cases that take a port hold for the fake and for Stripe in test mode alike."""
    return StripePort(API_KEY) if judge == "stripe" else World().port


@pytest.fixture
def world() -> World:
    """Cases that take a world need its clock or its hooks: in-process only."""
    return World()
