"""What the table `customers` holds of a person. Private to this domain, and personal.

CUSTOMER#<person>  ADDRESSES   the places that the person orders to
CUSTOMER#<person>  FAVOURITES  the stores that the person likes
CUSTOMER#<person>  FAVOURITE_ITEMS  the dishes

Each is one small item: limits, the one default and the order of things hold by its version alone.
A guest's has `expires_at`: it is forgotten with the guest.
"""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.dynamo import Item, TableMeta
from chalicelib.core.settings import settings

ADDRESSES = "ADDRESSES"
FAVOURITES = "FAVOURITES"
FAVOURITE_ITEMS = "FAVOURITE_ITEMS"


class CustomersMeta(TableMeta):
    """The one table of what belongs to a customer and to no order."""

    table_name = settings().table("customers")


class AddressBook(Item):
    """A person's addresses by their ids. Personal: where somebody lives, and how to get in."""

    PERSONAL = frozenset({"addresses"})

    class Meta(CustomersMeta):
        pass

    SK = ADDRESSES

    version = NumberAttribute()
    default_id = UnicodeAttribute(null=True)
    addresses = JSONAttribute()
    expires_at = NumberAttribute(null=True)


class Favourites(Item):
    """The ids of the stores that a person likes, and since when."""

    PERSONAL = frozenset({"stores"})

    class Meta(CustomersMeta):
        pass

    SK = FAVOURITES

    version = NumberAttribute()
    stores = JSONAttribute()
    expires_at = NumberAttribute(null=True)


class FavouriteItems(Item):
    """The dishes that a person likes by `store/item`: since when, and how each was called."""

    PERSONAL = frozenset({"items"})

    class Meta(CustomersMeta):
        pass

    SK = FAVOURITE_ITEMS

    version = NumberAttribute()
    items = JSONAttribute()
    expires_at = NumberAttribute(null=True)


def customer_key(person_id: str) -> str:
    return f"CUSTOMER#{person_id}"
