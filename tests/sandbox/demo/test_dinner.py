"""The city's own evening."""

import json
from collections import Counter
from datetime import UTC, datetime

import pytest

from chalicelib.catalog.menu_schemas import Menu
from chalicelib.catalog.schemas import Store
from chalicelib.orders import pricing
from chalicelib.orders.schemas import QuoteRequest
from sandbox.demo.dinner import dinner
from sandbox.demo.plan import SEOUL, next_friday
from sandbox.robo.scripts import NOBODY, Script

SAMPLE = "01JD9Z6M7Q3W8K5N2R4T6V8X0Y"


def test_the_same_seed_makes_the_same_evening() -> None:
    one, same, other = dinner(40, 7), dinner(40, 7), dinner(40, 8)

    assert one.wishes == same.wishes
    assert one.wishes != other.wishes


@pytest.mark.parametrize("seed", [1, 7, 42])
def test_whatever_is_wished_for_can_be_ordered(seed: int) -> None:
    plan = dinner(60, seed)

    for wish in plan.wishes:
        store = plan.quarter.store(wish.store)
        there = Store.model_validate_json(_known(store.body, store.terms), strict=False)
        request = QuoteRequest.model_validate(
            {
                "store_id": f"sto_{SAMPLE}",
                "fulfilment": wish.fulfilment,
                "items": list(wish.items),
                "drop_off": wish.drop_off,
            }
        )
        costing = pricing.cost(there, Menu.model_validate(store.menu), request)
        assert costing.issues == (), wish


def test_who_finds_no_courier_has_a_store_of_their_own() -> None:
    plan = dinner(60, 7)

    orders = Counter(wish.store for wish in plan.wishes)
    lonely = [wish.store for wish in plan.wishes if wish.script in NOBODY]
    assert lonely
    assert all(orders[store] == 1 for store in lonely)


def test_what_needs_a_courier_is_ordered_where_one_comes() -> None:
    plan = dinner(120, 7)

    needs = NOBODY | {Script.WRONG_PIN, Script.SILENT_COURIER, Script.UNDELIVERABLE}
    for wish in plan.wishes:
        if wish.script in needs:
            assert plan.quarter.store(wish.store).body["delivered_by"] == "platform"


def test_it_begins_on_a_friday_at_dinner_time() -> None:
    begins = next_friday(datetime(2026, 11, 27, 9, 30, tzinfo=UTC), 18)

    there = datetime.fromtimestamp(begins, SEOUL)
    assert there.isoformat() == "2026-12-04T18:00:00+09:00"


def _known(body: dict[str, object], terms: dict[str, object]) -> str:
    return json.dumps(
        {
            **body,
            **terms,
            "id": f"sto_{SAMPLE}",
            "merchant_id": f"mer_{SAMPLE}",
            "version": 1,
            "status": "live",
            "menu_version": 1,
            "created_at": "2026-11-22T00:00:00Z",
        }
    )
