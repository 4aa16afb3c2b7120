"""When couriers were on duty, in the table `couriers`: private to this domain.

COURIER#<courier>   SPELL#<moment>   a duty that is over, from when it began
"""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.core.dynamo import Item
from chalicelib.couriers.models import CouriersMeta

SPELL = "SPELL#"


class Spell(Item):
    """A duty that is over. `seconds` are those without its breaks."""

    PERSONAL = frozenset({"since", "until"})

    class Meta(CouriersMeta):
        pass

    zone = UnicodeAttribute()
    since = UnicodeAttribute()
    until = UnicodeAttribute()
    seconds = NumberAttribute()
    expires_at = NumberAttribute()
