"""The bill of an idle month, counted from the template that is deployed."""

import pytest

from chalicelib.core import dynamo
from infra import cost
from infra.cost import Line
from tests.infra.conftest import ROOT, Packaged
from tests.infra.test_names import SWEEPS

CEILING = 3.00


def test_an_idle_month_costs_less_than_three_dollars_at_list_prices(packaged: Packaged) -> None:
    assert 0 < cost.total(cost.bill(packaged.merged)) < CEILING


def test_the_bill_names_every_queue_sweep_and_alarm(packaged: Packaged) -> None:
    lines = cost.bill(packaged.merged)

    named = {line.what.partition(":")[0] for line in lines}
    assert {"PaymentBells", "CourierBells", "WebhookBells", "PushBells"} <= named
    assert {*SWEEPS} <= named
    assert [line.units for line in lines if line.unit == "alarm"] == [
        len(packaged.of_type("AWS::CloudWatch::Alarm"))
    ]


def test_a_sweep_is_billed_for_every_shard_of_every_index_that_it_reads(packaged: Packaged) -> None:
    lines = {line.what: line for line in cost.bill(packaged.merged)}

    one_index, four_indexes = lines["SweepOrders: index reads"], lines["SweepBells: index reads"]
    assert one_index.units == 43_800 * 16 * 0.5
    assert four_indexes.units == 4 * one_index.units


def test_the_assumed_shards_are_those_of_the_code() -> None:
    assert cost.ASSUMED["shards"] == dynamo.SHARDS


def test_what_is_always_free_is_taken_off_once_per_unit() -> None:
    lines = [Line("one", 8, "alarm"), Line("another", 4, "alarm")]

    assert cost.total(lines) == pytest.approx(1.20)
    assert cost.total_beyond_free(lines) == pytest.approx(0.20)


@pytest.mark.parametrize(
    ("rate", "minutes"), [("rate(1 minute)", 1), ("rate(5 minutes)", 5), ("rate(2 hours)", 120)]
)
def test_a_rate_is_read_as_minutes(rate: str, minutes: float) -> None:
    assert cost.every(rate) == minutes


def test_a_schedule_that_is_no_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="not a rate"):
        cost.every("cron(0 12 * * ? *)")


def test_every_price_has_its_source() -> None:
    for price in cost.PRICES.values():
        assert price.source.startswith("https://aws.amazon.com/")


def test_the_readme_names_the_sums_that_the_code_counts(packaged: Packaged) -> None:
    text = (ROOT / "infra" / "README.md").read_text()

    lines = cost.bill(packaged.merged)
    assert f"**${cost.total(lines):.2f}**" in text
    assert f"brings it to ${cost.total_beyond_free(lines):.2f}." in text
