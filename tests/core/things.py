"""A small aggregate to try the core with."""

from pynamodb.attributes import NumberAttribute

from chalicelib.core.dynamo import HEAD, Item, TableMeta
from chalicelib.core.errors import ConflictError
from chalicelib.core.outbox import EventItem
from chalicelib.core.settings import settings


class TakenError(ConflictError):
    code = "taken"


class StaleError(ConflictError):
    code = "stale"


class Thing(Item):
    class Meta(TableMeta):
        table_name = settings().table("orders")

    n = NumberAttribute(default=0)


class ThingEvent(EventItem):
    class Meta(TableMeta):
        table_name = settings().table("orders")


def thing(name: str = "a", n: int = 1, sk: str = HEAD) -> Thing:
    return Thing(f"THING#{name}", sk, n=n)
