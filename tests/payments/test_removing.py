"""A saved method goes, here and at Stripe, once; nothing of its looks is kept."""

import pytest

from chalicelib.core import parts
from chalicelib.core.errors import BusyError
from chalicelib.payments import removing, wallet_changing
from sandbox.stripe.faults import SAVED_500, Call, Fault
from tests import faults
from tests.faults import Crash, Script
from tests.payments.stories import on
from tests.payments.wallets import (
    at_stripe,
    attached,
    confirm,
    confirm_at_stripe,
    kept,
    listed,
    news,
    open_method,
    remove,
    save,
    set_default,
    setups,
)
from tests.world import SECRET_KEY, World

LOOKS = ("brand", "last4", "exp_month", "exp_year", "instrument")


def hold_on(method_id: str, times: int = 1) -> None:
    """Something that is yet to be paid needs the method, or does no more."""
    parts.commit(wallet_changing.need("mina", method_id, BusyError(), times))


def test_a_method_that_was_removed_is_neither_listed_nor_its_persons_at_stripe(
    world_at: World,
) -> None:
    method_id = save(world_at)

    removed = remove(world_at, method_id)

    assert (removed.status, listed(world_at), attached(world_at)) == (204, [], [])
    assert news() == ["payment_method.saved", "payment_method.removed"]


def test_of_what_was_removed_only_the_permission_is_kept(world_at: World) -> None:
    method_id = save(world_at)
    before = kept(method_id)

    remove(world_at, method_id)

    row = kept(method_id)
    assert [name for name in LOOKS if name in before] == list(LOOKS)
    assert [name for name in LOOKS if name in row] == []
    assert row["accepted_at"] == before["accepted_at"]


def test_removing_again_changes_nothing(world_at: World) -> None:
    method_id = save(world_at)

    answers = [remove(world_at, method_id) for _ in range(3)]

    assert [one.status for one in answers] == [204] * 3
    assert news() == ["payment_method.saved", "payment_method.removed"]


def test_the_default_goes_to_what_was_saved_last(world_at: World) -> None:
    ids = []
    for card in ("pm_card_visa", "pm_card_amex", "pm_card_mastercard"):
        ids.append(save(world_at, card))
        world_at.clock.move(1)

    remove(world_at, ids[0])
    after_one = [one["id"] for one in listed(world_at)]
    remove(world_at, ids[1])
    remove(world_at, ids[2])
    again = save(world_at)

    assert after_one == [ids[2], ids[1]]
    assert [(one["id"], one["default"]) for one in listed(world_at)] == [(again, True)]


def test_another_default_stays_when_a_method_goes(world_at: World) -> None:
    first, second = save(world_at), save(world_at, "pm_card_amex")
    set_default(world_at, second)

    remove(world_at, first)

    assert [(one["id"], one["default"]) for one in listed(world_at)] == [(second, True)]


def test_what_a_coming_order_needs_is_not_removed_until_it_does_no_more(world_at: World) -> None:
    method_id = save(world_at)
    hold_on(method_id)
    hold_on(method_id)
    hold_on(method_id, times=-1)

    refused = remove(world_at, method_id)
    hold_on(method_id, times=-1)
    removed = remove(world_at, method_id)

    assert (refused.status, refused.json["code"]) == (409, "payment_method_needed")
    assert removed.status == 204


def test_what_is_not_saved_cannot_be_needed(world_at: World) -> None:
    opened = open_method(world_at).json["id"]
    gone = save(world_at)
    remove(world_at, gone)

    for method_id in (opened, gone, "pmt_nothing"):
        with pytest.raises(BusyError):
            hold_on(method_id)
    with pytest.raises(BusyError):
        hold_on(opened, times=-1)


