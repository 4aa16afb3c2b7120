"""What `catalog` stores so that stores and dishes are found by words. Private to this domain."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.catalog.models import CatalogMeta
from chalicelib.core.dynamo import Item


class SearchText(Item):
    """Under which keys a store is found, or may be while `whole` is not yet true; of what.

    `places` are the second keys of its rows, as JSON: its place on the curve, and while it moves
    the one before.
    """

    class Meta(CatalogMeta):
        pass

    keys = UnicodeAttribute()
    places = UnicodeAttribute(null=True)
    said = UnicodeAttribute()
    turn = UnicodeAttribute()
    whole = BooleanAttribute()


class TextRow(Item):
    """A store in the list of a key, at its place on the curve through the city.

    `hits` is JSON: its names, where it is, and the items that hold the key.
    """

    class Meta(CatalogMeta):
        pass

    hits = UnicodeAttribute()


class WaitingText(Item):
    """That what can be searched of a store is to be brought up: gone once it is."""

    class Meta(CatalogMeta):
        pass

    since = UnicodeAttribute()


def text_key(city: str, key: str) -> str:
    return f"TEXT#{city}#{key}"


WAITING_TEXTS = "TEXTS"


TEXT = "TEXT"
