"""The protocol's webhook: each event posted to the merchant's address until it is taken.

What is taken (200 or 204) is acknowledged by that; what is not is sent again, and is there for
whoever polls. One worker at a time sends to a store, the oldest event first, and stops at the first
that is not taken, so that nothing newer overtakes it.
"""

import hashlib
import hmac
import json
from enum import StrEnum
from uuid import NAMESPACE_URL, uuid5

from pynamodb.expressions.update import Action

from chalicelib.core import aws, clock, dynamo, ids, parts
from chalicelib.core.egress import Refused, Unreachable
from chalicelib.core.errors import BusyError
from chalicelib.core.settings import settings
from chalicelib.core.telemetry import log
from chalicelib.integrations import clients, posting
from chalicelib.integrations.opendelivery import feeding, logistic_telling, polling
from chalicelib.integrations.opendelivery.logistic_telling import Letter
from chalicelib.integrations.opendelivery.models import (
    SIGNING,
    Connection,
    Happening,
    LogisticNews,
    SigningKey,
    connection_key,
)

KIND = "open_delivery"
WAITS = (5, 10, 20, 30, 60, 120, 300, 600, 900, 900, 900, 900, 900, 900, 900, 900)
"""Seconds before each further attempt; then only the next event begins anew."""
LEASE_SECONDS = 60.0
AT_ONCE = 10
PATIENCE_SECONDS = 8.0
LONGEST = 900
TAKEN = frozenset({200, 204})


class Outcome(StrEnum):
    """What became of what waited: all was taken, there is more, or the first was not taken."""

    ALL = "all"
    MORE = "more"
    REFUSED = "refused"


def remember(store_id: str, client_id: str, secret: str) -> None:
    """Keep the secret of the client that has registered an address: it signs what is sent there."""
    connection = dynamo.get(Connection, connection_key(store_id))
    if connection is None or connection.webhook_client != client_id:
        return
    key = SigningKey(connection_key(store_id), SIGNING, client_id=client_id, secret=secret)
    parts.commit(parts.overwrite(key))


def send(store_id: str, attempt: int = 0) -> None:
    """Post what waits for a store, in order. Safe to repeat, and to race.

    `attempt` counts how often what is first in line was tried in vain before.
    """
    connection = dynamo.get(Connection, connection_key(store_id))
    if connection is None or connection.webhook_url is None or not _is_due(connection, attempt):
        return
    key = dynamo.get(SigningKey, connection_key(store_id), SIGNING)
    if key is None or key.client_id != connection.webhook_client or not _lease(connection):
        return
    if not clients.is_active(key.client_id):
        _end(connection, [Connection.webhook_url.remove(), Connection.retry_at.remove()])
        return
    outcome = _send_all(connection, key.secret)
    again = _wait(attempt) if outcome is Outcome.REFUSED else None
    retry = Connection.retry_at.set(clock.stamp(clock.after(again))) if again else None
    _end(connection, [retry or Connection.retry_at.remove()])
    if again is not None:
        message = {"kind": KIND, "subject": store_id, "attempt": attempt + 1}
        aws.send_all(settings().webhook_queue, [message], delay=min(LONGEST, clock.wall(again)))
    elif outcome is Outcome.MORE:
        ring(store_id)


def ring(store_id: str | None) -> None:
    """Have a worker send what waits for a store, if one is named."""
    if store_id:
        message = {"kind": KIND, "subject": store_id, "attempt": 0}
        aws.send_all(settings().webhook_queue, [message])


def _send_all(connection: Connection, secret: str) -> Outcome:
    began, waiting = clock.wall_now(), _waiting(connection.store_id)
    for one in waiting[:AT_ONCE]:
        if clock.wall_now() - began > PATIENCE_SECONDS:
            return Outcome.MORE
        letter = _letter(connection, one)
        if letter and not _post(connection, secret, *letter):
            return Outcome.REFUSED
        if isinstance(one, Happening):
            feeding.forget(connection.store_id, [one.id])
        else:
            logistic_telling.forget(connection.store_id, one.id)
    return Outcome.MORE if len(waiting) > AT_ONCE else Outcome.ALL


def _waiting(store_id: str) -> list[Happening | LogisticNews]:
    """What happened to orders and to errands, the oldest first."""
    found: list[Happening | LogisticNews] = [*feeding.waiting(store_id)]
    found += logistic_telling.waiting(store_id)
    return sorted(found, key=lambda one: one.at)


def _letter(connection: Connection, one: Happening | LogisticNews) -> Letter | None:
    if isinstance(one, Happening):
        return str(connection.webhook_url), polling.view(one, connection.base)
    return logistic_telling.letter(connection, one)


def _post(connection: Connection, secret: str, url: str, event: object) -> bool:
    body = json.dumps(event).encode()
    headers = {
        "Content-Type": "application/json",
        "X-App-Id": app_id(),
        "X-App-MerchantId": connection.merchant_id or "",
        "X-App-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
    }
    try:
        status = posting.post(url, headers, body).status
    except (Refused, Unreachable) as error:
        log("An event of Open Delivery found nobody", store=connection.store_id, code=error.code)
        return False
    log("An event of Open Delivery was sent", store=connection.store_id, http_status=status)
    return status in TAKEN


def app_id() -> str:
    """Who we are to tills: one UUID for this stack."""
    return str(uuid5(NAMESPACE_URL, settings().issuer))


def _is_due(connection: Connection, attempt: int) -> bool:
    """A bell waits with what waits already; the message of an attempt comes when it is due."""
    resting = connection.retry_at is not None and clock.parse(connection.retry_at) > clock.now()
    return attempt > 0 or not resting


def _wait(attempt: int) -> float | None:
    if attempt >= len(WAITS):
        return None
    return WAITS[attempt] * ids.uniform(0.9, 1.1)


def _lease(connection: Connection) -> bool:
    """Whether we are the one who sends now. Leases are wall time: they outlast a call."""
    now = clock.wall_now()
    free = Connection.leased_until.does_not_exist() | (Connection.leased_until < int(now))
    until = Connection.leased_until.set(int(now + LEASE_SECONDS))
    try:
        parts.commit(parts.update(Connection.at(connection.store_id), [until], BusyError(), free))
    except BusyError:
        return False
    return True


def _end(connection: Connection, actions: list[Action]) -> None:
    free = [*actions, Connection.leased_until.remove()]
    known = Connection.pk.exists()
    parts.commit(parts.update(Connection.at(connection.store_id), free, BusyError(), known))
