"""Which cities are listed anew, and how far: in the table `catalog`. Private to this domain.

RELISTS    <city>    from where on its stores are still to be listed; gone at the end
"""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.catalog.models import CatalogMeta
from chalicelib.core.dynamo import Item

RELISTS = "RELISTS"


class Relisting(Item):
    """A city that is listed anew from a cursor on. `turn` names whoever is at it, `since` when."""

    class Meta(CatalogMeta):
        pass

    cursor = UnicodeAttribute(null=True)
    turn = UnicodeAttribute()
    since = UnicodeAttribute()
