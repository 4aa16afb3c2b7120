"""HTTP of what people have saved to pay with. A path leads to the caller's own and no other."""

from chalicelib.core.errors import BusyError, KeyInFlightError, KeyReusedError, NotFoundError
from chalicelib.core.idempotency import Key
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller
from chalicelib.core.routing import Answer
from chalicelib.core.web import Api
from chalicelib.payments import rights, wallet_views
from chalicelib.payments.errors import (
    MethodLimitError,
    MethodNeededError,
    MethodNotSavedError,
    ProviderUnavailableError,
)
from chalicelib.payments.wallet_schemas import MethodList, MethodView, NewMethod, OpenedMethod

api = Api(__name__)

SETUPS = Limit("payment-methods", calls=10, seconds=60)
CHANGES = Limit("payment-method-changes", calls=60, seconds=60)


@api.get("/v1/payment-methods", rights.METHOD_LIST)
def list_payment_methods(caller: Caller) -> MethodList:
    """List what the caller has saved, the default first. No card data is ever kept here."""
    return wallet_views.listing(caller)


@api.post(
    "/v1/payment-methods", rights.METHOD_SAVE, status=201, limit=SETUPS,
    errors=(
        KeyReusedError, KeyInFlightError, BusyError, NotFoundError, MethodLimitError,
        ProviderUnavailableError,
    ),
)  # fmt: skip
def open_payment_method(caller: Caller, key: Key, body: NewMethod) -> Answer[OpenedMethod]:
    """Begin to save a method: the client confirms the setup with Stripe by its client secret.

    Needs an Idempotency-Key. A setup that nobody confirms within a day is given up.
    """
    opened, repeated = wallet_views.open_method(caller, key, body)
    return Answer(opened, headers={"Idempotent-Replayed": "true"} if repeated else {})


@api.post(
    "/v1/payment-methods/{method_id}/confirm", rights.METHOD_CONFIRM, limit=CHANGES,
    errors=(NotFoundError, BusyError, ProviderUnavailableError),
)  # fmt: skip
def confirm_payment_method(caller: Caller, method_id: str) -> MethodView:
    """Say that the setup was confirmed: we ask Stripe. Its webhook does the same by itself."""
    return wallet_views.confirm(caller, method_id)


@api.post(
    "/v1/payment-methods/{method_id}/default", rights.METHOD_SET_DEFAULT, limit=CHANGES,
    errors=(NotFoundError, BusyError, MethodNotSavedError),
)  # fmt: skip
def set_default_payment_method(caller: Caller, method_id: str) -> MethodView:
    """Let a saved method be the first to be offered. Repeating it changes nothing."""
    return wallet_views.set_default(caller, method_id)


@api.delete(
    "/v1/payment-methods/{method_id}", rights.METHOD_REMOVE, limit=CHANGES,
    errors=(NotFoundError, BusyError, MethodNeededError, ProviderUnavailableError),
)  # fmt: skip
def remove_payment_method(caller: Caller, method_id: str) -> None:
    """Remove a method, here and at Stripe. Repeating it changes nothing.

    While an order that is yet to be paid needs it, it stays (409).
    """
    wallet_views.remove(caller, method_id)
