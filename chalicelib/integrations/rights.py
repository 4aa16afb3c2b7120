"""Who may do what with a store's clients and webhooks: rows of the authorisation table.

A merchant-role user's own store is one on whose staff they are; STAFF says which of the staff may.
"""

from collections.abc import Mapping

from chalicelib.catalog.status import StaffRole
from chalicelib.core.rights import ALWAYS, Owning, Right, Role

OFFICE = frozenset({StaffRole.OWNER, StaffRole.MANAGER})

TOKEN_ISSUE = Right("token.issue", {(Role.ANYONE, Owning.ANY): ALWAYS})

OPEN_DELIVERY = Right("opendelivery.call", {(Role.ANYONE, Owning.ANY): ALWAYS})
"""The way in alone: each operation has a row of its own (`opendelivery/serving.py`)."""

CLIENT_CREATE = Right("client.create", {(Role.MERCHANT, Owning.OWN): ALWAYS})
CLIENT_READ = Right(
    "client.read",
    {(Role.MERCHANT, Owning.OWN): ALWAYS, (Role.OPERATOR, Owning.ANY): ALWAYS},
)
CLIENT_REVOKE = Right(
    "client.revoke",
    {(Role.MERCHANT, Owning.OWN): ALWAYS, (Role.OPERATOR, Owning.ANY): ALWAYS},
)

TABLET_JOIN = Right("tablet.join", {(Role.ANYONE, Owning.ANY): ALWAYS})
TABLET_RENEW = Right("tablet.renew", {(Role.ANYONE, Owning.ANY): ALWAYS})
TABLET_PAIR = Right("tablet.pair", {(Role.MERCHANT, Owning.OWN): ALWAYS})
TABLET_READ = Right(
    "tablet.read",
    {(Role.MERCHANT, Owning.OWN): ALWAYS, (Role.OPERATOR, Owning.ANY): ALWAYS},
)
TABLET_UNPAIR = Right("tablet.unpair", {(Role.MERCHANT, Owning.OWN): ALWAYS})

WEBHOOK_CREATE = Right("webhook.create", {(Role.MERCHANT, Owning.OWN): ALWAYS})
WEBHOOK_READ = Right(
    "webhook.read",
    {
        (Role.MERCHANT, Owning.OWN): ALWAYS,
        (Role.STORE, Owning.OWN): ALWAYS,
        (Role.OPERATOR, Owning.ANY): ALWAYS,
    },
)
WEBHOOK_CHANGE = Right("webhook.change", {(Role.MERCHANT, Owning.OWN): ALWAYS})
WEBHOOK_ROTATE = Right("webhook.rotate", {(Role.MERCHANT, Owning.OWN): ALWAYS})
WEBHOOK_PAUSE = Right("webhook.pause", {(Role.MERCHANT, Owning.OWN): ALWAYS})
WEBHOOK_ENABLE = Right("webhook.enable", {(Role.MERCHANT, Owning.OWN): ALWAYS})
WEBHOOK_REMOVE = Right("webhook.remove", {(Role.MERCHANT, Owning.OWN): ALWAYS})
WEBHOOK_PING = Right(
    "webhook.ping",
    {(Role.MERCHANT, Owning.OWN): ALWAYS, (Role.STORE, Owning.OWN): ALWAYS},
)
WEBHOOK_REPLAY = Right(
    "webhook.replay",
    {(Role.MERCHANT, Owning.OWN): ALWAYS, (Role.STORE, Owning.OWN): ALWAYS},
)

FEED_READ = Right(
    "feed.read",
    {(Role.MERCHANT, Owning.OWN): ALWAYS, (Role.STORE, Owning.OWN): ALWAYS},
)
FEED_ACKNOWLEDGE = Right(
    "feed.acknowledge",
    {(Role.MERCHANT, Owning.OWN): ALWAYS, (Role.STORE, Owning.OWN): ALWAYS},
)

MERCHANT_READ_WEBHOOKS = Right(
    "merchant.read_webhooks",
    {(Role.MERCHANT, Owning.OWN): ALWAYS, (Role.OPERATOR, Owning.ANY): ALWAYS},
)
MERCHANT_CHANGE_WEBHOOKS = Right("merchant.change_webhooks", {(Role.MERCHANT, Owning.OWN): ALWAYS})
STORE_HEARTBEAT = Right(
    "store.heartbeat",
    {(Role.MERCHANT, Owning.OWN): ALWAYS, (Role.STORE, Owning.OWN): ALWAYS},
)
STORE_ATTENTION = Right(
    "store.read_attention",
    {
        (Role.MERCHANT, Owning.OWN): ALWAYS,
        (Role.STORE, Owning.OWN): ALWAYS,
        (Role.OPERATOR, Owning.ANY): ALWAYS,
    },
)

STAFF: Mapping[str, frozenset[StaffRole]] = {
    right.name: OFFICE
    for right in (
        CLIENT_CREATE,
        CLIENT_READ,
        CLIENT_REVOKE,
        TABLET_PAIR,
        TABLET_READ,
        TABLET_UNPAIR,
        WEBHOOK_CREATE,
        WEBHOOK_READ,
        WEBHOOK_CHANGE,
        WEBHOOK_ROTATE,
        WEBHOOK_PAUSE,
        WEBHOOK_ENABLE,
        WEBHOOK_REMOVE,
        WEBHOOK_PING,
        WEBHOOK_REPLAY,
    )
} | {
    right.name: frozenset(StaffRole)
    for right in (STORE_HEARTBEAT, STORE_ATTENTION, FEED_READ, FEED_ACKNOWLEDGE)
}
