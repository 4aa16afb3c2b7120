"""Who is woken, by what, and that it stays within what is free."""

from tests.infra.conftest import Packaged

FREE_ALARMS = 10


def test_the_alarms_are_few_enough_to_be_free(packaged: Packaged) -> None:
    assert len(packaged.of_type("AWS::CloudWatch::Alarm")) <= FREE_ALARMS


def test_every_alarm_reaches_the_topic(packaged: Packaged) -> None:
    alarms = packaged.of_type("AWS::CloudWatch::Alarm").values()

    assert [alarm["AlarmActions"] for alarm in alarms] == [[{"Ref": "Alarms"}]] * len(alarms)


def test_one_message_that_was_given_up_wakes_somebody(packaged: Packaged) -> None:
    alarm = packaged.resource("BellsDeadAlarm")

    name = {"Fn::GetAtt": ["BellsDead", "QueueName"]}
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": name}]
    assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanThreshold", 0)


def test_bells_that_ring_a_minute_late_wake_somebody(packaged: Packaged) -> None:
    alarm = packaged.resource("StreamAgeAlarm")

    assert alarm["MetricName"] == "IteratorAge"
    assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": "RingBells"}}]
    assert alarm["Threshold"] == 60_000


def test_silence_of_the_sweeps_wakes_somebody(packaged: Packaged) -> None:
    alarm = packaged.resource("SweepsStoppedAlarm")

    assert alarm["TreatMissingData"] == "breaching"
    assert alarm["ComparisonOperator"] == "LessThanThreshold"


def test_a_line_that_a_person_must_see_is_counted_in_every_log(packaged: Packaged) -> None:
    filters = packaged.of_type("AWS::Logs::MetricFilter").values()
    logs = packaged.of_type("AWS::Logs::LogGroup")

    assert {f["LogGroupName"]["Ref"] for f in filters} == {*logs}
    assert {f["FilterPattern"] for f in filters} == {'{ $.level = "ERROR" }'}
    [metric] = {f["MetricTransformations"][0]["MetricName"] for f in filters}
    assert packaged.resource("AlarmLinesAlarm")["MetricName"] == metric
