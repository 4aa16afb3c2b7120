"""The table `integrations`: private to this domain.

STORE#<store>      ROSTER, ENDPOINT#<webhook>, SECRET#<webhook>, PULL, READER#<client or person>
MERCHANT#<merchant> ROSTER, ENDPOINT#<webhook>, SECRET#<webhook>
CLIENT#<client>    HEAD
TABLET#<tablet>    HEAD (`tablet_models.py`)
ENDPOINT#<webhook> FEED, LANE#<subject>, MSG#<position>, JOB#<job>
ENDPOINT#<store>   the same, of what is fetched: its lanes are cursors, and never due

An endpoint's secret is an item of its own, so that nothing which lists or shows endpoints reads it.
"""

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.core.dynamo import Item, TableMeta
from chalicelib.core.settings import settings

ROSTER = "ROSTER"
FEED = "FEED"
ENDPOINT = "ENDPOINT#"
SECRET = "SECRET#"  # noqa: S105 - the beginning of a key, not a secret
LANE = "LANE#"
MESSAGE = "MSG#"
JOB = "JOB#"
PULL = "PULL"
READER = "READER#"
MERCHANT = "mer_"


class IntegrationsMeta(TableMeta):
    table_name = settings().table("integrations")


class Roster(Item):
    """Which clients, endpoints and tablets a store has: what their number is limited by."""

    class Meta(IntegrationsMeta):
        pass

    clients = UnicodeSetAttribute(null=True)
    endpoints = UnicodeSetAttribute(null=True)
    tablets = UnicodeSetAttribute(null=True)


class ClientItem(Item):
    """A store's machine. `secret_hash` is SHA-256 of a secret that has 256 bits of entropy."""

    class Meta(IntegrationsMeta):
        pass

    id = UnicodeAttribute()
    store_id = UnicodeAttribute()
    label = UnicodeAttribute()
    secret_hash = UnicodeAttribute()
    created_at = UnicodeAttribute()
    last_used_at = UnicodeAttribute(null=True)
    revoked_at = UnicodeAttribute(null=True)


class EndpointItem(Item):
    """Where a system of a store, or of a merchant with all its stores, is told what happens.

    `status` is "active" or not, as older readers know it; `unverified` and `why` say why not.
    """

    class Meta(IntegrationsMeta):
        pass

    id = UnicodeAttribute()
    store_id = UnicodeAttribute(null=True)
    merchant_id = UnicodeAttribute(null=True)
    url = UnicodeAttribute()
    event_types = JSONAttribute()
    status = UnicodeAttribute()
    created_at = UnicodeAttribute()
    held_until = UnicodeAttribute(null=True)
    unverified = BooleanAttribute(null=True)
    why = UnicodeAttribute(null=True)
    changes = NumberAttribute(null=True)
    failures = NumberAttribute(null=True)
    unanswered = NumberAttribute(null=True)
    failing_since = UnicodeAttribute(null=True)
    succeeded_at = UnicodeAttribute(null=True)

    @property
    def owner_id(self) -> str:
        """The store or the merchant that made it."""
        return str(self.pk).partition("#")[2]


class EndpointSecret(Item):
    """Secret: the key that signs what an endpoint is sent, and for a while the one before it.

    Read by the sender alone.
    """

    class Meta(IntegrationsMeta):
        pass

    secret = UnicodeAttribute()
    older = UnicodeAttribute(null=True)
    older_until = UnicodeAttribute(null=True)


class Feed(Item):
    """The position of the last message of an endpoint: gap-free.

    Up to `settled` every message was taken: no more is said of those behind it.
    """

    class Meta(IntegrationsMeta):
        pass

    position = NumberAttribute()
    settled = NumberAttribute(null=True)


class Due(GlobalSecondaryIndex["LaneItem"]):  # type: ignore[no-untyped-call] # PynamoDB's own
    """Lanes that have something to send, by when, in 16 shards."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due_shard = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


class LaneItem(Item):
    """What an endpoint is still to be told about one subject, in order (`lanes.py`)."""

    class Meta(IntegrationsMeta):
        pass

    owner_id = UnicodeAttribute(attr_name="store_id")
    kind = UnicodeAttribute()
    version = NumberAttribute()
    pending = JSONAttribute()
    failures = NumberAttribute()
    rev = NumberAttribute()
    lease = UnicodeAttribute(null=True)
    leased_until = NumberAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()

    due = Due()


class MessageItem(Item):
    """One message to one endpoint: the bytes that are signed and sent, and what came of it."""

    class Meta(IntegrationsMeta):
        pass

    id = UnicodeAttribute()
    type = UnicodeAttribute()
    kind = UnicodeAttribute()
    subject = UnicodeAttribute()
    sequence = NumberAttribute()
    position = NumberAttribute()
    body = UnicodeAttribute()
    status = UnicodeAttribute()
    tries = NumberAttribute()
    attempts = JSONAttribute()
    created_at = UnicodeAttribute()
    delivered_at = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()


class PullItem(Item):
    """That somebody fetches a store's events: it has a feed of its own, under the store's id."""

    class Meta(IntegrationsMeta):
        pass

    id = UnicodeAttribute()
    created_at = UnicodeAttribute()

    @property
    def owner_id(self) -> str:
        return str(self.id)


class ReaderItem(Item):
    """Up to where a machine, or one of the staff, has acknowledged a store's events."""

    class Meta(IntegrationsMeta):
        pass

    position = NumberAttribute()
    at = UnicodeAttribute()


class JobItem(Item):
    """Something that takes many steps: messages to send again, or lanes to wake (`jobs.py`)."""

    class Meta(IntegrationsMeta):
        pass

    id = UnicodeAttribute()
    what = UnicodeAttribute()
    first = NumberAttribute(null=True)
    last = NumberAttribute()
    cursor = UnicodeAttribute()
    done = NumberAttribute()
    status = UnicodeAttribute()
    created_at = UnicodeAttribute()
    expires_at = NumberAttribute()


def store_key(owner_id: str) -> str:
    """Where a store, or a merchant, has what is its own."""
    return f"{'MERCHANT' if owner_id.startswith(MERCHANT) else 'STORE'}#{owner_id}"


def client_key(client_id: str) -> str:
    return f"CLIENT#{client_id}"


def endpoint_key(endpoint_id: str) -> str:
    return f"{ENDPOINT}{endpoint_id}"


def secret_key(endpoint_id: str) -> str:
    return f"{SECRET}{endpoint_id}"


def lane_key(name: str) -> str:
    return f"{LANE}{name}"


def reader_key(reader: str) -> str:
    return f"{READER}{reader}"


def job_key(job_id: str) -> str:
    return f"{JOB}{job_id}"


def message_key(position: int) -> str:
    return f"{MESSAGE}{position:012d}"
