"""Which payment method types an intent offers.

https://docs.stripe.com/payments/payment-methods/dynamic-payment-methods
"""

from sandbox.stripe.account import Account
from sandbox.stripe.errors import refused
from sandbox.stripe.methods import KINDS, takes
from sandbox.stripe.params import Params
from sandbox.stripe.store import Json

# From this version on `payment_method_types` is read-only.
# https://docs.stripe.com/changelog/endive/2026-09-30/removes-the-payment-method-types-parameter-from-payment-intents-and-setup-intents
TYPES_READ_ONLY_SINCE = "2026-09-30"
_EXCLUSIVE = (
    ("allowed_payment_method_types", "automatic_payment_methods"),
    ("allowed_payment_method_types", "excluded_payment_method_types"),
    ("allowed_payment_method_types", "payment_method_types"),
    ("automatic_payment_methods", "payment_method_types"),
)


def offered(account: Account, params: Params, *, manual: bool) -> Json:
    """What a new intent says of its types: exactly those named, a filter, or all that fit."""
    check_words(account, params)
    coin = params["currency"]
    _check_options(params, coin)
    named = params.get("payment_method_types")
    allowed = params.get("allowed_payment_method_types")
    excluded = params.get("excluded_payment_method_types")
    automatic = None
    if named:
        check_kinds(named, coin, manual=manual)
    elif not allowed:
        redirects = (params.get("automatic_payment_methods") or {}).get("allow_redirects")
        automatic = {"enabled": True, "allow_redirects": redirects or "always"}
    fitting = [kind for kind in KINDS if _fits(kind, coin, manual=manual)]
    return {
        "allowed_payment_method_types": allowed,
        "automatic_payment_methods": automatic,
        "excluded_payment_method_types": excluded,
        "payment_method_types": named or _filtered(fitting, allowed, excluded or [], automatic),
    }


def check_words(account: Account, params: Params) -> None:
    """Refuse words that this API version no longer has, or that exclude each other."""
    if params.get("payment_method_types") and account.version >= TYPES_READ_ONLY_SINCE:
        message = "payment_method_types is no longer supported: use allowed_payment_method_types."
        code = "payment_method_types_no_longer_supported"
        raise refused(message, code=code, param="payment_method_types")
    for one, other in _EXCLUSIVE:
        if params.get(one) and params.get(other):
            message = f"You may only specify one of these parameters: {one}, {other}."
            raise refused(message, code="parameters_exclusive", param=one)


def check_kinds(names: list[str], coin: str, *, manual: bool) -> None:
    """Refuse a type that this account, currency or way of capture does not know."""
    for name in names:
        if name not in KINDS:
            message = f'The payment method type "{name}" is invalid.'
            raise refused(message, param="payment_method_types")
        if not takes(name, coin):
            message = f"The currency provided ({coin}) is invalid for the type {name}."
            raise refused(message, param="currency")
        if manual and not KINDS[name].manual_capture:
            message = f"The following payment method types do not support manual capture: {name}."
            code = "payment_intent_invalid_parameter"
            raise refused(message, code=code, param="capture_method")


def _check_options(params: Params, coin: str) -> None:
    for kind, options in (params.get("payment_method_options") or {}).items():
        asked = (options or {}).get("capture_method") == "manual"
        check_kinds([kind], coin, manual=asked)


def _fits(kind: str, coin: str, *, manual: bool) -> bool:
    return takes(kind, coin) and (KINDS[kind].manual_capture or not manual)


def _filtered(
    fitting: list[str], allowed: list[str] | None, excluded: list[str], automatic: Json | None
) -> list[str]:
    """Types that do not fit are left out silently; only when none is left is it an error."""
    stays = automatic is not None and automatic["allow_redirects"] == "never"
    left = [
        kind
        for kind in fitting
        if (allowed is None or kind in allowed)
        and kind not in excluded
        and not (stays and KINDS[kind].redirects)
    ]
    if not left:
        message = "No payment method type is compatible with the other parameters."
        raise refused(message, param="allowed_payment_method_types")
    return left
