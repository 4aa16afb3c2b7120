from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from chalicelib.catalog import changing, pausing, publishing, staffing, stores
from chalicelib.catalog.changing import Change, change
from chalicelib.catalog.errors import LastOwnerError
from chalicelib.catalog.models import StoreHead
from chalicelib.catalog.schemas import StorePatch, StorePause
from chalicelib.catalog.staff_schemas import StaffGrant
from chalicelib.catalog.status import PauseReason, StaffRole
from chalicelib.core.errors import BusyError, ProblemError
from tests.catalog.conftest import Told
from tests.catalog.shop import Town, item, parsed

type Call = Callable[[], object]


def at_once(*calls: Call) -> list[str]:
    """Run calls at the same time: the code of each one's error, or "done"."""
    barrier = Barrier(len(calls))

    def run(call: Call) -> str:
        barrier.wait()
        try:
            call()
        except ProblemError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_changes_at_once_all_happen_each_under_its_own_version(town: Town, told: Told) -> None:
    store_id = town.older()
    owner = town.owner.caller

    answers = at_once(
        lambda: stores.update(owner, store_id, StorePatch(preparation_minutes=33)),
        lambda: pausing.pause(owner, store_id, StorePause(reason=PauseReason.BUSY)),
        lambda: publishing.publish(owner, store_id, parsed(item("a"))),
    )

    assert answers == ["done", "done", "done"]
    assert [event.version for event in told.events(store_id)] == [1, 2, 3, 4, 5]
    after = stores.read(owner, store_id)
    assert (after.preparation_minutes, after.pause_reason, after.menu_version) == (33, "busy", 1)


def test_two_menus_at_once_become_two_versions(town: Town) -> None:
    store_id = town.older()
    owner = town.owner.caller

    answers = at_once(
        lambda: publishing.publish(owner, store_id, parsed(item("a"))),
        lambda: publishing.publish(owner, store_id, parsed(item("b"))),
    )

    assert answers == ["done", "done"]
    assert stores.read(owner, store_id).menu_version == 2


def test_of_two_owners_who_dismiss_each_other_one_remains(town: Town) -> None:
    store_id = town.draft()
    one, other = town.owner.caller, town.staff(store_id, "owner").caller

    answers = at_once(
        lambda: staffing.dismiss(one, store_id, other.id),
        lambda: staffing.dismiss(other, store_id, one.id),
    )

    assert answers.count("done") == 1
    assert set(answers) <= {"done", LastOwnerError.code, "store_not_found"}


def test_whoever_loses_every_race_is_told_to_try_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_id = town.draft()

    def decide_too_late(head: StoreHead) -> Change:
        grant = StaffGrant(role=StaffRole.TILL)
        staffing.appoint(town.owner.caller, store_id, f"tim-{head.version}", grant)
        return Change("store.updated", {"confirm_seconds": 200})

    monkeypatch.setattr(changing, "FIRST_PAUSE", 0)
    with pytest.raises(BusyError):
        change(store_id, decide_too_late, actor="system:ieum")

    assert stores.read(town.owner.caller, store_id).confirm_seconds == 480
