"""Two who make the same customer or the same setup, between each other's asking and noting."""

import pytest

from chalicelib.payments import customers, opening, saving
from tests import faults, laws
from tests.faults import Crash, Script
from tests.payments import wallets
from tests.payments.stories import meanwhile
from tests.world import World


def _cut_off(world: World) -> str:
    """Mina has begun to save a method, and died before Stripe was asked. Its id."""
    script = Script()

    def die(call: str) -> None:
        if call == "stripe.POST /v1/setup_intents":
            raise Crash

    script.before = die
    with faults.following(script), pytest.raises(Crash):
        wallets.open_method(world)
    [begun] = [row for row in laws.rows("payments") if row.get("status") == "opening"]
    return str(begun["id"])


def test_two_who_make_a_persons_customer_at_once_note_the_same_one(world_at: World) -> None:
    others: list[str] = []

    def other() -> None:
        others.append(customers.customer_of("mina"))

    with faults.following(meanwhile(other, "UpdateItem")):
        ours = customers.customer_of("mina")

    assert others == [ours]
    assert [one["id"] for one in wallets.customers(world_at)] == [ours]


def test_two_who_make_a_methods_setup_at_once_note_it_once(world_at: World) -> None:
    method_id = _cut_off(world_at)
    others: list[str] = []

    def other() -> None:
        others.append(saving.open_setup("mina", method_id).id)

    with faults.following(meanwhile(other)):
        ours = saving.open_setup("mina", method_id)

    assert others == [ours.id] == [one["id"] for one in wallets.setups(world_at)]
    assert wallets.kept(method_id)["setup_id"] == ours.id


def test_a_placing_that_loses_every_race_gives_its_key_back(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = world_at.customer()
    quote = world_at.quote(world_at.store(), token)

    with monkeypatch.context() as racing:
        racing.setattr(opening, "RACES", 0)
        first = world_at.try_place(token, quote["id"], key="one")
    again = world_at.try_place(token, quote["id"], key="one")

    assert (first.status, first.json["code"], again.status) == (409, "busy", 201)
    assert len(world_at.intents()) == 1
