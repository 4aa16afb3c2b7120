"""The table `integrations`: private to this domain.

STORE#<store>      ROSTER, ENDPOINT#<webhook>, SECRET#<webhook>
CLIENT#<client>    HEAD
TABLET#<tablet>    HEAD (`tablet_models.py`)
ENDPOINT#<webhook> FEED, LANE#<subject>, MSG#<position>

An endpoint's secret is an item of its own, so that nothing which lists or shows endpoints reads it.
"""

from pynamodb.attributes import (
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
    """Where a store's system is told what happens."""

    class Meta(IntegrationsMeta):
        pass

    id = UnicodeAttribute()
    store_id = UnicodeAttribute()
    url = UnicodeAttribute()
    event_types = JSONAttribute()
    status = UnicodeAttribute()
    created_at = UnicodeAttribute()
    held_until = UnicodeAttribute(null=True)


class EndpointSecret(Item):
    """Secret: the key that signs what an endpoint is sent. Read by the sender alone."""

    class Meta(IntegrationsMeta):
        pass

    secret = UnicodeAttribute()


class Feed(Item):
    """The position of the last message of an endpoint: gap-free."""

    class Meta(IntegrationsMeta):
        pass

    position = NumberAttribute()


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

    store_id = UnicodeAttribute()
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


def store_key(store_id: str) -> str:
    return f"STORE#{store_id}"


def client_key(client_id: str) -> str:
    return f"CLIENT#{client_id}"


def endpoint_key(endpoint_id: str) -> str:
    return f"{ENDPOINT}{endpoint_id}"


def secret_key(endpoint_id: str) -> str:
    return f"{SECRET}{endpoint_id}"


def lane_key(name: str) -> str:
    return f"{LANE}{name}"


def message_key(position: int) -> str:
    return f"{MESSAGE}{position:012d}"
