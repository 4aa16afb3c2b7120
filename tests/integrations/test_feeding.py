"""Which events become messages."""

import pytest

from chalicelib.core import parts
from chalicelib.core.errors import BusyError
from chalicelib.integrations import feeding
from chalicelib.integrations.lanes import Place
from chalicelib.integrations.models import FEED, Feed, endpoint_key
from chalicelib.orders.status import OrderCommand
from tests.clocks import StandingClock
from tests.integrations.street import (
    ORDER,
    OTHER_STORE,
    Street,
    Till,
    move,
    place_order,
    tell,
)


def test_an_order_that_nobody_has_paid_is_not_told(street: Street) -> None:
    street.webhook()
    till = Till()
    place_order(paid=False)
    tell(till)

    move(OrderCommand.CANCEL)
    tell(till)

    assert till.got == []


def test_an_unknown_order_is_not_told(street: Street) -> None:
    street.webhook()

    assert feeding.hear(ORDER) == []


def test_an_order_of_another_store_is_not_told(street: Street) -> None:
    street.webhook()
    place_order(store_id=OTHER_STORE)

    assert feeding.hear(ORDER) == []


def test_an_endpoint_hears_only_what_it_asked_for(street: Street) -> None:
    street.webhook(event_types=["order.confirmed"])
    till = Till()
    place_order()
    tell(till)
    move(OrderCommand.CONFIRM)
    move(OrderCommand.READY)

    tell(till)

    assert till.told == [("order.confirmed", 3)]


def test_an_endpoint_hears_nothing_from_before_its_time(
    street: Street, clock_at: StandingClock
) -> None:
    place_order()
    clock_at.move(60)
    street.webhook()
    till = Till()
    move(OrderCommand.CONFIRM)

    tell(till)

    assert till.told == [("order.confirmed", 3)]


def test_a_bell_after_a_crash_finds_the_lane_that_is_due(street: Street) -> None:
    webhook = street.webhook()
    place_order()

    first, again = feeding.hear(ORDER), feeding.hear(ORDER)

    assert first == again == [Place(webhook["id"], ORDER)]


def test_an_endpoint_that_goes_while_it_is_fed_is_tried_again_later(street: Street) -> None:
    webhook = street.webhook()
    place_order()
    feed = Feed(endpoint_key(webhook["id"]), FEED)
    parts.commit(parts.delete(feed, BusyError(), Feed.pk.exists()))

    with pytest.raises(BusyError):
        feeding.hear(ORDER)
