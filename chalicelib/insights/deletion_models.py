"""Deletions in the table `control`: private to this domain.

PERSON#<person>  DELETION            that somebody is to be forgotten: since when, how far it is
DELETIONS        <moment>#<person>   what is to be done, by when it is due

Nothing of it tells more of a person than an id; what is done stays, as the proof that it was.
"""

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.dynamo import Item, TableMeta
from chalicelib.core.settings import settings

DELETION = "DELETION"
DUE = "DELETIONS"


class DeletionsMeta(TableMeta):
    table_name = settings().table("control")


class Deletion(Item):
    """That somebody is to be forgotten. `done` are the names of the steps that are."""

    SK = DELETION

    class Meta(DeletionsMeta):
        pass

    person_id = UnicodeAttribute()
    status = UnicodeAttribute()
    version = NumberAttribute()
    asked_by = UnicodeAttribute()
    asked_at = UnicodeAttribute()
    forfeits = BooleanAttribute(default=False)
    due_at = UnicodeAttribute(null=True)
    done = JSONAttribute()
    done_at = UnicodeAttribute(null=True)


class DueDeletion(Item):
    """A deletion, found by when it is due."""

    class Meta(DeletionsMeta):
        pass

    person_id = UnicodeAttribute()


def person_key(person_id: str) -> str:
    return f"PERSON#{person_id}"


def due(person_id: str, moment: str) -> DueDeletion:
    return DueDeletion(DUE, f"{moment}#{person_id}", person_id=person_id)
