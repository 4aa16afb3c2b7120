import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from chalicelib.catalog import reading
from chalicelib.catalog.models import StoreHead, store_key
from chalicelib.catalog.schemas import Store
from chalicelib.catalog.status import StaffRole
from chalicelib.core import dynamo, parts
from chalicelib.core.errors import BusyError
from tests.catalog.shop import NOWHERE, Json, Town, group, item, menu, store

MONDAY_NOON = datetime(2026, 11, 23, 3, tzinfo=UTC)
LUNCH = [{"day": "mon", "opens": "11:00", "closes": "14:00"}]


@pytest.fixture
def reads() -> "Reads":
    return Reads()


class Reads:
    """How many items were asked for."""

    def of(self, call: Callable[[], object]) -> int:
        asked: list[str] = []

        def note(**kwargs: object) -> None:
            asked.append(str(kwargs["model"]))

        events = dynamo.client().meta.events
        events.register("before-call.dynamodb", note)
        call()
        events.unregister("before-call.dynamodb", note)
        return len(asked)


def test_a_store_is_read_whole(town: Town) -> None:
    store_id = town.live()

    found = reading.store(store_id)

    assert found is not None
    assert (found.currency, found.confirm_seconds, found.tax.basis_points) == ("KRW", 480, 1000)
    assert found.merchant_id.startswith("mer_")


def test_an_unknown_store_is_none() -> None:
    assert reading.store(NOWHERE) is None
    assert reading.offering(NOWHERE) is None
    assert reading.staff_role(NOWHERE, "olga") is None


def test_an_offering_takes_two_reads(town: Town, reads: Reads) -> None:
    store_id = town.live()
    town.owner.put(f"/v1/stores/{store_id}/menu", menu(item("a", group())))

    count = reads.of(lambda: reading.offering(store_id))

    assert count == 2
    found = reading.offering(store_id)
    assert found is not None
    assert found.menu.item("a") is not None


def test_before_the_first_menu_the_menu_is_empty(town: Town, reads: Reads) -> None:
    store_id = town.older()

    found = reading.offering(store_id)

    assert found is not None
    assert (found.menu_version, found.menu.categories) == (0, ())
    assert reads.of(lambda: reading.offering(store_id)) == 1


def test_a_stores_machine_speaks_for_it_without_a_read(town: Town, reads: Reads) -> None:
    store_id = town.live()
    machine = town.machine(store_id).caller

    assert reads.of(lambda: reading.speaks_for(machine, store_id)) == 0
    assert reading.speaks_for(machine, store_id)
    assert not reading.speaks_for(machine, NOWHERE)


def test_staff_speak_for_their_store_after_one_read(town: Town, reads: Reads) -> None:
    store_id = town.live()
    till = town.staff(store_id, "till").caller

    assert reads.of(lambda: reading.speaks_for(till, store_id)) == 1
    assert reading.staff_role(store_id, till.id) is StaffRole.TILL
    assert not reading.speaks_for(town.rival.caller, store_id)
    assert not reading.speaks_for(town.customer.caller, store_id)


@pytest.mark.parametrize(
    ("changes", "code", "opens_at"),
    [
        ({"status": "draft"}, "store_not_live", None),
        ({"status": "suspended"}, "store_suspended", None),
        ({"pause_reason": "busy"}, "store_paused", None),
        (
            {"pause_reason": "busy", "paused_until": "2026-11-23T04:00:00Z"},
            "store_paused",
            datetime(2026, 11, 23, 4, tzinfo=UTC),
        ),
        (
            {
                "pause_reason": "busy",
                "paused_until": "2026-11-23T06:00:00Z",
                "hours": LUNCH,
            },
            "store_paused",
            datetime(2026, 11, 30, 2, tzinfo=UTC),
        ),
        ({"hours": []}, "store_closed", None),
        (
            {"hours": [{**LUNCH[0], "day": "tue"}]},
            "store_closed",
            datetime(2026, 11, 24, 2, tzinfo=UTC),
        ),
    ],
)
def test_a_store_that_takes_no_orders_says_why_and_until_when(
    changes: Json, code: str, opens_at: datetime | None
) -> None:
    issue = reading.why_closed(store(**changes), MONDAY_NOON)

    assert issue is not None
    assert (issue.code, issue.opens_at) == (code, opens_at)


@pytest.mark.parametrize(
    "changes",
    [
        {"hours": LUNCH},
        {"pause_reason": "busy", "paused_until": "2026-11-23T03:00:00Z"},
    ],
)
def test_a_store_that_takes_orders_has_no_issue(changes: Json) -> None:
    assert reading.why_closed(store(**changes), MONDAY_NOON) is None


def test_what_newer_code_has_added_is_read_and_kept(town: Town) -> None:
    store_id = town.live()
    head = StoreHead(store_key(store_id), dynamo.HEAD)
    stored = dynamo.get(StoreHead, head.pk)
    assert stored is not None
    newer = json.dumps({**json.loads(stored.details), "capacity": 12})
    parts.commit(
        parts.update(head, [StoreHead.details.set(newer)], BusyError(), StoreHead.pk.exists())
    )

    answer = town.owner.patch(f"/v1/stores/{store_id}", {"preparation_minutes": 9})

    after = dynamo.get(StoreHead, head.pk)
    assert answer.status_code == 200
    assert after is not None
    assert json.loads(after.details)["capacity"] == 12


def test_a_store_is_a_frozen_value() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Store.__setattr__(store(), "status", "draft")
