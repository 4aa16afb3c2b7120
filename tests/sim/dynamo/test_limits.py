"""What is refused: keys, sizes, numbers, placeholders."""

import pytest

from tests.sim.dynamo.port import COUNTED, THINGS, Port, raw, refused

cites = pytest.mark.cites
wrong_in = pytest.mark.wrong_in

TYPES = "developerguide/HowItWorks.NamingRulesDataTypes.html"
QUOTAS = "developerguide/Constraints.html"
NAMES = "developerguide/Expressions.ExpressionAttributeNames.html"
VALUES = "developerguide/Expressions.ExpressionAttributeValues.html"
INVALID = "ValidationException"


@pytest.mark.parametrize("key", [{"pk": "", "sk": "1"}, {"pk": "a", "sk": ""}])
@cites(TYPES)
def test_a_key_is_never_empty(port: Port, key: dict[str, str]) -> None:
    with refused(INVALID, "empty string"):
        port.client.put_item(TableName=THINGS, Item=raw(key))


@cites(TYPES)
def test_an_empty_key_is_not_looked_for(port: Port) -> None:
    with refused(INVALID):
        port.client.get_item(TableName=THINGS, Key=raw({"pk": "", "sk": "1"}))


@pytest.mark.parametrize("item", [{"pk": "a"}, {"sk": "1"}, {"pk": 1, "sk": "1"}])
@cites("APIReference/API_PutItem.html")
def test_an_item_has_its_keys_in_their_types(port: Port, item: dict[str, object]) -> None:
    with refused(INVALID):
        port.client.put_item(TableName=THINGS, Item=raw(item))


@pytest.mark.parametrize(
    "key",
    [
        {"pk": "a"},
        {"pk": "a", "sk": "1", "more": "x"},
        pytest.param({"pk": "a", "sk": 1}, marks=wrong_in(moto="it finds nothing of that type")),
    ],
)
@cites("APIReference/API_GetItem.html")
def test_a_key_is_exactly_that_of_the_table(port: Port, key: dict[str, object]) -> None:
    with refused(INVALID):
        port.client.get_item(TableName=THINGS, Key=raw(key))


@pytest.mark.parametrize(("pk", "sk"), [("x" * 2049, "1"), ("a", "x" * 1025)])
@cites("developerguide/Constraints.html#limits-partition-sort-keys")
def test_a_key_has_its_length(port: Port, pk: str, sk: str) -> None:
    with refused(INVALID):
        port.put(pk, sk)


@cites("developerguide/Constraints.html#limits-partition-sort-keys")
def test_a_key_may_be_as_long_as_that(port: Port) -> None:
    port.put("x" * 2048, "y" * 1024)

    assert port.get("x" * 2048, "y" * 1024) == {}


@cites("developerguide/Constraints.html#limits-items")
def test_an_item_of_more_than_400_kilobytes_is_refused(port: Port) -> None:
    with refused(INVALID, "maximum allowed size"):
        port.put("a", text="x" * 410_000)


@cites("developerguide/Constraints.html#limits-items")
def test_an_update_may_not_make_an_item_larger_than_that(port: Port) -> None:
    port.put("a", text="x" * 300_000)

    with refused(INVALID):
        port.update("SET more = :v", {":v": "x" * 200_000})

    assert set(port.get("a") or ()) == {"text"}


@cites("developerguide/Constraints.html#limits-data-types")
@wrong_in(moto="it takes any number")
def test_a_number_has_38_digits(port: Port) -> None:
    item = {**raw({"pk": "a", "sk": "1"}), "n": {"N": "1" * 39}}

    with refused(INVALID, "38 significant digits"):
        port.client.put_item(TableName=THINGS, Item=item)


@cites("developerguide/Constraints.html#limits-data-types")
@wrong_in(moto="it takes any number")
def test_a_number_ends_at_ten_to_the_126(port: Port) -> None:
    item = {**raw({"pk": "a", "sk": "1"}), "n": {"N": "1e126"}}

    with refused(INVALID, "overflow"):
        port.client.put_item(TableName=THINGS, Item=item)


@cites("developerguide/Constraints.html#limits-data-types")
def test_what_is_no_number_is_none(port: Port) -> None:
    item = {**raw({"pk": "a", "sk": "1"}), "n": {"N": "five"}}

    with refused(INVALID):
        port.client.put_item(TableName=THINGS, Item=item)


@cites("APIReference/API_AttributeValue.html")
def test_a_set_is_never_empty(port: Port) -> None:
    item = {**raw({"pk": "a", "sk": "1"}), "ss": {"SS": []}}

    with refused(INVALID):
        port.client.put_item(TableName=THINGS, Item=item)


@cites(TYPES)
@wrong_in(moto="it keeps them")
def test_a_set_holds_nothing_twice(port: Port) -> None:
    item = {**raw({"pk": "a", "sk": "1"}), "ss": {"SS": ["a", "a"]}}

    with refused(INVALID, "duplicates"):
        port.client.put_item(TableName=THINGS, Item=item)


@cites(VALUES)
def test_a_value_that_nothing_uses_is_refused(port: Port) -> None:
    with refused(INVALID, "unused"):
        port.update("SET n = :n", {":n": 1, ":unused": 2})


@cites(NAMES)
def test_a_name_that_nothing_uses_is_refused(port: Port) -> None:
    with refused(INVALID, "unused"):
        port.update("SET n = :n", {":n": 1}, ExpressionAttributeNames={"#unused": "x"})


@cites(VALUES)
def test_a_value_that_is_not_given_is_refused(port: Port) -> None:
    with refused(INVALID, "not defined"):
        port.update("SET n = :n, m = :missing", {":n": 1})


@cites(NAMES)
@wrong_in(moto="it breaks")
def test_a_name_that_is_not_given_is_refused(port: Port) -> None:
    with refused(INVALID, "not defined"):
        port.update("SET #missing = :n", {":n": 1})


@cites(VALUES)
@wrong_in(moto="it does not look")
def test_values_are_of_no_use_without_an_expression(port: Port) -> None:
    with refused(INVALID):
        port.client.put_item(
            TableName=THINGS,
            Item=raw({"pk": "a", "sk": "1"}),
            ExpressionAttributeValues=raw({":v": 1}),
        )


@cites("developerguide/Constraints.html#limits-expression-parameters")
@wrong_in(moto="it takes any number")
def test_a_list_of_options_ends_at_a_hundred(port: Port) -> None:
    values = {f":v{number}": number for number in range(101)}

    with refused(INVALID):
        port.holds(f"n IN ({', '.join(values)})", values)


@cites("developerguide/Constraints.html#limits-data-types")
def test_a_key_that_is_a_number_is_compared_as_one(port: Port) -> None:
    for number in ("1", "1.0"):
        item = {"pk": {"S": "a"}, "n": {"N": number}, "text": {"S": number}}
        port.client.put_item(TableName=COUNTED, Item=item)

    found = port.query("pk = :a", {":a": "a"}, COUNTED)["Items"]

    assert [one["text"]["S"] for one in found] == ["1.0"]
