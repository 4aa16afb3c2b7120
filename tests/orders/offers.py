"""Promotions as tests make them, and what is stored of them."""

from typing import Any

from tests import laws, people
from tests.world import Reply, World

TENTH = {"type": "percentage", "basis_points": 1_000}
SEOUL = {"type": "cities", "cities": ["seoul"]}


def terms(**changed: object) -> dict[str, object]:
    return {"names": {"en": "Less"}, "benefit": TENTH, **changed}


def try_at_store(
    world: World,
    store_id: str,
    *,
    owner: str = "owner",
    key: str = "",
    **changed: Any,  # noqa: ANN401 - any field
) -> Reply:
    """An owner makes a promotion of a store."""
    path, token = f"/v1/stores/{store_id}/promotions", people.person("merchant", owner)
    return world.post(path, terms(**changed), token=token, key=key or world.new_key())


def at_store(world: World, store_id: str, **changed: Any) -> Any:  # noqa: ANN401 - any JSON
    """A promotion of a store's. What was answered."""
    made = try_at_store(world, store_id, **changed)
    assert made.status == 201, made.text
    return made.json


def try_of_platform(world: World, **changed: object) -> Reply:
    body = terms(**{"currency": "KRW", "scope": SEOUL, **changed})
    return world.post("/v1/promotions", body, token=world.operator(), key=world.new_key())


def of_platform(world: World, **changed: object) -> Any:  # noqa: ANN401 - any JSON
    """A promotion of the platform's, of a city unless said otherwise. What was answered."""
    made = try_of_platform(world, **changed)
    assert made.status == 201, made.text
    return made.json


def seen(world: World, promotion_id: str) -> Any:  # noqa: ANN401 - any JSON
    """A promotion as an operator sees it."""
    return world.get(f"/v1/promotions/{promotion_id}", world.operator())


def taken(world: World, promotion_id: str) -> tuple[int, int]:
    """How often it was taken, and what it has come to."""
    found = seen(world, promotion_id)
    return found["used"], found["spent"]["amount"]


def refused(reply: Reply) -> Any:  # noqa: ANN401 - any JSON
    """The one issue for which a quote was refused."""
    assert (reply.status, reply.json["code"]) == (422, "quote_impossible"), reply.text
    [issue] = reply.json["errors"]
    return issue["code"], issue["pointer"]


def counts() -> list[tuple[str, int]]:
    """What is counted of everything, by the last of the keys."""
    rows = laws.rows("promotions")
    return sorted(
        (row["sk"].partition("#")[0], int(row.get("uses", 0))) for row in rows if "uses" in row
    )
