"""DynamoDB as the domains use it: items with a schema version, and consistent reads.

Writes are parts (`core/parts.py`). DynamoDB itself is not abstracted: models are PynamoDB's.
PynamoDB's own time-outs (15 s and 30 s) outlast API Gateway, so ours are shorter:
https://pynamodb.readthedocs.io/en/stable/settings.html
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Self

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection, TableConnection
from pynamodb.exceptions import DoesNotExist, PynamoDBException
from pynamodb.models import Model

from chalicelib.core.errors import UnavailableError
from chalicelib.core.settings import settings

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition

type Raw = Mapping[str, Mapping[str, Any]]
type Upcast = Callable[[dict[str, Any]], dict[str, Any]]

CONNECT_SECONDS = 1
READ_SECONDS = 2
SDK_RETRIES = 2
POOL = 10
SHARDS = 16
HEAD = "HEAD"

_shared: list[Connection] = []
_tables: dict[type[Model], TableConnection] = {}


class TableMeta:
    """What every table's `Meta` says alike."""

    connect_timeout_seconds = CONNECT_SECONDS
    read_timeout_seconds = READ_SECONDS
    max_retry_attempts = SDK_RETRIES
    max_pool_connections = POOL
    region = settings().region
    host = None


class Item(Model):
    """One stored item. Its `v` is the schema version; `tx` names the commit that wrote it last.

    A class that changes its shape raises `VERSION` and adds to `UPCASTS` the pure function that
    lifts the raw item of each older version by one, so that every version ever released is read.
    `SK` is the second key of a class of which a partition holds one item. `PERSONAL` names the
    attributes that tell more of a person than an id: `core/retention.py` says how long they stay.
    """

    SK: ClassVar[str] = HEAD
    VERSION: ClassVar[int] = 1
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    UPCASTS: ClassVar[Mapping[int, Upcast]] = {}

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    v = NumberAttribute()
    tx = UnicodeAttribute(null=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - PynamoDB's own signature
        kwargs.setdefault("v", self.VERSION)
        super().__init__(*args, **kwargs)

    @classmethod
    def from_raw_data(cls, data: dict[str, Any]) -> Self:
        """An instance from what DynamoDB holds, lifted to today's shape first."""
        return super().from_raw_data(lift(data, cls.VERSION, cls.UPCASTS))

    @classmethod
    def _get_connection(cls) -> TableConnection:
        """All models share one client: a client each would be paid for at every cold start.

        Each has its own description of the table, since PynamoDB would hand a parent's down to its
        children, without their indexes.
        """
        if cls not in _tables:
            cls._connection = None
            table = super()._get_connection()
            table.connection._client = client()  # noqa: SLF001 - PynamoDB has no other way to share it
            _tables[cls] = table
        return _tables[cls]


def lift(raw: dict[str, Any], version: int, upcasts: Mapping[int, Upcast]) -> dict[str, Any]:
    """A raw item in today's shape, whatever version wrote it.

    A newer version than ours (old and new code run at once during a deploy) is read as it is:
    changes are additive until every reader knows them.
    """
    stored = int(raw.get("v", {"N": "1"})["N"])
    for step in range(stored, version):
        raw = {**upcasts[step](dict(raw)), "v": {"N": str(step + 1)}}
    return raw


def client() -> Any:  # noqa: ANN401 - botocore builds its clients at run time
    """The one DynamoDB client of this process, with its short time-outs."""
    if not _shared:
        _shared.append(
            Connection(
                region=TableMeta.region,
                connect_timeout_seconds=CONNECT_SECONDS,
                read_timeout_seconds=READ_SECONDS,
                max_retry_attempts=SDK_RETRIES,
                max_pool_connections=POOL,
            )
        )
    return _shared[0].client


def forget_connections() -> None:
    """Drop every cached client, for tests that change the world under them."""
    _shared.clear()
    _tables.clear()


@contextmanager
def reading() -> Iterator[None]:
    """Turn what DynamoDB and the network may raise on a read into UnavailableError (503)."""
    try:
        yield
    except DoesNotExist:
        raise
    except PynamoDBException as failure:
        raise UnavailableError from failure


def get[T: Item](model: type[T], pk: str, sk: str = HEAD) -> T | None:
    """The item as it is now (a consistent read), or None."""
    try:
        with reading():
            return model.get(pk, sk, consistent_read=True)
    except DoesNotExist:
        return None


def found_heads(wanted: Sequence[tuple[type[Item], str]]) -> list[Item]:
    """The heads that are there, of one table or several, as they were a moment ago: one round trip.

    For what may be a moment old. At most one model for each table. Raises UnavailableError (503).
    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
    """
    models = {model.Meta.table_name: model for model, _ in wanted}
    asked: dict[str, Any] = {table: {"Keys": []} for table in models}
    for model, pk in wanted:
        asked[model.Meta.table_name]["Keys"].append({"pk": {"S": pk}, "sk": {"S": HEAD}})
    try:
        answer = client().batch_get_item(RequestItems=asked)
    except (BotoCoreError, ClientError) as failure:
        raise UnavailableError from failure
    if answer.get("UnprocessedKeys"):
        raise UnavailableError
    rows = answer["Responses"].items()
    return [models[table].from_raw_data(row) for table, found in rows for row in found]


def pair[A: Item, B: Item](
    first: tuple[type[A], str], second: tuple[type[B], str]
) -> tuple[A | None, B | None]:
    """Two heads of two tables as they are now (consistent reads), in one round trip.

    Raises UnavailableError (503), also where DynamoDB had no room for both.
    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
    """
    (model, pk), (other, other_pk) = first, second
    wanted = {model.Meta.table_name: pk, other.Meta.table_name: other_pk}
    asked = {
        table: {"Keys": [{"pk": {"S": key}, "sk": {"S": HEAD}}], "ConsistentRead": True}
        for table, key in wanted.items()
    }
    try:
        answer = client().batch_get_item(RequestItems=asked)
    except (BotoCoreError, ClientError) as failure:
        raise UnavailableError from failure
    if answer.get("UnprocessedKeys"):
        raise UnavailableError
    found = {table: rows[0] for table, rows in answer["Responses"].items() if rows}
    one, two = (found.get(table) for table in wanted)
    return model.from_raw_data(one) if one else None, other.from_raw_data(two) if two else None


def items[T: Item](
    model: type[T], pk: str, *, prefix: str = "", after: str = "", limit: int | None = None
) -> list[T]:
    """The items of one partition in the order of their keys, read consistently."""
    condition: Condition | None = None
    if after:
        condition = model.sk.between(after + "\x00", prefix + "\uffff")
    elif prefix:
        condition = model.sk.startswith(prefix)
    with reading():
        return list(model.query(pk, condition, consistent_read=True, limit=limit))


def beside(pk: str, prefix: str, first: type[Item], *others: type[Item]) -> dict[str, Item]:
    """The items of one partition whose keys begin alike, by their keys: several models, one read.

    Each model says by `SK` which key is its own; what is of none of them is passed over.
    """
    models = {model.SK: model for model in (first, *others)}
    with reading():
        found = first._get_connection().query(  # noqa: SLF001 - `Model.query` knows one model
            pk, range_key_condition=first.sk.startswith(prefix), consistent_read=True
        )
    return {
        raw["sk"]["S"]: models[raw["sk"]["S"]].from_raw_data(raw)
        for raw in found["Items"]
        if raw["sk"]["S"] in models
    }


def raw_text(raw: Raw | None, name: str) -> str | None:
    """A string attribute of an old item that came back with a failed condition."""
    return (raw or {}).get(name, {}).get("S")
