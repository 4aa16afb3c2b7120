"""Cities, in the table `catalog`: private to this domain.

CITIES   <city>   what an operator says of it
"""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.catalog.models import CatalogMeta
from chalicelib.core.dynamo import Item

CITIES = "CITIES"


class CityItem(Item):
    """A city. `details` is JSON."""

    class Meta(CatalogMeta):
        pass

    version = NumberAttribute()
    details = UnicodeAttribute()
