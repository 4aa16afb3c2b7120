"""Batches: many items in one request, each for itself."""

import pytest

from tests.sim.dynamo.port import THINGS, Port, plain, raw, refused

cites = pytest.mark.cites
wrong_in = pytest.mark.wrong_in

GET = "APIReference/API_BatchGetItem.html"
WRITE = "APIReference/API_BatchWriteItem.html"


def _put(pk: str) -> dict[str, object]:
    return {"PutRequest": {"Item": raw({"pk": pk, "sk": "1"})}}


@cites(WRITE)
def test_a_batch_puts_and_deletes(port: Port) -> None:
    port.put("c")
    gone = {"DeleteRequest": {"Key": raw({"pk": "c", "sk": "1"})}}

    answer = port.client.batch_write_item(RequestItems={THINGS: [_put("a"), _put("b"), gone]})

    assert not answer.get("UnprocessedItems")
    assert [port.get(pk) is None for pk in "abc"] == [False, False, True]


@cites(WRITE)
@wrong_in(moto="it takes any number")
def test_a_batch_takes_25_writes(port: Port) -> None:
    with refused("ValidationException"):
        port.client.batch_write_item(
            RequestItems={THINGS: [_put(f"a{number}") for number in range(26)]}
        )


@cites(WRITE)
def test_a_batch_writes_no_item_twice(port: Port) -> None:
    with refused("ValidationException", "duplicates"):
        port.client.batch_write_item(RequestItems={THINGS: [_put("a"), _put("a")]})


@cites(GET)
def test_a_batch_reads_what_is_there(port: Port) -> None:
    port.put("a", n=1)
    port.put("b", n=2)

    answer = port.client.batch_get_item(
        RequestItems={THINGS: {"Keys": [raw({"pk": pk, "sk": "1"}) for pk in "abc"]}}
    )

    found = [plain(item) for item in answer["Responses"][THINGS]]
    assert sorted(item["n"] for item in found) == [1, 2]
    assert not answer.get("UnprocessedKeys")


@cites(GET)
def test_a_batch_reads_no_item_twice(port: Port) -> None:
    with refused("ValidationException", "duplicates"):
        port.client.batch_get_item(
            RequestItems={THINGS: {"Keys": [raw({"pk": "a", "sk": "1"})] * 2}}
        )


@cites(GET)
def test_a_batch_takes_a_hundred_keys(port: Port) -> None:
    keys = [raw({"pk": str(number), "sk": "1"}) for number in range(101)]

    with refused("ValidationException"):
        port.client.batch_get_item(RequestItems={THINGS: {"Keys": keys}})
