import json

import pytest

from sandbox.cloud.filters import Json, PatternRefused, matches, parse, passes


def record(**image: Json) -> dict[str, Json]:
    return {"eventName": "INSERT", "dynamodb": {"SizeBytes": 26, "NewImage": image}}


def image(**rules: Json) -> dict[str, Json]:
    return {"dynamodb": {"NewImage": rules}}


@pytest.mark.parametrize(
    ("rule", "value", "holds"),
    [
        (["EVT"], "EVT", True),
        (["EVT", "HEAD"], "HEAD", True),
        (["EVT"], "evt", False),
        ([{"prefix": "EVT#"}], "EVT#0000000007", True),
        ([{"prefix": "EVT#"}], "HEAD", False),
        ([{"prefix": "7"}], 7, False),
        ([{"suffix": "7"}], "EVT#0000000007", True),
        ([{"equals-ignore-case": "head"}], "HEAD", True),
        ([{"anything-but": ["HEAD"]}], "EVT", True),
        ([{"anything-but": "HEAD"}], "HEAD", False),
        ([{"anything-but": {"prefix": "EVT#"}}], "EVT#1", False),
        ([{"numeric": [">", 0, "<=", 5]}], 5, True),
        ([{"numeric": [">", 0, "<=", 5]}], 5.5, False),
        ([{"numeric": ["=", 5]}], "5", False),
        ([{"numeric": ["=", 1]}], True, False),
        ([1], True, False),
        ([True], True, True),
        ([None], None, True),
        (["a"], ["b", "a"], True),
        (["a"], ["b"], False),
        ([{"exists": True}], "", True),
        ([{"exists": False}], "", False),
        ([{"exists": True}], {"S": "an inner node is no leaf"}, False),
    ],
)
def test_a_rule_holds_as_the_filter_syntax_says(
    rule: list[Json],
    value: Json,
    holds: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    assert matches({"field": rule}, {"field": value}) is holds


def test_an_absent_field_matches_only_the_rule_that_asks_for_absence() -> None:
    wanted = {"exists": False}, {"exists": True}, {"anything-but": ["x"]}, {"prefix": ""}, "x", None

    answers = [matches(image(sk={"S": [rule]}), record()) for rule in wanted]

    assert answers == [True, False, False, False, False, False]


def test_all_fields_of_a_pattern_must_hold() -> None:
    pattern = {"eventName": ["INSERT"], **image(sk={"S": [{"prefix": "EVT#"}]})}

    assert matches(pattern, record(sk={"S": "EVT#1"}))
    assert not matches(pattern, record(sk={"S": "EVT#1"}) | {"eventName": "MODIFY"})
    assert not matches(pattern, record(sk={"S": "HEAD"}))


def test_one_alternative_of_or_is_enough() -> None:
    pattern = {"$or": [{"eventName": ["REMOVE"]}, image(sk={"S": ["HEAD"]})]}

    assert matches(pattern, record(sk={"S": "HEAD"}))
    assert not matches(pattern, record(sk={"S": "EVT#1"}))


def test_one_of_several_filters_is_enough_and_none_lets_all_pass() -> None:
    patterns = parse([{"Pattern": json.dumps({"eventName": [name]})} for name in ("A", "INSERT")])

    assert passes(patterns, record())
    assert not passes(patterns[:1], record())
    assert passes((), record())


@pytest.mark.parametrize(
    "pattern",
    [
        "{not json",
        "[]",
        "{}",
        '{"eventName": "INSERT"}',
        '{"eventName": []}',
        '{"eventName": [{"begins": "I"}]}',
        '{"eventName": [{"prefix": "I", "suffix": "T"}]}',
        '{"size": [{"numeric": ["~", 1]}]}',
        '{"size": [{"numeric": [">"]}]}',
        '{"size": [{"anything-but": {"begins": "I"}}]}',
        '{"$or": [{"size": 1}]}',
    ],
)
def test_a_pattern_that_aws_would_refuse_is_refused(pattern: str) -> None:
    with pytest.raises(PatternRefused):
        parse([{"Pattern": pattern}])
