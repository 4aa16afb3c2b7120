"""How a merchant's system is reached; its menu, hours and areas are taken in from there."""

import json
from typing import Annotated, Any

from pydantic import Field, ValidationError

from chalicelib.catalog import pausing, publishing
from chalicelib.catalog import reading as stores
from chalicelib.catalog import stores as stores_own
from chalicelib.catalog.errors import CityMismatchError
from chalicelib.catalog.menu_schemas import Menu
from chalicelib.catalog.schemas import Store, StorePatch, StorePause
from chalicelib.catalog.status import PauseReason
from chalicelib.core import clock, dynamo, egress, parts
from chalicelib.core.egress import Refused
from chalicelib.core.errors import BusyError, InvalidError, NotFoundError, ProblemError
from chalicelib.core.settings import settings
from chalicelib.integrations.opendelivery import (
    feeding,
    fetching,
    menus,
    premises,
    reading,
    rights,
)
from chalicelib.integrations.opendelivery.fetching import NotFetched
from chalicelib.integrations.opendelivery.merchant_schemas import Merchant, Standing
from chalicelib.integrations.opendelivery.models import KEY, Connection, MerchantKey, connection_key
from chalicelib.integrations.opendelivery.operations import Call, Said
from chalicelib.integrations.opendelivery.reading import Wanted

SHORTEST, LONGEST = 36, 100
MOST_NOTES = 5
Url = Annotated[str, Field(min_length=1, max_length=1000)]


class Address(Wanted):
    """Where GET /v1/merchant is, and the key that it asks for."""

    baseURL: Url  # noqa: N815 - the protocol's name
    apiKey: Annotated[str, Field(max_length=500, pattern=r"^[\x20-\x7e]*$")] | None = None  # noqa: N815 - the same


class MerchantInfo(Wanted):
    """How a merchant is reached."""

    getMerchantURL: Address | None = None  # noqa: N815 - the protocol's name
    ordersWebhookURL: Url | None = None  # noqa: N815 - the same


class Update(Wanted):
    """What has changed at a merchant's."""

    merchantStatus: Standing | None = None  # noqa: N815 - the protocol's name
    entityType: Annotated[str, Field(max_length=100)] | None = None  # noqa: N815 - the same


def register(call: Call) -> Said:
    """Keep how the merchant is reached, and take its menu in at once: 201 at first, then 204.

    What came of the menu is told by merchantStatus. Raises InvalidError (400) for an address that
    cannot be called, and for a merchantId that is no such.
    """
    merchant_id = _merchant_id(call)
    if not SHORTEST <= len(merchant_id) <= LONGEST:
        raise InvalidError(errors=[{"pointer": "?merchantId", "detail": "36 to 100 characters"}])
    info: MerchantInfo = reading.parse(MerchantInfo, call.incoming)
    known = feeding.connect(call.store_id, f"{call.incoming.root}/opendelivery")
    first = known.merchant_id is None
    _keep(call, merchant_id, info)
    if info.getMerchantURL:
        take_in(call)
    shown: dict[str, Any] = {"orderingAppMerchantId": reading.shown(call.store_id)}
    if info.getMerchantURL:
        shown["getMerchantURL"] = {"baseURL": info.getMerchantURL.baseURL}
    if info.ordersWebhookURL:
        shown["ordersWebhookURL"] = info.ordersWebhookURL
    return Said(201, shown) if first else Said(204)


def _keep(call: Call, merchant_id: str, info: MerchantInfo) -> None:
    base = f"{call.incoming.root}/opendelivery"
    actions = [Connection.merchant_id.set(merchant_id), Connection.base.set(base)]
    written = []
    if info.getMerchantURL:
        _demand_callable(info.getMerchantURL.baseURL, "/getMerchantURL/baseURL")
        actions.append(Connection.merchant_url.set(info.getMerchantURL.baseURL))
        key = MerchantKey(connection_key(call.store_id), KEY, key=info.getMerchantURL.apiKey or "")
        written.append(parts.overwrite(key))
    if info.ordersWebhookURL:
        _demand_callable(info.ordersWebhookURL, "/ordersWebhookURL")
        actions.append(Connection.webhook_url.set(info.ordersWebhookURL))
        actions.append(Connection.webhook_client.set(call.caller.id))
    known = Connection.pk.exists()
    parts.commit(parts.update(Connection.at(call.store_id), actions, BusyError(), known), *written)


