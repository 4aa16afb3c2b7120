"""Everything that is known of somebody, put together from what each domain shows them.

Each domain gives its own part, as it shows it anyway: nothing here reads a table. Secrets (push
tokens, hashes) are no one's data and are not among it. Orders come page by page.
"""

from chalicelib.catalog import applying, staffing
from chalicelib.core import clock
from chalicelib.core.errors import NotFoundError
from chalicelib.core.rights import Caller, Role
from chalicelib.couriers import earning, profile
from chalicelib.couriers.schemas import CourierView
from chalicelib.insights.schemas import Account, ExportPage, ExportQuery
from chalicelib.notifications import devices
from chalicelib.orders import addresses, appeals, favourite_items, favourites, rating, reading
from chalicelib.payments import crediting, wallet_views
from chalicelib.people import directory, guests, profiling

MOST_EARNINGS = 100


def page(caller: Caller, query: ExportQuery) -> ExportPage:
    """A page of what is known of the caller; the first tells everything but further orders."""
    own = Caller(caller.id, frozenset({Role.CUSTOMER}))
    found = reading.of_customer(caller.id, limit=query.limit, cursor=query.cursor)
    return ExportPage(
        person_id=caller.id,
        made_at=clock.now(),
        account=None if query.cursor else _account(own),
        orders=[reading.view(order, own) for order in found.items],
        ratings=rating.of_orders([order.id for order in found.items if order.ended]),
        next_cursor=found.next_cursor,
    )


def _account(own: Caller) -> Account:
    return Account(
        addresses=[] if guests.is_guest(own.id) else directory.addresses(own.id),
        profile=profiling.read(own),
        places=addresses.listing(own.id).items,
        favourites={one: clock.parse(at) for one, at in favourites.of_person(own.id).items()},
        favourite_items=favourite_items.listing(own.id).items,
        works_for=staffing.places(own.id),
        applications=applying.mine(own).items,
        appeals=appeals.mine(own.id).items,
        devices=devices.listing(own.id).items,
        payment_methods=wallet_views.listing(own).items,
        balances=[crediting.detail(one.id, own) for one in crediting.listing(own).items],
        courier=_courier(own),
        earnings=earning.listing(own.id, limit=MOST_EARNINGS, cursor=None).items,
    )


def _courier(own: Caller) -> CourierView | None:
    try:
        return profile.read(own)
    except NotFoundError:
        return None
