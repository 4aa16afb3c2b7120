"""What counted calls come to in dollars, and what the model assumes around them."""

import re
from collections import Counter
from pathlib import Path

import pytest

from bench import bill, model, shown
from bench.imports import BARE, Import
from bench.meter import Call, Invocation
from bench.model import Function
from infra.cost import PRICES
from tests import tables

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"
API = Function(memory_mb=1024, platform_lines=True)
SMALL = Function(memory_mb=256, platform_lines=False)
FUNCTIONS = {"APIHandler": API, "Track": SMALL, "DispatchCouriers": SMALL, "SweepOrders": SMALL}


def write(units: int = 2) -> Call:
    return Call("DynamoDB UpdateItem", written=Counter({"orders HEAD": units}))


def look() -> Call:
    return Call("DynamoDB Query", read={"orders": 0.5})


def run(function: str = "APIHandler", purpose: str = "GET /v1/stores", *calls: Call) -> Invocation:
    return Invocation(function, purpose, list(calls), lines=["x" * 100])


def test_every_request_that_a_function_may_make_has_its_time() -> None:
    allowed = set(re.findall(r"dynamodb:(\w+Item|Query)\b", TEMPLATE.read_text()))

    assert {f"DynamoDB {name}" for name in allowed - {"ConditionCheckItem"}} <= {*model.WAIT_MS}


def test_a_call_of_the_api_is_billed_for_the_gateway_the_function_and_its_units() -> None:
    units = bill.units_of(run("APIHandler", "POST /v1/orders", write(3)), API)

    assert units["REST call"] == 1
    assert units["Lambda request"] == 1
    assert units["write request unit"] == 3
    assert "SQS request" not in units


def test_a_call_of_the_function_url_costs_nothing_at_the_gateway() -> None:
    units = bill.units_of(run("Track", "POST /v1/positions", write()), SMALL)

    assert "REST call" not in units
    assert units["Lambda request"] == 1


def test_a_message_is_paid_for_when_it_is_sent_received_and_deleted() -> None:
    sending = bill.units_of(run("APIHandler", "POST /v1/x", Call("SQS send")), API)
    taking = bill.units_of(run("DispatchCouriers", "order.created"), SMALL)

    assert sending["SQS request"] + taking["SQS request"] == 3


def test_a_sweep_is_billed_only_for_what_it_does_for_the_order() -> None:
    idle = bill.units_of(run("SweepOrders", "sweep", look(), look()), SMALL)
    busy = bill.units_of(run("SweepOrders", "sweep", look(), write(2)), SMALL)

    assert bill.priced(idle) == 0
    assert busy["write request unit"] == 2
    assert "Lambda request" not in busy
    assert "read request unit" not in busy


def test_time_is_processor_time_stretched_by_memory_and_waiting_in_whole_milliseconds() -> None:
    whole = Function(memory_mb=1769, platform_lines=True)
    eighth = Function(memory_mb=1769 // 8, platform_lines=True)
    one = run("Track", "POST /v1/positions", write())

    assert model.millis(one, whole) == 8  # 2 + 0.7 of processor, 5 of waiting
    assert model.millis(one, eighth) == 27  # eight times the processor, the same waiting
    assert model.gigabyte_seconds(1000, API) == 1


def test_a_share_of_runs_pays_for_its_cold_start() -> None:
    one = run("APIHandler", "GET /health")

    units = bill.units_of(one, API)

    warm = model.gigabyte_seconds(model.millis(one, API), API)
    cold = model.gigabyte_seconds(model.COLD_SHARE * model.INIT_MS, API)
    assert units["Lambda GB-second"] == pytest.approx(warm + cold)


def test_a_log_takes_each_line_with_26_bytes_and_lambdas_own_where_they_are_kept() -> None:
    one = run()

    quiet, talkative = model.log_bytes(one, SMALL), model.log_bytes(one, API)

    assert quiet == 100 + 1 + 26
    assert talkative - quiet == sum(len(line) + 27 for line in model.PLATFORM_LINES)


def test_looking_at_a_zone_is_shared_by_those_who_are_carried_in_it() -> None:
    groups = bill.bill([run("DispatchCouriers", "zone.wake", write(10))], FUNCTIONS, secrets=0)

    shared = bill.shared(groups)

    assert shared[bill.WATCH].dollars == pytest.approx(
        groups[bill.WATCH].dollars / model.JOBS_AT_ONCE
    )


def test_groups_add_up_to_the_whole() -> None:
    runs = [
        run("Track", "POST /v1/positions", write()),
        run("Track", "GET /v1/orders/{order_id}/tracking", look()),
        run("APIHandler", "POST /v1/stripe/events", write()),
        run("APIHandler", "GET /v1/stores"),
        run("DispatchCouriers", "order.confirmed"),
        run("DispatchCouriers", "zone.wake"),
        run("SweepOrders", "sweep", write()),
    ]

    groups = bill.bill(runs, FUNCTIONS, secrets=3)

    assert len(groups) == 8
    each = sum(bill.priced(bill.units_of(one, FUNCTIONS[one.function])) for one in runs)
    assert bill.together(groups).dollars == pytest.approx(each + groups[bill.SECRETS].dollars)
    assert bill.together(groups).runs == 6


def test_the_dearest_group_comes_first_and_every_dollar_has_a_column() -> None:
    groups = bill.bill([run(), run("Track", "POST /v1/positions", write(500))], FUNCTIONS, 1)

    lines = list(shown.table(groups))

    assert lines[1].startswith(bill.POSITIONS)
    columns = {unit for units in shown.COLUMNS.values() for unit in units}
    assert {*bill.together(groups).units} <= columns


def test_every_function_of_the_template_has_its_memory_and_its_way_of_logging() -> None:
    functions = model.functions(tables.template())

    assert functions["Track"] == Function(memory_mb=256, platform_lines=False)
    assert functions["APIHandler"] == Function(memory_mb=1024, platform_lines=False)


def test_secrets_are_counted_by_the_functions_that_may_read_them() -> None:
    template = tables.template()

    assert bill.secrets_of(template, {"RingBells"}) == 0
    assert bill.secrets_of(template, {"Track"}) == 1
    assert bill.secrets_of(template, {"SettlePayments", "Track"}) == 2


def test_figures_are_written_for_machines_too() -> None:
    runs = [run("Track", "POST /v1/positions", write()), run("DispatchCouriers", "zone.wake")]
    groups = bill.bill(runs, FUNCTIONS, secrets=0)
    times = {BARE: Import(10.0, 1.0)}

    figures = shown.as_json(groups, bill.shared(groups), runs, times, 2.5, 900)
    text = shown.report(groups, bill.shared(groups), runs, FUNCTIONS, times, 2.5, 900)

    assert figures["goal"] == bill.GOAL == 0.30
    assert figures["dollars_per_1000_orders"] > figures["dollars_per_1000_orders_in_a_busy_zone"]
    assert figures["imports"] == {BARE: {"ms": 10, "ratio": 1.0}}
    assert "goal $0.30" in text


def test_every_price_of_the_bill_is_in_the_one_table() -> None:
    priced = {unit for units in shown.COLUMNS.values() for unit in units}

    assert priced <= PRICES.keys()
