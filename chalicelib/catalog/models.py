"""The table `catalog`: private to this domain.

A store's head is small and changes often; a menu is large, written once, and never changed.
"""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.core import ids
from chalicelib.core.dynamo import HEAD, SHARDS, Item, TableMeta
from chalicelib.core.outbox import EventItem
from chalicelib.core.settings import settings


class CatalogMeta(TableMeta):
    table_name = settings().table("catalog")


class ByCity(GlobalSecondaryIndex["StoreHead"]):  # type: ignore[no-untyped-call]
    """Live stores only: nothing else carries its keys."""

    class Meta:
        index_name = "by_city"
        projection = AllProjection()

    city_shard = UnicodeAttribute(hash_key=True)
    listed_at = UnicodeAttribute(range_key=True)


class StoreHead(Item):
    """A store. `origin` and `details` are JSON: what it never changes, and what it may."""

    class Meta(CatalogMeta):
        pass

    id = UnicodeAttribute()
    version = NumberAttribute()
    status = UnicodeAttribute()
    origin = UnicodeAttribute()
    details = UnicodeAttribute()
    owners = NumberAttribute()
    commission_basis_points = NumberAttribute()
    confirm_seconds = NumberAttribute()
    pause_reason = UnicodeAttribute(null=True)
    paused_until = UnicodeAttribute(null=True)
    rush = JSONAttribute(null=True)
    menu_version = NumberAttribute()
    menu_digest = UnicodeAttribute(null=True)
    menu_diets = UnicodeAttribute(null=True)
    rating_hundredths = NumberAttribute(null=True)
    rating_count = NumberAttribute(null=True)
    offers = JSONAttribute(null=True)
    created_at = UnicodeAttribute()
    city_shard = UnicodeAttribute(null=True)
    listed_at = UnicodeAttribute(null=True)
    by_city = ByCity()


class HeldCount(Item):
    """How much is held of an item on a service day, or of a window of a kitchen."""

    class Meta(CatalogMeta):
        pass

    taken = NumberAttribute()
    expires_at = NumberAttribute()


class Listing(Item):
    """Where a store is listed: the keys of its rows as JSON, and the layout that they follow."""

    class Meta(CatalogMeta):
        pass

    rows = UnicodeAttribute()
    layout = NumberAttribute()


class CellRow(Item):
    """A store in the list of a cell, in the order of the cell. `card` is JSON: what a list shows.

    Copied from the head in the transaction that changes it, so that a list is one query.
    """

    class Meta(CatalogMeta):
        pass

    card = UnicodeAttribute()


class CityConditions(Item):
    """What slows a city's deliveries: supply as dispatch says it, weather as an operator does."""

    class Meta(CatalogMeta):
        pass

    supply_percent = NumberAttribute(null=True)
    supply_until = UnicodeAttribute(null=True)
    weather_percent = NumberAttribute(null=True)
    weather_until = UnicodeAttribute(null=True)
    weather_reason = UnicodeAttribute(null=True)
    weather_set_by = UnicodeAttribute(null=True)
    offers = JSONAttribute(null=True)


class MenuVersion(Item):
    """One version of a menu, as JSON."""

    class Meta(CatalogMeta):
        pass

    version = NumberAttribute()
    published_at = UnicodeAttribute()
    body = UnicodeAttribute()


class Availability(Item):
    """Which menu stands, and what of it is sold out: read with the head, and changed with it.

    `sold_out` is JSON: item, or item/group/option -> until when, why. What an order asks of is
    `version`: the head's at the last change of either.
    """

    SK = f"{HEAD}#AVAILABILITY"

    class Meta(CatalogMeta):
        pass

    version = NumberAttribute()
    menu_version = NumberAttribute()
    sold_out = JSONAttribute(null=True)


class StarSum(Item):
    """How many stars customers have given a store in all, and how many customers have."""

    SK = "STARS"

    class Meta(CatalogMeta):
        pass

    stars = NumberAttribute()
    ratings = NumberAttribute()


class StaffMember(Item):
    """That a person works for a store, or owns a merchant."""

    class Meta(CatalogMeta):
        pass

    role = UnicodeAttribute()


class WorkPlace(Item):
    """The same, found from the person: written and removed with it, and never decided by."""

    class Meta(CatalogMeta):
        pass

    role = UnicodeAttribute()


class OwnedStore(Item):
    """A store, found from its merchant."""

    class Meta(CatalogMeta):
        pass


class MerchantHead(Item):
    PERSONAL = frozenset({"details"})

    class Meta(CatalogMeta):
        pass

    id = UnicodeAttribute()
    version = NumberAttribute()
    details = UnicodeAttribute()
    created_at = UnicodeAttribute()


class CatalogEvent(EventItem):
    class Meta(CatalogMeta):
        pass


class ControlMeta(TableMeta):
    table_name = settings().table("control")


def store_key(store_id: str) -> str:
    return f"{STORE}{store_id}"


def merchant_key(merchant_id: str) -> str:
    return f"MERCHANT#{merchant_id}"


def person_key(user_id: str) -> str:
    return f"PERSON#{user_id}"


def conditions_key(city: str) -> str:
    return f"CONDITIONS#{city}"


def cell_key(family: str, cell: str) -> str:
    """The list of the stores that bring to a cell, or that are near it."""
    return f"CELL#{family}#{cell}"


LISTING = "LISTING"
STORE = "STORE#"
STAFF = "STAFF#"


def staff_key(user_id: str) -> str:
    return f"{STAFF}{user_id}"


def menu_key(version: int) -> str:
    return f"MENU#{version:010d}"


def item_count_prefix(day: str) -> str:
    return f"COUNT#{day}#"


def item_count_key(day: str, item_id: str) -> str:
    return f"{item_count_prefix(day)}{item_id}"


def kitchen_count_prefix(minutes: int) -> str:
    return f"KITCHEN#{minutes:02d}#"


def kitchen_count_key(minutes: int, begins: str) -> str:
    return f"{kitchen_count_prefix(minutes)}{begins}"


def city_shards(city: str) -> list[str]:
    return [f"CITY#{city}#{shard}" for shard in range(SHARDS)]


def city_shard(city: str, store_id: str) -> str:
    return city_shards(city)[ids.spread(store_id, SHARDS)]
