from collections.abc import Iterator

import pytest

from chalicelib.core import clock
from sandbox.cloud.phones import Phones
from tests.clocks import StandingClock
from tests.integrations.street import open_store
from tests.notifications.desk import CUSTOMER, STAFF, Desk, connected


@pytest.fixture
def bare(clock_at: StandingClock) -> Iterator[Desk]:
    """A desk before anybody has made platform applications."""
    open_store()
    phones = Phones(now=clock.wall_now)
    with connected(phones) as wire:
        made = Desk(phones, wire)
        made.employ(STAFF)
        yield made
    assert clock_at


@pytest.fixture
def desk(bare: Desk) -> Desk:
    """A desk with a phone of the customer's and one of the store's manager's."""
    bare.known_to_sns()
    bare.register(CUSTOMER)
    bare.register(STAFF)
    return bare
