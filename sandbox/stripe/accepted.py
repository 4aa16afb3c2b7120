"""Which parameters each endpoint takes. Anything else is `parameter_unknown`, as at Stripe.

What the model only carries (an address) is a free hash; what it acts on is checked. What would
move money in ways that the model does not know (Connect, confirmation by hand) is not taken.
"""

from sandbox.stripe.money import currency, positive
from sandbox.stripe.params import (
    Spec,
    boolean,
    free_hash,
    hash_of,
    integer,
    list_of,
    metadata,
    one_of,
    text,
    time_range,
    web_address,
)

EXPAND: Spec = {"expand": list_of(text)}
_CREATED: Spec = {"created": time_range}
_METADATA: Spec = {"metadata": metadata}
LIST: Spec = {
    "limit": integer,
    "starting_after": text,
    "ending_before": text,
    **_CREATED,
    **EXPAND,
}
_CARD_OPTIONS: Spec = {
    "capture_method": one_of("manual"),
    "request_three_d_secure": one_of("any", "automatic", "challenge"),
    "setup_future_usage": one_of("none", "off_session", "on_session"),
}
_WALLET_OPTIONS: Spec = {
    "capture_method": one_of("manual"),
    "setup_future_usage": one_of("none", "off_session"),
}
_WALLETS = ("kr_card", "naver_pay", "kakao_pay", "samsung_pay", "payco")
_OPTIONS = hash_of(
    {"card": hash_of(_CARD_OPTIONS), **dict.fromkeys(_WALLETS, hash_of(_WALLET_OPTIONS))}
)
_CARD_DATA = hash_of(
    {"number": text, "exp_month": integer, "exp_year": integer, "cvc": text}, "number"
)
_METHOD_DATA: Spec = {
    "type": one_of("card", *_WALLETS),
    "billing_details": free_hash,
    "allow_redisplay": one_of("always", "limited", "unspecified"),
    **dict.fromkeys(_WALLETS, free_hash),
    **_METADATA,
}
# A number may come from the customer's device only: Ieum's own servers never see one.
# https://docs.stripe.com/security/guide#validating-pci-compliance
SERVER_METHOD_DATA = hash_of(_METHOD_DATA, "type")
CLIENT_METHOD_DATA = hash_of({**_METHOD_DATA, "card": _CARD_DATA}, "type")

_AUTOMATIC = hash_of(
    {"enabled": boolean, "allow_redirects": one_of("always", "never")},
    "enabled",
)
_TYPES: Spec = {
    "allowed_payment_method_types": list_of(text),
    "automatic_payment_methods": _AUTOMATIC,
    "excluded_payment_method_types": list_of(text),
    "payment_method_types": list_of(text),
}
_METHOD: Spec = {
    "payment_method": text,
    "payment_method_data": SERVER_METHOD_DATA,
    "payment_method_options": _OPTIONS,
}
_ABOUT: Spec = {
    "description": text,
    "receipt_email": text,
    "shipping": free_hash,
    "setup_future_usage": one_of("off_session", "on_session"),
}
_OURS: Spec = {
    "amount_details": free_hash,
    "customer": text,
    "statement_descriptor": text,
    "statement_descriptor_suffix": text,
    "transfer_group": text,
}
# https://docs.stripe.com/api/setup_intents/create#create_setup_intent-mandate_data
_ACCEPTANCE = hash_of(
    {
        "type": one_of("offline", "online"),
        "accepted_at": integer,
        "offline": free_hash,
        "online": hash_of({"ip_address": text, "user_agent": text}),
    },
    "type",
)
_CLIENT_ACCEPTANCE = hash_of(
    {"type": one_of("online"), "online": hash_of({"infer_from_client": boolean})}, "type"
)
_MANDATE: Spec = {
    "mandate_data": hash_of({"customer_acceptance": _ACCEPTANCE}, "customer_acceptance")
}
_CLIENT_MANDATE: Spec = {
    "mandate_data": hash_of({"customer_acceptance": _CLIENT_ACCEPTANCE}, "customer_acceptance")
}
_CONFIRMING: Spec = {
    "error_on_requires_action": boolean,
    "off_session": boolean,
    "return_url": web_address,
    "use_stripe_sdk": boolean,
}
INTENT_CREATE: Spec = {
    "amount": positive,
    "currency": currency,
    "capture_method": one_of("automatic", "automatic_async", "manual"),
    "confirm": boolean,
    "confirmation_method": one_of("automatic"),
    **_TYPES,
    **_METHOD,
    **_ABOUT,
    **_OURS,
    **_CONFIRMING,
    **_METADATA,
    **EXPAND,
}
INTENT_UPDATE: Spec = {
    "amount": positive,
    "currency": currency,
    **_METHOD,
    **_ABOUT,
    **_OURS,
    **_METADATA,
    **EXPAND,
}
INTENT_CONFIRM: Spec = {
    "client_secret": text,
    "receipt_email": text,
    "setup_future_usage": one_of("off_session", "on_session"),
    "shipping": free_hash,
    **_METHOD,
    **_CONFIRMING,
    **EXPAND,
}
CLIENT_CONFIRM: Spec = {
    "client_secret": text,
    "payment_method": text,
    "payment_method_data": CLIENT_METHOD_DATA,
    "receipt_email": text,
    "return_url": web_address,
    "setup_future_usage": one_of("off_session", "on_session"),
    "shipping": free_hash,
    "use_stripe_sdk": boolean,
    **_CLIENT_MANDATE,
}
CLIENT_RETRIEVE: Spec = {"client_secret": text}
INTENT_RETRIEVE: Spec = {"client_secret": text, **EXPAND}
INTENT_CAPTURE: Spec = {
    "amount_to_capture": positive,
    "final_capture": boolean,
    "statement_descriptor": text,
    "statement_descriptor_suffix": text,
    **_METADATA,
    **EXPAND,
}
INTENT_CANCEL: Spec = {
    "cancellation_reason": one_of("duplicate", "fraudulent", "requested_by_customer", "abandoned"),
    **EXPAND,
}
INTENT_LIST: Spec = {"customer": text, **LIST}
SEARCH: Spec = {"query": text, "limit": integer, "page": text, **EXPAND}

