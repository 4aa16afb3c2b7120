import os

import pytest

from tests.sandbox.stripe.port import Port, StripePort
from tests.sandbox.stripe.stories import World

# A key in the environment adds Stripe itself to those who must pass the conformance cases.
JUDGED = ["fake", "stripe"] if os.environ.get("STRIPE_API_KEY") else ["fake"]


@pytest.fixture(params=JUDGED)
def port(request: pytest.FixtureRequest) -> Port:
    """Cases that take a port hold for the fake and for Stripe in test mode alike."""
    if request.param == "stripe":
        return StripePort(os.environ["STRIPE_API_KEY"])
    return World().port


@pytest.fixture
def world() -> World:
    """Cases that take a world need its clock or its hooks: in-process only."""
    return World()
