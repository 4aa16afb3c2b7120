"""The table `contacts`: private to this domain.

PERSON#<person>  HEAD              how often the person's devices have changed
PERSON#<person>  DEVICE#<device>   where a person can be reached
TOKEN#<sha-256>  HEAD              whose a push token is: one device's of one person
EVENT#<event>    DEVICE#<device>   that a device was told of an event; forgotten after a day
EVENT#<event>    TEXT#<person>     that a person is sent a text of an event; forgotten with it

A token is as good as an address: it stands in its device's item alone, and nothing shows or logs
it. What is of a guest has `expires_at`, after which it may go.
"""

import hashlib
from datetime import timedelta

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core.dynamo import HEAD, Item, TableMeta
from chalicelib.core.settings import settings

DEVICE = "DEVICE#"
REMEMBERED = timedelta(days=1)


class ContactsMeta(TableMeta):
    """The one table of this domain."""

    table_name = settings().table("contacts")


class PersonHead(Item):
    """Guards the number of a person's devices: registering raises `version`."""

    class Meta(ContactsMeta):
        pass

    version = NumberAttribute()
    expires_at = NumberAttribute(null=True)


class DeviceItem(Item):
    """A phone or tablet that a person is signed in on. `token` is secret."""

    PERSONAL = frozenset({"token", "endpoint_arn", "language"})

    class Meta(ContactsMeta):
        pass

    id = UnicodeAttribute()
    person_id = UnicodeAttribute()
    platform = UnicodeAttribute()
    token = UnicodeAttribute()
    endpoint_arn = UnicodeAttribute(null=True)
    language = UnicodeAttribute()
    alive = BooleanAttribute()
    registered_at = UnicodeAttribute()
    expires_at = NumberAttribute(null=True)


class TokenOwner(Item):
    """Whose a token is. A phone changes hands: what is pushed must not reach who had it before."""

    class Meta(ContactsMeta):
        pass

    person_id = UnicodeAttribute()
    device_id = UnicodeAttribute()
    expires_at = NumberAttribute(null=True)


class Told(Item):
    """That a device was handed the news of an event."""

    class Meta(ContactsMeta):
        pass

    told_at = UnicodeAttribute()
    expires_at = NumberAttribute()


def person_key(person_id: str) -> str:
    return f"PERSON#{person_id}"


def device_key(device_id: str) -> str:
    return f"{DEVICE}{device_id}"


def event_key(event_id: str) -> str:
    return f"EVENT#{event_id}"


def owner_of(token: str) -> TokenOwner:
    """An instance that holds the keys alone."""
    return TokenOwner(f"TOKEN#{hashlib.sha256(token.encode()).hexdigest()}", HEAD)
