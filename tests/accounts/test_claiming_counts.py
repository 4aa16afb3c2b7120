"""What was counted of a guest counts for who claims them: all of it, once, whatever dies."""

from typing import Any

import pytest

from chalicelib.core import dynamo, parts
from chalicelib.core.errors import BusyError, UnavailableError
from chalicelib.orders import appeals_claimed, tallies, tallies_claimed
from chalicelib.orders.limits import LimitName
from chalicelib.orders.tally_models import Tally, of_person
from tests import laws
from tests.accounts.visiting import Visitor, visitor
from tests.orders.test_limits import WHY
from tests.world import World

PHONE = "5b2f0e1c-6d2a-4c37-9a0f-3f1de7a5c884"


def tally(person_id: str) -> Tally | None:
    return dynamo.get(Tally, of_person(person_id).pk)


def wait(guest: Visitor, store_id: str) -> Any:  # noqa: ANN401 - any JSON
    quote = guest.world.quote(store_id, guest.token)
    placed = guest.world.try_place(guest.token, quote["id"], device=PHONE)
    assert placed.status == 201, placed.text
    return placed.json


def fail(guest: Visitor, store_id: str) -> None:
    placed = wait(guest, store_id)
    guest.world.pay(placed["payments"][0], "pm_card_visa_chargeDeclined")
    guest.world.pump()
    assert guest.world.cancel(placed["order_id"], guest.token).status == 200


def appeal(world: World, token: str, limit: str, key: str = "a") -> Any:  # noqa: ANN401 - any JSON
    said = {"limit": limit, "text": "It was not me."}
    made = world.post("/v1/appeals", said, token=token, key=key)
    assert made.status == 201, made.text
    return made.json


@pytest.mark.parametrize("dies_at", [None, "tallies", "appeals"])
def test_a_claim_hands_over_what_was_counted_and_lifted_once(
    world_at: World, monkeypatch: pytest.MonkeyPatch, dies_at: str | None
) -> None:
    guest, store_id = visitor(world_at), world_at.store()
    fail(guest, store_id)
    for user in ("mina", "mina"):
        placed = world_at.try_place(
            world_at.customer(user), world_at.quote(store_id, world_at.customer(user))["id"]
        )
        assert placed.status == 201
    orders = [wait(guest, store_id) for _ in range(2)]
    parts.commit(tallies.lift(guest.id, None, LimitName.CASH, "2027-01-01T00:00:00.000000Z"))
    waits = appeal(world_at, guest.token, "refused_orders_limit")

    def dies(*_: object) -> None:
        raise UnavailableError

    with monkeypatch.context() as dying:
        if dies_at:
            module = tallies_claimed if dies_at == "tallies" else appeals_claimed
            dying.setattr(module, "hand_over", dies)
            cut_off = guest.claimed().status
            assert cut_off == 503
    again = [guest.claimed().status for _ in range(2)]
    world_at.pump()
    world_at.pass_time(120)

    mine = tally("mina")
    assert again == [200, 200]
    assert mine is not None
    assert (int(mine.waiting), len(mine.failed)) == (4, 1)
    assert mine.cash_lifted == "2027-01-01T00:00:00.000000Z"
    assert not mine.expires_at
    assert tally(guest.id) is None
    [listed] = world_at.get("/v1/appeals", world_at.customer())["items"]
    assert (listed["id"], listed["person_id"]) == (waits["id"], "mina")
    granted = world_at.post(f"/v1/appeals/{waits['id']}/grant", WHY, token=world_at.operator())
    assert granted.status == 200
    lifted = tally("mina")
    assert lifted
    assert lifted.refused_lifted
    for one in orders:
        world_at.cancel(one["order_id"])
    after = tally("mina")
    assert after
    assert int(after.waiting) == 2
    assert [one for one in laws.rows("promotions") if guest.id in str(one)] == []


def test_what_both_have_failed_at_counts_together(world_at: World) -> None:
    guest, store_id, mina = visitor(world_at), world_at.store(), world_at.customer()
    for _ in range(3):
        fail(guest, store_id)
    for _ in range(2):
        placed = world_at.place(mina, world_at.quote(store_id, mina))
        world_at.pay(placed["payments"][0], "pm_card_chargeDeclined")
        world_at.pump()
        world_at.cancel(placed["order_id"])

    guest.claimed()

    refused = world_at.try_place(mina, world_at.quote(store_id, mina)["id"])
    assert (refused.status, refused.json["code"]) == (409, "failed_payments_limit")


def test_a_payment_that_fails_before_its_payer_is_the_account_counts_for_the_account(
    world_at: World,
) -> None:
    guest, store_id = visitor(world_at), world_at.store()
    placed = wait(guest, store_id)
    guest.claimed()
    world_at.pay(placed["payments"][0], "pm_card_chargeDeclined")
    parts.commit(*tallies.payment_failed(guest.id, None))  # Stripe's event was first

    world_at.pump()

    mine = tally("mina")
    assert mine
    assert mine.failed
    assert tally(guest.id) is None


def test_the_accounts_own_appeal_that_waits_comes_first(world_at: World) -> None:
    guest, mina = visitor(world_at), world_at.customer()
    own = appeal(world_at, mina, "cash_orders_limit")
    appeal(world_at, guest.token, "cash_orders_limit")
    answered = appeal(world_at, guest.token, "failed_payments_limit", key="b")
    world_at.post(f"/v1/appeals/{answered['id']}/refuse", WHY, token=world_at.operator())

    guest.claimed()

    listed = world_at.get("/v1/appeals", mina)["items"]
    assert {(one["id"], one["status"]) for one in listed} == {
        (own["id"], "waiting"), (answered["id"], "refused"),
    }  # fmt: skip
    [waiting] = world_at.get("/v1/appeals/waiting", world_at.operator())["items"]
    assert waiting["id"] == own["id"]


@pytest.mark.parametrize("races", [1, tallies_claimed.RACES])
@pytest.mark.parametrize("module", [tallies_claimed, appeals_claimed])
def test_handing_over_reads_anew_where_somebody_was_faster(
    world_at: World,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,  # noqa: ANN401 - either module
    races: int,
) -> None:
    guest = visitor(world_at)
    parts.commit(tallies.lift(guest.id, None, LimitName.CASH, "2027-01-01T00:00:00.000000Z"))
    appeal(world_at, guest.token, "refused_orders_limit")
    left, commit = [None] * races, parts.commit

    def overtaken(*chosen: parts.Part) -> None:
        if left:
            left.pop()
            raise BusyError
        commit(*chosen)

    with monkeypatch.context() as racing:
        racing.setattr(parts, "commit", overtaken)
        if races > 1:
            with pytest.raises(BusyError):
                module.hand_over(guest.id, "mina")
        module.hand_over(guest.id, "mina")

    lasting = tally("mina") if module is tallies_claimed else None
    assert module is appeals_claimed or (lasting and lasting.cash_lifted)
    mine = world_at.get("/v1/appeals", world_at.customer())["items"]
    assert len(mine) == (module is appeals_claimed)
