"""Transactions: all or nothing, tokens, reasons, old images."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from tests.sim.dynamo.port import THINGS, Port, part, plain, putting, raw, reasons, refused

cites = pytest.mark.cites
wrong_in = pytest.mark.wrong_in

WRITE = "APIReference/API_TransactWriteItems.html"
GUIDE = "developerguide/transaction-apis.html"
REASONS = "APIReference/API_CancellationReason.html"
ABSENT = "attribute_not_exists(pk)"
CANCELLED = "TransactionCanceledException"


def _cancelled(port: Port, *parts: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    with refused(CANCELLED) as failed:
        port.transact(*parts)
    return reasons(failed.value)


@cites(WRITE)
def test_puts_updates_deletes_and_checks_go_together(port: Port) -> None:
    port.put("b", n=1)
    port.put("c")
    port.put("d", n=1)

    port.transact(
        ("Put", putting("a", n=1)),
        ("Update", part("b", "ADD n :v", {":v": 1})),
        ("Delete", part("c")),
        ("ConditionCheck", part("d", values={":v": 1}, ConditionExpression="n = :v")),
    )

    assert [port.get(pk) for pk in "abcd"] == [{"n": 1}, {"n": 2}, None, {"n": 1}]


@pytest.mark.parametrize("place", [0, 1, 2])
@cites(WRITE)
def test_one_failed_condition_undoes_all(port: Port, place: int) -> None:
    port.put("x", n=1)
    parts = [("Put", putting("a")), ("Update", part("b", "SET n = :v", {":v": 1}))]
    parts.insert(place, ("Put", putting("x", condition=ABSENT)))

    found = _cancelled(port, *parts)

    assert [port.get(pk) for pk in "abx"] == [None, None, {"n": 1}]
    codes = ["None", "None"]
    codes.insert(place, "ConditionalCheckFailed")
    assert [reason["Code"] for reason in found] == codes


@cites(REASONS)
def test_every_failed_condition_is_told(port: Port) -> None:
    port.put("a")
    port.put("c")

    found = _cancelled(
        port,
        ("Put", putting("a", condition=ABSENT)),
        ("Put", putting("b", condition=ABSENT)),
        ("ConditionCheck", part("c", ConditionExpression=ABSENT)),
    )

    codes = [reason["Code"] for reason in found]
    assert codes == ["ConditionalCheckFailed", "None", "ConditionalCheckFailed"]


@cites("APIReference/API_Put.html#DDB-Type-Put-ReturnValuesOnConditionCheckFailure")
@pytest.mark.parametrize("verb", ["Put", "Update", "Delete", "ConditionCheck"])
def test_a_reason_carries_the_item_when_asked_to(port: Port, verb: str) -> None:
    port.put("a", n=1)
    shows: dict[str, Any] = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    said = {
        "Put": {**putting("a", condition=ABSENT), **shows},
        "Update": part("a", "SET m = :v", {":v": 1}, ConditionExpression=ABSENT, **shows),
        "Delete": part("a", ConditionExpression=ABSENT, **shows),
        "ConditionCheck": part("a", ConditionExpression=ABSENT, **shows),
    }

    found = _cancelled(port, (verb, said[verb]), ("Put", putting("b")))

    assert plain(found[0]["Item"]) == {"pk": "a", "sk": "1", "n": 1}
    assert "Item" not in found[1]


@cites(REASONS)
def test_a_reason_carries_no_item_when_not_asked_to(port: Port) -> None:
    port.put("a", n=1)

    found = _cancelled(port, ("Put", putting("a", condition=ABSENT)))

    assert "Item" not in found[0]
    assert found[0]["Message"] == "The conditional request failed"


@cites(REASONS)
def test_an_item_that_is_not_there_cannot_be_shown(port: Port) -> None:
    check = part(
        "a",
        ConditionExpression="attribute_exists(pk)",
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )

    found = _cancelled(port, ("ConditionCheck", check))

    assert "Item" not in found[0]


@cites(WRITE)
def test_the_reasons_stand_in_the_message_too(port: Port) -> None:
    port.put("a")

    with refused(CANCELLED, "[None, ConditionalCheckFailed]"):
        port.transact(("Put", putting("b")), ("Put", putting("a", condition=ABSENT)))


@cites(WRITE)
def test_no_two_parts_touch_one_item(port: Port) -> None:
    with refused("ValidationException", "multiple operations on one item"):
        port.transact(
            ("Put", putting("a")),
            ("ConditionCheck", part("a", ConditionExpression="attribute_exists(pk)")),
        )

    assert port.get("a") is None


@cites("developerguide/ServiceQuotas.html#limits-dynamodb-transactions")
def test_a_hundred_items_are_written_at_once(port: Port) -> None:
    port.transact(*[("Put", putting("a", str(number))) for number in range(100)])

    assert port.query("pk = :a", {":a": "a"})["Count"] == 100


@cites("developerguide/ServiceQuotas.html#limits-dynamodb-transactions")
def test_more_than_a_hundred_items_are_refused(port: Port) -> None:
    with refused("ValidationException", "less than or equal to 100"):
        port.transact(*[("Put", putting("a", str(number))) for number in range(101)])

    assert port.get("a", "0") is None


@cites(WRITE)
def test_an_update_that_does_not_fit_its_item_cancels_all(port: Port) -> None:
    port.put("b", n="text")

    with pytest.raises(ClientError):
        port.transact(("Put", putting("a")), ("Update", part("b", "SET n = n + :v", {":v": 1})))

    assert port.get("a") is None


@cites(REASONS)
@wrong_in(moto="it refuses the request instead of naming the part")
def test_an_update_that_does_not_fit_its_item_is_a_reason(port: Port) -> None:
    port.put("b", n="text")

    found = _cancelled(
        port, ("Put", putting("a")), ("Update", part("b", "SET n = n + :v", {":v": 1}))
    )

    assert [reason["Code"] for reason in found] == ["None", "ValidationError"]


@cites(WRITE)
def test_conditions_see_the_table_as_it_was_before(port: Port) -> None:
    port.transact(
        ("Put", putting("a")),
        ("ConditionCheck", part("b", ConditionExpression=ABSENT)),
    )

    assert port.get("a") == {}


@cites(WRITE)
def test_a_check_needs_its_condition(port: Port) -> None:
    with pytest.raises((ClientError, ParamValidationError)):
        port.transact(("ConditionCheck", part("a")))


@cites(WRITE)
@wrong_in(moto="our patch of it knows only its own keys")
def test_a_key_that_is_none_of_the_tables_cancels_all(port: Port) -> None:
    wrong = {"TableName": THINGS, "Key": raw({"pk": "b"})}

    with pytest.raises(ClientError):
        port.transact(("Put", putting("a")), ("Delete", wrong))

    assert port.get("a") is None


@cites("APIReference/API_TransactGetItems.html")
def test_items_may_be_read_together(port: Port) -> None:
    port.put("a", n=1)

    answer = port.client.transact_get_items(
        TransactItems=[
            {"Get": {"TableName": THINGS, "Key": raw({"pk": pk, "sk": "1"})}} for pk in "ab"
        ]
    )

    first, second = answer["Responses"]
    assert plain(first["Item"])["n"] == 1
    assert "Item" not in second


@cites(WRITE)
def test_a_table_that_is_not_there_refuses_all(port: Port) -> None:
    with refused("ResourceNotFoundException"):
        port.transact(
            ("Put", putting("a")),
            ("Put", {"TableName": "conformance-nowhere", "Item": raw({"pk": "a", "sk": "1"})}),
        )


@cites(WRITE)
def test_a_transaction_is_seen_by_the_next_read(port: Port) -> None:
    port.transact(("Put", putting("a", board="x", at="1")))

    assert port.get("a") == {"board": "x", "at": "1"}
    port.wait_until(lambda: len(port.items("board = :b", {":b": "x"}, IndexName="by_board")) == 1)
