"""A store's machines: their credentials, made once, shown once, revoked for good."""

import hashlib
from datetime import timedelta
from hmac import compare_digest

from chalicelib.core import audit, clock, dynamo, ids, parts
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.idempotency import Key
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller, Role
from chalicelib.integrations import rights
from chalicelib.integrations.client_schemas import ClientList, ClientView, CreatedClient, NewClient
from chalicelib.integrations.errors import ClientLimitError, InvalidClientError
from chalicelib.integrations.making import commit_once, enrol, strike
from chalicelib.integrations.models import ROSTER, ClientItem, Roster, client_key, store_key
from chalicelib.integrations.standing import demand, listed

MOST_CLIENTS = 5
SECRET_BITS = 256
NOTED_EVERY = timedelta(hours=1)
NOBODYS_HASH = hashlib.sha256(b"").hexdigest()


def create(caller: Caller, store_id: str, new: NewClient, key: Key) -> tuple[CreatedClient, bool]:
    """A new client with its secret, and whether the request is only repeated: then without.

    Raises ClientLimitError (409) for the sixth, KeyReusedError (422) for a key of another body.
    """
    demand(caller, rights.CLIENT_CREATE, store_id)
    client_id, secret = ids.new("cli"), ids.token(SECRET_BITS)
    item = ClientItem(
        client_key(client_id),
        dynamo.HEAD,
        id=client_id,
        store_id=store_id,
        label=new.label,
        secret_hash=_hash(secret),
        created_at=clock.stamp(clock.now()),
    )
    subject, repeated = commit_once(
        key,
        client_id,
        parts.put(item, BusyError()),
        enrol(store_id, Roster.clients, client_id, most=MOST_CLIENTS, full=ClientLimitError()),
    )
    view = _view(_load(store_id, subject) if repeated else item)
    shown = None if repeated else secret
    return CreatedClient(**view.model_dump(), client_secret=shown), repeated


def listing(caller: Caller, store_id: str) -> ClientList:
    """Every active client of a store, the oldest first."""
    demand(caller, rights.CLIENT_READ, store_id)
    roster = dynamo.get(Roster, store_key(store_id), ROSTER)
    names = listed(store_id, sorted(roster.clients or ()) if roster else [])
    return ClientList(items=[_view(_load(store_id, name)) for name in names])


def revoke(caller: Caller, store_id: str, client_id: str) -> None:
    """End a client: it gets no further token, and those it has end within 15 minutes.

    Safe to repeat. Raises NotFoundError (404) for a client of another store.
    """
    demand(caller, rights.CLIENT_REVOKE, store_id)
    item = _load(store_id, client_id)
    if item.revoked_at:
        return
    parts.commit(
        parts.update(
            item,
            [ClientItem.revoked_at.set(clock.stamp(clock.now()))],
            BusyError(),
            ClientItem.revoked_at.does_not_exist(),
        ),
        strike(store_id, Roster.clients, client_id, BusyError()),
        *_kept(caller, client_id),
    )


def _kept(caller: Caller, client_id: str) -> tuple[Part, ...]:
    role = Role.OPERATOR if Role.OPERATOR in caller.roles else Role.MERCHANT
    return audit.by_operator(role, caller.acting_as(role), "client.revoked", client_id, "client")


def authenticate(client_id: str, secret: str) -> str:
    """The store that a client speaks for.

    Raises InvalidClientError (401) for an unknown or revoked client and for a wrong secret alike,
    after the same work. When a client was last used is noted to the hour.
    """
    item = dynamo.get(ClientItem, client_key(client_id))
    known = item.secret_hash if item else NOBODYS_HASH
    right = compare_digest(_hash(secret), known)
    if item is None or not right or item.revoked_at:
        raise InvalidClientError
    _note_use(item)
    return item.store_id


def is_active(client_id: str) -> bool:
    """Whether a client is there and was not revoked."""
    item = dynamo.get(ClientItem, client_key(client_id))
    return item is not None and not item.revoked_at


def _note_use(item: ClientItem) -> None:
    now = clock.now()
    if item.last_used_at and now - clock.parse(item.last_used_at) < NOTED_EVERY:
        return
    used = parts.update(
        item,
        [ClientItem.last_used_at.set(clock.stamp(now))],
        InvalidClientError(),
        ClientItem.revoked_at.does_not_exist(),
    )
    parts.commit(used)


def _load(store_id: str, client_id: str) -> ClientItem:
    item = dynamo.get(ClientItem, client_key(client_id))
    if item is None or item.store_id != store_id:
        raise NotFoundError
    return item


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _view(item: ClientItem) -> ClientView:
    return ClientView(
        client_id=item.id,
        store_id=item.store_id,
        label=item.label,
        created_at=clock.parse(item.created_at),
        last_used_at=clock.parse(item.last_used_at) if item.last_used_at else None,
    )
