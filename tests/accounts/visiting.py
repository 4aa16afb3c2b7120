"""Guests of the small world, and what they do."""

from dataclasses import dataclass
from typing import Any

from tests.world import Reply, World

ADDRESS = "adr_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
HOME = {
    "label": "home",
    "location": {"type": "Point", "coordinates": [126.924, 37.562]},
    "road_address": "Canary Street 7",
    "detail": "door 13",
}
DIET = {"agreed": True, "diets": ["VEGAN"], "avoids": []}


@dataclass
class Visitor:
    """A guest with their present tokens."""

    world: World
    tokens: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.tokens["guest_id"])

    @property
    def token(self) -> str:
        return str(self.tokens["access_token"])

    def call(self, method: str, path: str, body: object = None) -> Reply:
        return self.world.call(method, path, body, token=self.token)

    def renew(self, refresh_token: str | None = None) -> Reply:
        given = {"refresh_token": refresh_token or self.tokens["refresh_token"]}
        return self.world.post("/v1/guests/token", given)

    def place(self, store_id: str, *payments: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
        quote = self.world.quote(store_id, self.token)
        return self.world.place(self.token, quote, *payments)

    def order(self, store_id: str) -> str:
        """An order that its store sees. Its id."""
        placed = self.place(store_id)
        for payment in placed["payments"]:
            self.world.pay(payment)
        path = f"/v1/orders/{placed['order_id']}/payments/confirm"
        assert self.call("POST", path).status == 200
        order_id: str = placed["order_id"]
        return order_id

    def claimed(self, user: str = "mina") -> Reply:
        """Somebody with an account claims this guest."""
        given = {"refresh_token": self.tokens["refresh_token"]}
        return self.world.post("/v1/guests/claim", given, token=self.world.customer(user))


def visitor(world: World) -> Visitor:
    begun = world.post("/v1/guests")
    assert begun.status == 201, begun.text
    assert begun.headers["Cache-Control"] == "no-store"
    return Visitor(world, begun.json)
