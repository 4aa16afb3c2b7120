"""The API as a table: method, path, endpoint, what it takes, and what a browser may send to it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.stripe import (
    accepted,
    balance,
    charges,
    confirming,
    customers,
    intents,
    mandates,
    methods,
    refunds,
    settling,
    setups,
    webhooks,
)
from sandbox.stripe.account import Account
from sandbox.stripe.params import Params, Spec
from sandbox.stripe.store import Json

type OfOne = Callable[[Account, str, Params], Json]
type OfAll = Callable[[Account, Params], Json]


@dataclass(frozen=True)
class Route:
    """`client` is what a publishable key may send; None where it may not call at all."""

    method: str
    path: str
    run: OfOne | OfAll
    accepts: Spec
    requires: tuple[str, ...] = ()
    client: Spec | None = None
    for_client: Callable[[Json], Json] | None = None

    @property
    def names_one(self) -> bool:
        return "{id}" in self.path


def _route(
    line: str,
    run: OfOne | OfAll,
    accepts: Spec,
    *requires: str,
    client: Spec | None = None,
    for_client: Callable[[Json], Json] | None = None,
) -> Route:
    method, path = line.split()
    return Route(method, f"/v1/{path}", run, accepts, requires, client, for_client)


_PI, _SI, _PM = "payment_intents", "setup_intents", "payment_methods"
_CONFIRM, _RETRIEVE = accepted.CLIENT_CONFIRM, accepted.CLIENT_RETRIEVE

ROUTES = (
    _route(f"POST {_PI}", intents.create, accepted.INTENT_CREATE, "amount", "currency"),
    _route(f"GET {_PI}", intents.list_all, accepted.INTENT_LIST),
    _route(f"GET {_PI}/search", intents.search, accepted.SEARCH, "query"),
    _route(
        f"GET {_PI}/{{id}}",
        intents.retrieve,
        accepted.INTENT_RETRIEVE,
        client=_RETRIEVE,
        for_client=intents.for_client,
    ),
    _route(f"POST {_PI}/{{id}}", intents.update, accepted.INTENT_UPDATE),
    _route(
        f"POST {_PI}/{{id}}/confirm",
        confirming.confirm,
        accepted.INTENT_CONFIRM,
        client=_CONFIRM,
        for_client=intents.for_client,
    ),
    _route(f"POST {_PI}/{{id}}/capture", settling.capture, accepted.INTENT_CAPTURE),
    _route(f"POST {_PI}/{{id}}/cancel", settling.cancel, accepted.INTENT_CANCEL),
    _route("GET charges", charges.list_all, accepted.CHARGE_LIST),
    _route("GET charges/{id}", charges.retrieve, accepted.EXPAND),
    _route("POST refunds", refunds.create, accepted.REFUND_CREATE),
    _route("GET refunds", refunds.list_all, accepted.REFUND_LIST),
    _route("GET refunds/{id}", refunds.retrieve, accepted.EXPAND),
    _route("POST refunds/{id}", refunds.update, accepted.REFUND_UPDATE),
    _route("GET balance", balance.retrieve, accepted.EXPAND),
    _route("GET balance_transactions", balance.list_transactions, accepted.TRANSACTION_LIST),
    _route("GET balance_transactions/{id}", balance.retrieve_transaction, accepted.EXPAND),
    _route("POST customers", customers.create, accepted.CUSTOMER),
    _route("GET customers", customers.list_all, accepted.CUSTOMER_LIST),
    _route("GET customers/{id}", customers.retrieve, accepted.EXPAND),
    _route("POST customers/{id}", customers.update, accepted.CUSTOMER),
    _route("DELETE customers/{id}", customers.delete, {}),
    _route("GET customers/{id}/payment_methods", methods.list_of_customer, accepted.METHOD_LIST),
    _route(f"POST {_PM}", methods.create, accepted.METHOD_CREATE, "type"),
    _route(f"GET {_PM}", methods.list_all, accepted.METHOD_LIST),
    _route(f"GET {_PM}/{{id}}", methods.retrieve, accepted.EXPAND),
    _route(f"POST {_PM}/{{id}}", methods.update, accepted.METHOD_UPDATE),
    _route(f"POST {_PM}/{{id}}/attach", methods.attach, accepted.METHOD_ATTACH, "customer"),
    _route(f"POST {_PM}/{{id}}/detach", methods.detach, accepted.EXPAND),
    _route(f"POST {_SI}", setups.create, accepted.SETUP_CREATE),
    _route(f"GET {_SI}", setups.list_all, accepted.SETUP_LIST),
    _route(f"POST {_SI}/{{id}}/cancel", setups.cancel, accepted.SETUP_CANCEL),
    _route("GET mandates/{id}", mandates.retrieve, accepted.EXPAND),
    _route(
        f"GET {_SI}/{{id}}",
        setups.retrieve,
        accepted.INTENT_RETRIEVE,
        client=_RETRIEVE,
        for_client=setups.for_client,
    ),
    _route(
        f"POST {_SI}/{{id}}/confirm",
        setups.confirm,
        accepted.SETUP_CONFIRM,
        client=_CONFIRM,
        for_client=setups.for_client,
    ),
    _route("GET events", webhooks.list_events, accepted.EVENT_LIST),
    _route("GET events/{id}", webhooks.retrieve_event, accepted.EXPAND),
    _route(
        "POST webhook_endpoints",
        webhooks.create,
        accepted.ENDPOINT_CREATE,
        "url",
        "enabled_events",
    ),
    _route("GET webhook_endpoints", webhooks.list_all, accepted.LIST),
    _route("GET webhook_endpoints/{id}", webhooks.retrieve, accepted.EXPAND),
    _route("POST webhook_endpoints/{id}", webhooks.update, accepted.ENDPOINT_UPDATE),
    _route("DELETE webhook_endpoints/{id}", webhooks.delete, {}),
)
_PATTERNS = [
    (route, re.compile(route.path.replace("{id}", r"(?P<id>[A-Za-z0-9_]{1,255})")))
    for route in ROUTES
]


def find(method: str, path: str) -> tuple[Route, str | None] | None:
    """The route of a request and the id in its path."""
    for route, pattern in _PATTERNS:
        match = pattern.fullmatch(path) if route.method == method else None
        if match is not None:
            return route, match.groupdict().get("id")
    return None
