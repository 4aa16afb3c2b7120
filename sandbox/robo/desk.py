"""The operator's desk: gives people something to pay with, and gives money of an order back."""

import uuid
from collections.abc import Callable

from sandbox.robo.caller import Caller
from sandbox.robo.line import Json

GIVEN = 20_000


class Desk:
    """Somebody who helps one person, whose id `whose` tells. `api` has an operator's token."""

    def __init__(self, api: Caller, whose: Callable[[], str]) -> None:
        self._api = api
        self._whose = whose

    def give_value(self, currency: str, amount: int = GIVEN) -> str:
        """A voucher of an amount for that person. The balance's id."""
        body = {"owner": self._whose(), "kind": "voucher", "amount": amount,
            "currency": currency, "reason": "A voucher of the sandbox."}  # fmt: skip
        made = self._api.post("/v1/balances", body, key=f"desk-{uuid.uuid4()}")
        return str(made["id"])

    def grant(self, appeal_id: str) -> None:
        """Lift a limit for who has appealed against it."""
        self._api.post(f"/v1/appeals/{appeal_id}/grant", {"reason": "An evening of the sandbox."})

    def refund_a_dish(self, order_id: str) -> Json:
        """One unit of the first line goes back, at the store's expense. The refund."""
        body = {
            "reason": "item_missing",
            "lines": [{"line": 0, "quantity": 1}],
            "liable_party": "store",
        }
        path = f"/v1/orders/{order_id}/refunds"
        return self._api.post(path, body, key=f"desk-{order_id}", why="A dish was not in the bag.")
