"""How a customer pays at Stripe: what `stripe.js` does in the app, and what a person clicks."""

import random

from sandbox.city.client import Refused
from sandbox.robo.caller import Caller
from sandbox.robo.desk import Desk
from sandbox.robo.line import Json
from sandbox.robo.pace import Pace
from sandbox.robo.scripts import Script

CARD, DECLINED, CHALLENGED = (
    "pm_card_visa",
    "pm_card_visa_chargeDeclined",
    "pm_card_threeDSecure2Required",
)
WALLET = "kakao_pay"
WALLETS = frozenset({Script.WALLET, Script.WALLET_LEFT})
BACK = "http://127.0.0.1/back"
UNEXPECTED = "payment_intent_unexpected_state"


def method(script: Script) -> str:
    """What the order is to be paid with, whatever stored value does not cover."""
    if script is Script.CASH:
        return "cash"
    return WALLET if script in WALLETS else "card"


class Purse:
    """A customer's way with money. `stripe` is called with the publishable key alone."""

    def __init__(self, stripe: Caller, pace: Pace, draw: random.Random, desk: Desk) -> None:
        self._stripe = stripe
        self.desk = desk
        self._pace = pace
        self._draw = draw

    def pay(self, script: Script, payment: Json) -> bool:
        """Whether the money is held now. Raises Refused where Stripe refuses to speak."""
        match script:
            case Script.SECOND_CARD:
                self._confirm(payment, payment_method=DECLINED)
                self._pace.wait(self._draw.uniform(15, 40))
                self._confirm(payment, payment_method=CARD)
            case Script.CARD_GIVEN_UP:
                self._confirm(payment, payment_method=DECLINED)
                return False
            case Script.THREE_D_SECURE:
                self._confirm(payment, payment_method=CHALLENGED)
                self._pace.wait(self._draw.uniform(10, 30))
                self._answer("3ds", payment, "approve")
            case Script.WALLET | Script.WALLET_LEFT:
                left = script is Script.WALLET_LEFT
                self._confirm(payment, **{"payment_method_data[type]": WALLET, "return_url": BACK})
                self._pace.wait(self._draw.uniform(10, 30))
                self._answer("wallet", payment, "leave" if left else "approve")
                return not left
            case _:
                self._confirm(payment, payment_method=CARD)
        return True

    def _confirm(self, payment: Json, **fields: str) -> None:
        path = f"/v1/payment_intents/{payment['intent_id']}/confirm"
        self._say(path, {"client_secret": payment["client_secret"], **fields})

    def _answer(self, page: str, payment: Json, outcome: str) -> None:
        self._say(f"/pages/{page}/{payment['intent_id']}", {"outcome": outcome})

    def _say(self, path: str, fields: dict[str, str]) -> None:
        """Say it until it is heard: what was heard before and not answered is refused by then."""
        try:
            self._stripe.form(path, fields)
        except Refused as refused:
            error = refused.problem.get("error", {})
            if not isinstance(error, dict) or error.get("code") != UNEXPECTED:
                raise