CHARGE_LIST: Spec = {"payment_intent": text, "customer": text, "transfer_group": text, **LIST}
REFUND_CREATE: Spec = {
    "amount": positive,
    "charge": text,
    "payment_intent": text,
    "reason": one_of("duplicate", "fraudulent", "requested_by_customer"),
    **_METADATA,
    **EXPAND,
}
REFUND_UPDATE: Spec = {**_METADATA, **EXPAND}
REFUND_LIST: Spec = {"charge": text, "payment_intent": text, **LIST}
TRANSACTION_LIST: Spec = {"type": text, "source": text, "currency": text, **LIST}

CUSTOMER: Spec = {
    "address": free_hash,
    "description": text,
    "email": text,
    "name": text,
    "phone": text,
    "shipping": free_hash,
    **_METADATA,
    **EXPAND,
}
CUSTOMER_LIST: Spec = {"email": text, **LIST}
METHOD_CREATE: Spec = {**_METHOD_DATA, **EXPAND}
METHOD_UPDATE: Spec = {
    "allow_redisplay": one_of("always", "limited", "unspecified"),
    "billing_details": free_hash,
    **_METADATA,
    **EXPAND,
}
METHOD_ATTACH: Spec = {"customer": text, **EXPAND}
METHOD_LIST: Spec = {"customer": text, "type": text, **LIST}

SETUP_CREATE: Spec = {
    "confirm": boolean,
    "customer": text,
    "description": text,
    **_TYPES,
    "return_url": web_address,
    "usage": one_of("off_session", "on_session"),
    "use_stripe_sdk": boolean,
    **_METHOD,
    **_MANDATE,
    **_METADATA,
    **EXPAND,
}
SETUP_CONFIRM: Spec = {
    "client_secret": text,
    "return_url": web_address,
    "use_stripe_sdk": boolean,
    **_METHOD,
    **_MANDATE,
    **EXPAND,
}
SETUP_CANCEL: Spec = {
    "cancellation_reason": one_of("abandoned", "duplicate", "requested_by_customer"),
    **EXPAND,
}
SETUP_LIST: Spec = {"customer": text, "payment_method": text, **LIST}

ENDPOINT_CREATE: Spec = {
    "url": web_address,
    "enabled_events": list_of(text),
    "description": text,
    **_METADATA,
    **EXPAND,
}
ENDPOINT_UPDATE: Spec = {
    "url": web_address,
    "enabled_events": list_of(text),
    "disabled": boolean,
    **EXPAND,
}
EVENT_LIST: Spec = {"type": text, "types": list_of(text), **LIST}