def _demand_callable(url: str, pointer: str) -> None:
    try:
        egress.check_url(url, allow=settings().egress_allow)
    except Refused as refused:
        detail = f"this address cannot be called: {refused.code}"
        raise InvalidError(errors=[{"pointer": pointer, "detail": detail}]) from None


def update(call: Call) -> Said:
    """News of a merchant: 204. What of its menu has changed is read anew, whole, from its address.

    `merchantStatus` alone pauses or resumes the store. Raises NotFoundError (404) without address.
    """
    news: Update = reading.parse(Update, call.incoming) if call.incoming.body.strip() else Update()
    if news.merchantStatus == "UNAVAILABLE":
        pausing.pause(call.caller, call.store_id, StorePause(reason=PauseReason.OTHER))
    elif news.merchantStatus == "AVAILABLE":
        pausing.resume(call.caller, call.store_id)
    if news.merchantStatus is None or news.entityType:
        take_in(call)
    return Said(204)


def status(call: Call) -> Said:
    """What came of the last taking in: 200. Raises NotFoundError (404) where there was none."""
    connection = _connection(call)
    if connection.read_at is None or _merchant_id(call) not in {
        connection.merchant_id,
        reading.shown(call.store_id),
    }:
        raise NotFoundError
    shown = {"lastRead": connection.read_at, "status": connection.read_status}
    return Said(200, shown | ({"moreInfo": connection.read_info} if connection.read_info else {}))


def take_in(call: Call) -> None:
    """Read the merchant's document and publish its menu, as the store's machine; note failures.

    Raises NotFoundError (404) where the merchant has told no address.
    """
    connection = _connection(call)
    store = stores.store(call.store_id)
    if connection.merchant_url is None or store is None:
        raise NotFoundError
    key = dynamo.get(MerchantKey, connection_key(call.store_id), KEY)
    try:
        notes = _publish(call, store, connection.merchant_url, key.key if key else None)
    except (NotFetched, ProblemError) as failure:
        _note(call.store_id, "FAIL", str(failure))
        return
    _note(call.store_id, "SUCCESS", _told(notes))


def _publish(call: Call, store: Store, url: str, key: str | None) -> list[str]:
    try:
        merchant = Merchant.model_validate(fetching.document(url, key))
        taken = menus.menu_of(
            merchant,
            currency=store.currency,
            timezone=store.timezone,
            language=next(iter(store.names)),
            now=clock.now(),
        )
        menu = Menu.model_validate(taken.menu)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        pointer = "".join(f"/{part}" for part in first["loc"])
        raise NotFetched(f"{pointer}: {first['msg']}") from None
    publishing.publish(call.caller, call.store_id, menu)
    return [*taken.notes, *_furnish(call, store, merchant)]


def _furnish(call: Call, store: Store, merchant: Merchant) -> list[str]:
    """Let the store say what its system says of it. A city that has other fees keeps its own."""
    found = premises.of(merchant, store, clock.now())
    patch = found.patch
    try:
        _say(call, patch)
    except CityMismatchError as error:
        left = {name: value for name, value in patch.items() if name != "zones"}
        _say(call, left)
        return [*found.notes, f"areas: left out, {error}"]
    return found.notes


def _say(call: Call, patch: dict[str, Any]) -> None:
    if patch:
        said = StorePatch.model_validate_json(json.dumps(patch))
        stores_own.update(call.caller, call.store_id, said, rights.TAKE_IN)


def _note(store_id: str, outcome: str, info: str) -> None:
    actions = [
        Connection.read_at.set(clock.stamp(clock.now())),
        Connection.read_status.set(outcome),
        Connection.read_info.set(info),
    ]
    connection = Connection.at(store_id)
    parts.commit(parts.update(connection, actions, BusyError(), Connection.pk.exists()))


def _told(notes: list[str]) -> str:
    more = len(notes) - MOST_NOTES
    return "; ".join([*notes[:MOST_NOTES], *([f"and {more} more"] if more > 0 else [])])


def _connection(call: Call) -> Connection:
    found = dynamo.get(Connection, connection_key(call.store_id))
    if found is None:
        raise NotFoundError
    return found


def _merchant_id(call: Call) -> str:
    """Raises InvalidError (400) where it is not said once."""
    given = call.incoming.query.get("merchantId", ())
    if len(given) != 1:
        raise InvalidError(errors=[{"pointer": "?merchantId", "detail": "missing"}])
    return given[0]
