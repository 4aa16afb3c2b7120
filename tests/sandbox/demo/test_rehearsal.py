"""The orders before the play."""

from sandbox.demo import rehearsal
from sandbox.demo.dinner import dinner
from sandbox.robo.scripts import Script


def test_a_rehearsal_is_quick_and_each_of_its_orders_at_another_store() -> None:
    wishes = dinner(60, 7).wishes

    quick = rehearsal.quick(wishes)

    assert len({wish.store for wish in quick}) == len(quick) == rehearsal.ORDERS
    assert {(wish.script, wish.fulfilment) for wish in quick} == {(Script.TAKEAWAY, "takeaway")}
    assert all(wish.cooks == rehearsal.COOKS and wish.drop_off is None for wish in quick)


def test_its_orders_are_told_apart_from_those_of_the_play() -> None:
    wishes = dinner(60, 7).wishes

    assert not {one.number for one in rehearsal.quick(wishes)} & {one.number for one in wishes}
