"""Applications of merchants, in the table `catalog`: private to this domain.

APPLICATION#<application>   HEAD, EVT#<version>
PERSON#<user>               APPLICATION#<application>            whose they are
APPLICATIONS                <moment>#<application>               what waits for a review
"""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.catalog.models import CatalogMeta
from chalicelib.core.dynamo import Item

APPLICATION = "APPLICATION#"
WAITING = "APPLICATIONS"


class Application(Item):
    """Somebody's wish to sell. `details` is JSON: who they are in law. `reasons` are the last."""

    PERSONAL = frozenset({"details", "reasons"})

    class Meta(CatalogMeta):
        pass

    id = UnicodeAttribute()
    version = NumberAttribute()
    status = UnicodeAttribute()
    applicant = UnicodeAttribute()
    details = UnicodeAttribute()
    reasons = JSONAttribute(null=True)
    created_at = UnicodeAttribute()
    submitted_at = UnicodeAttribute(null=True)
    reviewed_at = UnicodeAttribute(null=True)
    merchant_id = UnicodeAttribute(null=True)


class OwnApplication(Item):
    """An application, found from whose it is."""

    class Meta(CatalogMeta):
        pass


class WaitingApplication(Item):
    """An application that waits for a review, the oldest first."""

    class Meta(CatalogMeta):
        pass

    id = UnicodeAttribute()


def application_key(application_id: str) -> str:
    return f"{APPLICATION}{application_id}"
