"""Updates: what they do to an item."""

from typing import Any

import pytest

from tests.sim.dynamo.port import Port, refused

cites = pytest.mark.cites
wrong_in = pytest.mark.wrong_in

PAGE = "developerguide/Expressions.UpdateExpressions.html"
BEFORE: dict[str, Any] = {
    "n": 5, "l": [1, 2, 3], "m": {"x": 1}, "ss": {"a", "b"}, "ns": {1, 2}, "s": "text",
}  # fmt: skip
V = ":v"

DONE: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("SET n = :v", {V: 6}, {"n": 6}),
    ("SET n = n + :v", {V: 2}, {"n": 7}),
    ("SET n = n - :v", {V: 2}, {"n": 3}),
    ("SET n = :v - n", {V: 2}, {"n": -3}),
    ("SET z = if_not_exists(z, :v)", {V: 1}, {"z": 1}),
    ("SET n = if_not_exists(n, :v)", {V: 1}, {"n": 5}),
    ("SET z = if_not_exists(z, :v) + :v", {V: 1}, {"z": 2}),
    ("SET l = list_append(l, :v)", {V: [4]}, {"l": [1, 2, 3, 4]}),
    ("SET l = list_append(:v, l)", {V: [0]}, {"l": [0, 1, 2, 3]}),
    ("SET l[0] = :v", {V: 9}, {"l": [9, 2, 3]}),
    ("SET l[9] = :v", {V: 9}, {"l": [1, 2, 3, 9]}),
    ("SET m.y = :v", {V: 2}, {"m": {"x": 1, "y": 2}}),
    ("SET m.x = m.x + :v", {V: 2}, {"m": {"x": 3}}),
    ("SET n = m.x, z = n", {}, {"n": 1, "z": 5}),
    ("REMOVE n", {}, {"n": None}),
    ("REMOVE absent", {}, {}),
    ("REMOVE l[0], l[1]", {}, {"l": [3]}),
    ("REMOVE m.x", {}, {"m": {}}),
    ("ADD n :v", {V: -7}, {"n": -2}),
    ("ADD z :v", {V: 3}, {"z": 3}),
    ("ADD ss :v", {V: {"b", "c"}}, {"ss": {"a", "b", "c"}}),
    ("ADD zs :v", {V: {1}}, {"zs": {1}}),
    ("ADD ns :v", {V: {3}}, {"ns": {1, 2, 3}}),
    ("DELETE ss :v", {V: {"a", "z"}}, {"ss": {"b"}}),
    ("DELETE ss :v", {V: {"a", "b"}}, {"ss": None}),
    ("DELETE absent :v", {V: {"a"}}, {}),
    ("SET n = :v REMOVE s ADD z :v", {V: 1}, {"n": 1, "s": None, "z": 1}),
    ("set n = :v remove s", {V: 1}, {"n": 1, "s": None}),
]


@pytest.mark.parametrize(
    ("expression", "values", "changed"),
    DONE,
    ids=[f"{n} {one[0]}" for n, one in enumerate(DONE)],
)
@cites(PAGE)
def test_an_update_changes_what_it_says(
    port: Port, expression: str, values: dict[str, Any], changed: dict[str, Any]
) -> None:
    port.put("a", **BEFORE)

    port.update(expression, values)

    after = {**BEFORE, **changed}
    assert port.get("a") == {name: value for name, value in after.items() if value is not None}


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        ("SET n = absent", {}),
        ("SET n = n + absent", {}),
        ("SET n = s + :v", {V: 1}),
        ("SET l = list_append(n, :v)", {V: [1]}),
        ("SET m.no.way = :v", {V: 1}),
        ("ADD s :v", {V: 1}),
        ("ADD n :v", {V: "1"}),
        ("ADD ss :v", {V: {1}}),
        ("DELETE n :v", {V: 1}),
        ("DELETE ss :v", {V: {1}}),
    ],
)
@cites(PAGE)
def test_an_update_that_does_not_fit_the_item_is_refused(
    port: Port, expression: str, values: dict[str, Any]
) -> None:
    port.put("a", **BEFORE)

    with refused("ValidationException"):
        port.update(expression, values)

    assert port.get("a") == BEFORE


@pytest.mark.parametrize(
    "expression",
    [
        "SET n = :v, n = :v", "SET n = :v REMOVE n", "SET m.x = :v, m = :v",
        "SET n = :v SET s = :v",
        "SET", "SET n", "n = :v", "SET n :v", "ADD n = :v", "SET n = :v,", "SET n = nope(:v)",
        "",
    ],
)  # fmt: skip
@cites(PAGE)
def test_an_update_that_makes_no_sense_is_refused(port: Port, expression: str) -> None:
    with refused("ValidationException"):
        port.update(expression, {V: 1})


@cites(PAGE)
@wrong_in(moto="it makes a map of the number")
def test_a_number_has_nothing_inside(port: Port) -> None:
    port.put("a", n=5)

    with refused("ValidationException"):
        port.update("SET n.x = :v", {V: 1})


@cites(PAGE)
@wrong_in(moto="it adds as many as there are")
def test_a_sum_has_two_sides(port: Port) -> None:
    with refused("ValidationException"):
        port.update("SET n = :v + :v + :v", {V: 1})


@pytest.mark.parametrize("expression", ["SET pk = :v", "REMOVE sk", "ADD sk :v"])
@cites("APIReference/API_UpdateItem.html")
def test_a_key_is_never_updated(port: Port, expression: str) -> None:
    values = {V: 1} if V in expression else None

    with refused("ValidationException"):
        port.update(expression, values)


@cites("developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number")
def test_sums_are_exact_to_38_digits(port: Port) -> None:
    port.put("a", n=12345678901234567890123456789012345678)

    port.update("ADD n :v", {V: 1})
    port.update("SET m = n - :v", {V: 12345678901234567890123456789012345678})

    assert port.get("a") == {"n": 12345678901234567890123456789012345679, "m": 1}


@cites("developerguide/WorkingWithItems.html#WorkingWithItems.AtomicCounters")
def test_a_counter_counts(port: Port) -> None:
    for _ in range(5):
        port.update("ADD calls :v", {V: 1})

    assert port.get("a") == {"calls": 5}


@cites("APIReference/API_UpdateItem.html")
@wrong_in(moto="it breaks")
def test_an_update_without_an_expression_makes_the_bare_item(port: Port) -> None:
    key = {"pk": {"S": "a"}, "sk": {"S": "1"}}
    port.client.update_item(TableName="conformance-things", Key=key)

    assert port.get("a") == {}
