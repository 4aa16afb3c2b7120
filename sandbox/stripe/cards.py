"""Stripe's test cards, and what each of them does. https://docs.stripe.com/testing."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Card:
    number: str
    tokens: tuple[str, ...]
    brand: str = "visa"
    declines: str | None = None
    attaches: bool = True
    authenticates: Literal["never", "if_asked", "always", "until_saved", "on_session"] = "never"
    refunds: Literal["at_once", "fails_later", "pends"] = "at_once"

    @property
    def name(self) -> str:
        return self.tokens[0]


CARDS = (
    Card("4242424242424242", ("pm_card_visa",)),
    Card("5555555555554444", ("pm_card_mastercard",), "mastercard"),
    Card("378282246310005", ("pm_card_amex",), "amex"),
    Card(
        "4000000000000002",
        ("pm_card_visa_chargeDeclined", "pm_card_chargeDeclined"),
        declines="generic_decline",
        attaches=False,
    ),
    Card(
        "4000000000009995",
        (
            "pm_card_visa_chargeDeclinedInsufficientFunds",
            "pm_card_chargeDeclinedInsufficientFunds",
        ),
        declines="insufficient_funds",
        attaches=False,
    ),
    Card(
        "4000000000009987",
        ("pm_card_visa_chargeDeclinedLostCard",),
        declines="lost_card",
        attaches=False,
    ),
    Card(
        "4000000000009979",
        ("pm_card_visa_chargeDeclinedStolenCard",),
        declines="stolen_card",
        attaches=False,
    ),
    Card(
        "4000000000000069",
        ("pm_card_chargeDeclinedExpiredCard",),
        declines="expired_card",
        attaches=False,
    ),
    Card(
        "4000000000000127",
        ("pm_card_chargeDeclinedIncorrectCvc",),
        declines="incorrect_cvc",
        attaches=False,
    ),
    Card(
        "4000000000000119",
        ("pm_card_chargeDeclinedProcessingError",),
        declines="processing_error",
        attaches=False,
    ),
    Card(
        "4000000000006975",
        ("pm_card_visa_chargeDeclinedVelocityLimitExceeded",),
        declines="card_velocity_exceeded",
        attaches=False,
    ),
    Card("4100000000000019", ("pm_card_radarBlock",), declines="fraudulent", attaches=False),
    Card("4000000000000341", ("pm_card_chargeCustomerFail",), declines="generic_decline"),
    Card("4000000000003055", ("pm_card_threeDSecureOptional",), authenticates="if_asked"),
    Card("4000000000003220", ("pm_card_threeDSecure2Required",), authenticates="always"),
    Card("4000002760003184", ("pm_card_authenticationRequired",), authenticates="always"),
    Card(
        "4000002500003155",
        ("pm_card_authenticationRequiredOnSetup",),
        authenticates="until_saved",
    ),
    Card(
        "4000003800000446",
        ("pm_card_authenticationRequiredSetupForOffSession",),
        authenticates="on_session",
    ),
    Card(
        "4000008260003178",
        ("pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",),
        declines="insufficient_funds",
        authenticates="until_saved",
    ),
    Card(
        "4000008400001629",
        ("pm_card_threeDSecureRequiredChargeDeclined",),
        declines="generic_decline",
        authenticates="always",
    ),
    Card("4000000000005126", ("pm_card_refundFail",), refunds="fails_later"),
    Card("4000000000007726", ("pm_card_pendingRefund",), refunds="pends"),
)
BY_TOKEN = {token: card for card in CARDS for token in card.tokens}
BY_NUMBER = {card.number: card for card in CARDS}

# decline code -> (error code, message). https://docs.stripe.com/declines/codes
DECLINES = {
    "generic_decline": ("card_declined", "Your card was declined."),
    "insufficient_funds": ("card_declined", "Your card has insufficient funds."),
    "lost_card": ("card_declined", "Your card was declined."),
    "stolen_card": ("card_declined", "Your card was declined."),
    "fraudulent": ("card_declined", "Your card was declined."),
    "card_velocity_exceeded": (
        "card_declined",
        "Your card was declined for making repeated attempts too frequently.",
    ),
    "expired_card": ("expired_card", "Your card has expired."),
    "incorrect_cvc": ("incorrect_cvc", "Your card's security code is incorrect."),
    "processing_error": (
        "processing_error",
        "An error occurred while processing your card. Try again in a little bit.",
    ),
    "authentication_required": (
        "authentication_required",
        "Your card was declined. This transaction requires authentication.",
    ),
}


def passes_luhn(number: str) -> bool:
    """The check digit of ISO/IEC 7812-1."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