def test_a_need_that_comes_between_wins_against_the_removal(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    method_id = save(world_at)
    chosen = removing._next_default

    def late(*given: object) -> object:
        monkeypatch.setattr(removing, "_next_default", chosen)
        hold_on(method_id)
        return chosen(*given)  # type: ignore[arg-type] # handed through

    monkeypatch.setattr(removing, "_next_default", late)

    refused = remove(world_at, method_id)

    assert refused.status == 409
    assert len(listed(world_at)) == 1


def test_what_was_begun_can_be_given_up(world_at: World) -> None:
    opened = open_method(world_at).json

    removed = remove(world_at, opened["id"])
    confirmed = confirm_at_stripe(world_at, opened)

    assert (removed.status, confirmed) == (204, 400)
    assert setups(world_at)[0]["status"] == "canceled"
    assert news() == []


def test_what_was_confirmed_while_it_was_given_up_is_detached(world_at: World) -> None:
    opened = open_method(world_at).json

    def confirm_first(stage: str, call: Call) -> Fault | None:
        if stage == "before" and call.path.endswith("/cancel"):
            world_at.stripe.set_fault(lambda *_: None)
            confirm_at_stripe(world_at, opened)
        return None

    world_at.stripe.set_fault(confirm_first)

    removed = remove(world_at, opened["id"])

    assert (removed.status, attached(world_at)) == (204, [])
    assert setups(world_at)[0]["status"] == "succeeded"


def test_what_was_confirmed_before_it_was_given_up_is_detached(world_at: World) -> None:
    opened = open_method(world_at).json
    confirm_at_stripe(world_at, opened)

    remove(world_at, opened["id"])
    world_at.pump()

    assert (attached(world_at), listed(world_at)) == ([], [])


def test_what_the_operator_detached_at_stripe_is_removed_here_alike(world_at: World) -> None:
    method_id = save(world_at)
    path = f"/v1/payment_methods/{kept(method_id)['instrument']}/detach"
    world_at.stripe.request("POST", path, SECRET_KEY, "")

    removed = remove(world_at, method_id)

    assert (removed.status, listed(world_at)) == (204, [])


@pytest.mark.parametrize(("stage", "status"), [("after", 204), ("before", 503)])
def test_a_500_is_asked_after_and_does_not_stay(world_at: World, stage: str, status: int) -> None:
    method_id = save(world_at)
    world_at.stripe.set_fault(on(stage, "/detach", SAVED_500, times=1))

    removed = remove(world_at, method_id)
    again = remove(world_at, method_id)

    assert (removed.status, again.status) == (status, 204)
    assert (listed(world_at), attached(world_at)) == ([], [])


def test_stripe_away_is_503_and_the_sweep_finishes_the_removal(world_at: World) -> None:
    method_id = save(world_at)
    world_at.stripe.set_fault(lambda *_: Fault(503))
    refused = remove(world_at, method_id)
    while_away = listed(world_at)
    world_at.stripe.set_fault(lambda *_: None)

    world_at.pass_time(180)

    assert (refused.status, while_away) == (503, [])
    assert (attached(world_at), kept(method_id)["status"]) == ([], "removed")
    assert confirm(world_at, method_id).status == 404


@pytest.mark.parametrize("stage", ["before", "after"])
def test_who_dies_while_detaching_is_finished_by_the_sweep(world_at: World, stage: str) -> None:
    method_id = save(world_at)
    script = Script()

    def die(call: str) -> None:
        if call.endswith("/detach"):
            raise Crash

    setattr(script, stage, die)
    with faults.following(script), pytest.raises(Crash):
        remove(world_at, method_id)

    world_at.pass_time(180)

    assert (attached(world_at), kept(method_id)["status"]) == ([], "removed")
    assert news() == ["payment_method.saved", "payment_method.removed"]


def test_what_was_cut_off_before_its_setup_is_given_up_too(world_at: World) -> None:
    script = Script()

    def die(call: str) -> None:
        if call == "stripe.POST /v1/customers":
            raise Crash

    script.before = die
    with faults.following(script), pytest.raises(Crash):
        open_method(world_at)
    (method_id,) = [row["id"] for row in _methods()]

    removed = remove(world_at, method_id)

    assert removed.status == 204
    assert [one["status"] for one in setups(world_at)] == ["canceled"]


def _methods() -> list[dict[str, str]]:
    from tests import laws

    return [row for row in laws.rows("payments") if str(row["sk"]).startswith("METHOD#")]


def test_who_loses_every_race_is_told_so(world_at: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = save(world_at), save(world_at, "pm_card_amex")
    opened = open_method(world_at).json["id"]
    from chalicelib.payments import saving, wallet_views

    for module in (removing, saving, wallet_views):
        monkeypatch.setattr(module, "RACES", 0)

    answers = [
        remove(world_at, first),
        set_default(world_at, second),
        confirm(world_at, opened),
        open_method(world_at),
    ]
    with pytest.raises(BusyError):
        removing.let_go("mina", first)
    with pytest.raises(BusyError):
        saving.open_setup("mina", opened)

    assert [(one.status, one.json["code"]) for one in answers] == [(409, "busy")] * 4


def _lose_once(monkeypatch: pytest.MonkeyPatch, *, really: bool = True) -> None:
    """The next commit loses its race; or it is ours, and somebody else's the same."""
    commit = parts.commit

    def lose(*given: parts.Part) -> None:
        monkeypatch.setattr(parts, "commit", commit)
        if not really:
            commit(*given)
        raise BusyError

    monkeypatch.setattr(parts, "commit", lose)


def test_who_loses_one_race_reads_again(world_at: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = save(world_at), save(world_at, "pm_card_amex")
    opened = open_method(world_at).json
    confirm_at_stripe(world_at, opened)

    _lose_once(monkeypatch)
    chosen = set_default(world_at, second)
    _lose_once(monkeypatch)
    confirmed = confirm(world_at, opened["id"])
    _lose_once(monkeypatch)
    removed = remove(world_at, first)
    _lose_once(monkeypatch)
    begun = open_method(world_at)

    assert [one.status for one in (chosen, confirmed, removed)] == [200, 200, 204]
    assert begun.status == 201
    assert [one["id"] for one in listed(world_at)] == [second, opened["id"]]


def test_a_removal_that_was_finished_by_two_is_told_once(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    method_id = save(world_at)
    world_at.stripe.set_fault(on("before", "/detach", Fault(503)))
    remove(world_at, method_id)
    world_at.stripe.set_fault(lambda *_: None)
    _lose_once(monkeypatch)

    removing.let_go("mina", method_id)

    assert kept(method_id)["status"] == "removed"
    assert news() == ["payment_method.saved", "payment_method.removed"]


def test_a_wallet_that_two_begin_at_once_is_one(
    world_at: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lose_once(monkeypatch, really=False)

    wallet = wallet_changing.ensure("mina")

    assert wallet.version == 1
    assert len(at_stripe(world_at, "customers")["data"]) == 0


def test_an_unknown_method_is_404(world_at: World) -> None:
    save(world_at)

    for method_id in ("pmt_01JB3XW5ZD3V9C6T8Q2R4S6T8V", "nonsense"):
        assert remove(world_at, method_id).status == 404
        assert confirm(world_at, method_id).status == 404
    assert at_stripe(world_at, "customers")["data"] != []
