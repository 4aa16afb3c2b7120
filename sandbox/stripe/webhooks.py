"""Webhook endpoints, events, and the queue of deliveries. https://docs.stripe.com/webhooks."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from sandbox.stripe.account import Account
from sandbox.stripe.errors import refused
from sandbox.stripe.lists import page
from sandbox.stripe.params import Params, merged_metadata
from sandbox.stripe.signing import signature_header
from sandbox.stripe.store import Json

# Stripe promises up to three days with growing pauses and publishes no figures; these are ours.
PAUSES = (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 43_200)
GIVE_UP_AFTER = 3 * 86_400
_SUCCESS = range(200, 300)


@dataclass(frozen=True)
class Endpoint:
    """Where the account sends its events. Two secrets while one is being rolled."""

    url: str
    secrets: tuple[str, ...]
    enabled_events: tuple[str, ...] = ("*",)


@dataclass(frozen=True)
class Delivery:
    """A signed request to make now; tell its outcome to `settle_delivery`."""

    id: str
    event_id: str
    event_type: str
    url: str
    headers: dict[str, str]
    body: bytes
    attempt: int


def create(account: Account, params: Params) -> Json:
    """A new endpoint; only this answer shows its secret."""
    secret = account.new_id("whsec")
    endpoint = add(account, Endpoint(params["url"], (secret,), tuple(params["enabled_events"])))
    endpoint |= {
        "description": params.get("description"),
        "metadata": merged_metadata({}, params.get("metadata")),
    }
    return {**account.save(endpoint), "secret": secret}


def add(account: Account, wanted: Endpoint) -> Json:
    ident = account.new_id("we")
    account.store.put("endpoint_secrets", ident, {"secrets": list(wanted.secrets)})
    return account.save(
        {
            "id": ident,
            "object": "webhook_endpoint",
            "api_version": None,
            "application": None,
            "created": account.now(),
            "description": None,
            "enabled_events": list(wanted.enabled_events),
            "livemode": False,
            "metadata": {},
            "status": "enabled",
            "url": wanted.url,
        }
    )


def configure(account: Account, wanted: Endpoint) -> None:
    """Make sure that the endpoint exists with these secrets, also after a restart."""
    for endpoint in account.store.all("webhook_endpoint"):
        if endpoint["url"] == wanted.url:
            endpoint |= {"enabled_events": list(wanted.enabled_events), "status": "enabled"}
            account.save(endpoint)
            secrets = {"secrets": list(wanted.secrets)}
            account.store.put("endpoint_secrets", endpoint["id"], secrets)
            return
    add(account, wanted)


def retrieve(account: Account, ident: str, _params: Params) -> Json:
    return account.named("webhook_endpoint", ident)


def update(account: Account, ident: str, params: Params) -> Json:
    endpoint = account.named("webhook_endpoint", ident)
    endpoint |= {name: params[name] for name in ("url", "enabled_events") if name in params}
    if "disabled" in params:
        endpoint["status"] = "disabled" if params["disabled"] else "enabled"
    return account.save(endpoint)


def delete(account: Account, ident: str, _params: Params) -> Json:
    account.named("webhook_endpoint", ident)
    account.store.delete("webhook_endpoint", ident)
    account.store.delete("endpoint_secrets", ident)
    for key, delivery in account.store.items("delivery"):
        if delivery["endpoint"] == ident:
            account.store.delete("delivery", key)
    return {"id": ident, "object": "webhook_endpoint", "deleted": True}


def list_all(account: Account, params: Params) -> Json:
    return page(account.store.all("webhook_endpoint"), params, "/v1/webhook_endpoints")


def retrieve_event(account: Account, ident: str, _params: Params) -> Json:
    return account.named("event", ident)


def list_events(account: Account, params: Params) -> Json:
    """Of the last 30 days. https://docs.stripe.com/api/events/list."""
    if params.get("type") and params.get("types"):
        raise refused("You may only specify one of these: type, types", param="types")
    types = params.get("types") or ([params["type"]] if params.get("type") else None)
    wanted = [
        event for event in account.store.all("event") if types is None or _matches(event, types)
    ]
    return page(wanted, params, "/v1/events")


def _matches(event: Json, types: list[str]) -> bool:
    kind = event["type"]
    return any(fnmatchcase(kind, wanted) for wanted in types)


def due(account: Account, now: float, signed_at: float) -> list[Delivery]:
    """Everything that should be sent by now, oldest first. Asking again gives it again."""
    ripe = [delivery for delivery in waiting(account) if delivery["due"] <= now]
    ripe.sort(key=lambda delivery: delivery["due"])
    return [_request(account, delivery, int(signed_at)) for delivery in ripe]


def waiting(account: Account) -> list[Json]:
    """What is to be sent some time; a disabled endpoint's deliveries rest."""
    resting = {
        endpoint["id"]
        for endpoint in account.store.all("webhook_endpoint")
        if endpoint["status"] != "enabled"
    }
    return [
        delivery
        for delivery in account.store.all("delivery")
        if delivery["state"] == "waiting" and delivery["endpoint"] not in resting
    ]


def _request(account: Account, delivery: Json, signed_at: int) -> Delivery:
    body = delivery["body"].encode()
    secrets = account.find("endpoint_secrets", delivery["endpoint"])["secrets"]
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Stripe-Signature": signature_header(secrets, signed_at, body),
    }
    return Delivery(
        id=delivery["id"],
        event_id=delivery["event"],
        event_type=account.find("event", delivery["event"])["type"],
        url=account.find("webhook_endpoint", delivery["endpoint"])["url"],
        headers=headers,
        body=body,
        attempt=delivery["attempts"] + 1,
    )


def settle(account: Account, ident: str, status: int | None) -> None:
    """2xx ends a delivery; anything else, or no answer (None), sends it again after a pause."""
    delivery = account.store.get("delivery", ident)
    if delivery is None:
        return
    if status is not None and status in _SUCCESS:
        account.store.delete("delivery", ident)
        event = account.find("event", delivery["event"])
        event["pending_webhooks"] = max(0, event["pending_webhooks"] - 1)
        account.save(event)
        return
    pause = PAUSES[min(delivery["attempts"], len(PAUSES) - 1)]
    delivery |= {"attempts": delivery["attempts"] + 1, "due": account.time() + pause}
    if delivery["due"] > delivery["first_due"] + GIVE_UP_AFTER:
        delivery["state"] = "given_up"
    account.store.put("delivery", ident, delivery)
