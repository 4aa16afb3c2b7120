"""What we know of people, in the table `control`: private to this domain.

PERSON#<person>   STANDING   whether they are suspended
PERSON#<person>   PROFILE    what they say of themselves
"""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.dynamo import Item, TableMeta
from chalicelib.core.settings import settings

STANDING = "STANDING"
PROFILE = "PROFILE"


class PeopleMeta(TableMeta):
    table_name = settings().table("control")


class Standing(Item):
    """That an operator has shut somebody out. Why is in the record of what operators do."""

    SK = STANDING

    class Meta(PeopleMeta):
        pass

    suspended_at = UnicodeAttribute(null=True)


class Profile(Item):
    """What somebody says of themselves. `consents`: purpose -> whether, and since when."""

    PERSONAL = frozenset({"name", "language", "consents"})

    SK = PROFILE

    class Meta(PeopleMeta):
        pass

    version = NumberAttribute()
    name = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    consents = JSONAttribute()


def person_key(person_id: str) -> str:
    return f"PERSON#{person_id}"
