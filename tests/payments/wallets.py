"""What people do with what they have saved to pay with, for several tests."""

import json
from typing import Any

from sandbox.stripe.store import Json
from tests import laws
from tests.world import PUBLISHABLE_KEY, SECRET_KEY, Reply, World

PATH = "/v1/payment-methods"
AGREED: dict[str, object] = {"agreed": True}


def open_method(world: World, user: str = "mina", key: str | None = None, **more: object) -> Reply:
    """The person begins to save a method."""
    body = {**AGREED, **more}
    return world.post(PATH, body, token=world.customer(user), key=key or world.new_key())


def confirm_at_stripe(world: World, opened: Any, card: str = "pm_card_visa") -> int:  # noqa: ANN401 - any JSON
    """The browser confirms a setup with Stripe. A method that is no test card is a wallet."""
    form = f"client_secret={opened['client_secret']}&return_url=https://app.test/back"
    chosen = "payment_method" if card.startswith("pm_") else "payment_method_data[type]"
    path = f"/v1/setup_intents/{opened['setup_id']}/confirm"
    return world.stripe.request("POST", path, PUBLISHABLE_KEY, f"{form}&{chosen}={card}")[0]


def confirm(world: World, method_id: str, user: str = "mina") -> Reply:
    return world.post(f"{PATH}/{method_id}/confirm", token=world.customer(user))


def save(world: World, card: str = "pm_card_visa", user: str = "mina") -> str:
    """A card that the person has saved. Its id."""
    opened = open_method(world, user).json
    assert confirm_at_stripe(world, opened, card) == 200
    assert confirm(world, opened["id"], user).json["status"] == "saved"
    return str(opened["id"])


def listed(world: World, user: str = "mina") -> list[Json]:
    items: list[Json] = world.get(PATH, world.customer(user))["items"]
    return items


def set_default(world: World, method_id: str, user: str = "mina") -> Reply:
    return world.post(f"{PATH}/{method_id}/default", token=world.customer(user))


def remove(world: World, method_id: str, user: str = "mina") -> Reply:
    return world.call("DELETE", f"{PATH}/{method_id}", token=world.customer(user))


def at_stripe(world: World, path: str) -> Any:  # noqa: ANN401 - any JSON
    status, _, body = world.stripe.request("GET", f"/v1/{path}", SECRET_KEY, "")
    assert status == 200, json.dumps(body)
    return body


def customers(world: World) -> list[Json]:
    found: list[Json] = at_stripe(world, "customers?limit=100")["data"]
    return found


def setups(world: World) -> list[Json]:
    found: list[Json] = at_stripe(world, "setup_intents?limit=100")["data"]
    return found


def attached(world: World) -> list[str]:
    """The methods at Stripe that belong to somebody."""
    found = at_stripe(world, "payment_methods?limit=100")["data"]
    return [one["id"] for one in found if one["customer"]]


def kept(method_id: str) -> laws.Row:
    """The item of a method, as it stands in the table."""
    return next(row for row in laws.rows("payments") if row["sk"] == f"METHOD#{method_id}")


def news(user: str = "mina") -> list[str]:
    """What events of the person's wallet there are, in order."""
    mine = [row for row in laws.rows("payments") if row.get("kind") == "wallet"]
    ours = [row for row in mine if row["subject"] == user]
    return [str(row["type"]) for row in sorted(ours, key=lambda row: int(row["version"]))]
