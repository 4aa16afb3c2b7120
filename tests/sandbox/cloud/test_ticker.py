import pytest

from sandbox.cloud.ticker import Schedule, schedules, seconds


@pytest.mark.parametrize(
    ("expression", "expected"),
    [("rate(1 minute)", 60.0), ("rate(5 minutes)", 300.0), ("rate(2 hours)", 7200.0)],
)
def test_a_rate_is_read_in_seconds(expression: str, expected: float) -> None:
    assert seconds(expression) == expected


def test_a_schedule_that_would_silently_not_run_is_refused() -> None:
    with pytest.raises(ValueError, match="cron"):
        seconds("cron(0 3 * * ? *)")


def test_enabled_schedules_are_found_in_the_template() -> None:
    every = {"Type": "Schedule", "Properties": {"Schedule": "rate(1 minute)"}}
    off = {"Type": "Schedule", "Properties": {"Schedule": "rate(1 minute)", "Enabled": False}}
    kind = "AWS::Serverless::Function"
    template = {
        "Resources": {
            "SweepOrders": {"Type": kind, "Properties": {"Events": {"Every": every}}},
            "Off": {"Type": kind, "Properties": {"Events": {"Every": off}}},
            "API": {"Type": kind, "Properties": {}},
            "Table": {"Type": "AWS::DynamoDB::Table"},
        }
    }

    assert list(schedules(template)) == [Schedule("SweepOrders", 60.0)]
