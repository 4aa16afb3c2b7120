"""What a simulated world may do to the table, and what it may see of it."""

import pytest

from tests.clocks import StandingClock
from tests.sim.dynamo.port import THINGS, Port, part, plain, raw, refused
from tests.sim.dynamo.service import Service

cites = pytest.mark.cites

LAG = "developerguide/HowItWorks.ReadConsistency.html"
TTL = "developerguide/TTL.html"


def _board(port: Port) -> list[str]:
    found = port.items("board = :b", {":b": "x"}, IndexName="by_board")
    return [str(one["pk"]) for one in found]


@cites(LAG)
def test_an_index_that_lags_misses_what_has_just_come(memory: Port, service: Service) -> None:
    memory.put("a", board="x", at="1")
    memory.put("b", board="x", at="2")

    service.lag = lambda _table, _index: 1

    assert _board(memory) == ["a"]


@cites(LAG)
def test_an_index_that_lags_shows_what_is_gone(memory: Port, service: Service) -> None:
    memory.put("a", board="x", at="1")
    memory.update("REMOVE board")
    assert _board(memory) == []

    service.lag = lambda _table, _index: 1

    assert _board(memory) == ["a"]


@cites(LAG)
def test_an_index_that_lags_shows_what_an_item_said_before(memory: Port, service: Service) -> None:
    memory.put("a", board="x", at="1", n=1)
    memory.update("SET n = :n", {":n": 2})
    service.lag = lambda _table, _index: 1

    (seen,) = memory.items("board = :b", {":b": "x"}, IndexName="by_board")

    assert seen["n"] == 1
    assert memory.get("a") == {"board": "x", "at": "1", "n": 2}


@cites(LAG)
def test_a_read_that_is_not_consistent_may_be_of_the_past(memory: Port, service: Service) -> None:
    memory.put("a", n=1)
    memory.put("a", n=2)
    service.lag = lambda _table, _index: 1
    key = raw({"pk": "a", "sk": "1"})

    seen = memory.client.get_item(TableName=THINGS, Key=key)["Item"]
    found = memory.items("pk = :a", {":a": "a"})

    assert (plain(seen)["n"], found[0]["n"]) == (1, 1)
    assert memory.get("a") == {"n": 2}
    assert memory.items("pk = :a", {":a": "a"}, ConsistentRead=True)[0]["n"] == 2


@cites(LAG)
def test_an_index_may_lag_behind_everything(memory: Port, service: Service) -> None:
    memory.put("a", board="x", at="1")
    service.lag = lambda _table, _index: 99

    assert _board(memory) == []


@cites(LAG)
def test_only_changes_of_the_index_itself_are_counted(memory: Port, service: Service) -> None:
    memory.put("a", board="x", at="1")
    for number in range(5):
        memory.put("other", str(number))
    service.lag = lambda _table, _index: 1

    assert _board(memory) == []


@cites(LAG)
def test_the_hook_knows_which_index_is_read(memory: Port, service: Service) -> None:
    asked: list[tuple[str, str]] = []
    service.lag = lambda table, index: len(asked.append((table, index)) or ())  # type: ignore[func-returns-value] # notes

    memory.put("a", board="x", at="1")
    _board(memory)

    assert asked == [(THINGS, "by_board")]


@cites(TTL)
def test_an_expired_item_stays_readable(
    memory: Port, service: Service, clock_at: StandingClock
) -> None:
    memory.put("a", expires_at=int(service.clock()) + 10)
    clock_at.move(100_000)

    assert service.expire() == 0
    assert memory.get("a") is not None


@cites(TTL)
def test_an_expired_item_goes_when_the_world_says_so(
    memory: Port, service: Service, clock_at: StandingClock
) -> None:
    memory.put("a", expires_at=int(service.clock()) + 10)
    memory.put("b", expires_at=int(service.clock()) + 1000)
    service.forgets = lambda _table, _item: True
    clock_at.move(100)

    assert service.expire() == 1

    assert memory.get("a") is None
    assert memory.get("b") is not None


@cites("developerguide/time-to-live-ttl-streams.html")
def test_a_record_tells_that_an_item_went_by_its_age(memory: Port, service: Service) -> None:
    memory.put("a", expires_at=int(service.clock()))
    service.forgets = lambda _table, _item: True
    service.expire()

    last = memory.records(THINGS)[-1]

    assert last["eventName"] == "REMOVE"
    assert last["userIdentity"] == {
        "type": "Service", "principalId": "dynamodb.amazonaws.com",
    }  # fmt: skip


def test_a_restored_moment_is_as_it_was(memory: Port, service: Service) -> None:
    memory.put("a", board="x", at="1", n=1)
    memory.put("b", board="x", at="2")
    before = service.rows(THINGS), memory.records(THINGS)
    moment = service.snapshot()

    memory.update("SET n = :n REMOVE board", {":n": 2})
    memory.transact(("Delete", part("b")), token="t")
    memory.put("c", board="x", at="0")
    service.restore(moment)

    assert (service.rows(THINGS), memory.records(THINGS)) == before
    assert _board(memory) == ["a", "b"]


def test_a_restored_moment_knows_no_later_token(memory: Port, service: Service) -> None:
    moment = service.snapshot()
    memory.transact(("Update", part("a", "ADD n :v", {":v": 1})), token="t")
    service.restore(moment)

    memory.transact(("Update", part("a", "ADD n :v", {":v": 1})), token="t")

    assert memory.get("a") == {"n": 1}


def test_a_moment_may_be_restored_again_and_again(memory: Port, service: Service) -> None:
    memory.put("a", n=1)
    moment = service.snapshot()
    for number in range(3):
        memory.put("a", n=number + 7)
        service.restore(moment)

    assert memory.get("a") == {"n": 1}


def test_a_moment_that_was_undone_is_refused(memory: Port, service: Service) -> None:
    first = service.snapshot()
    memory.put("a")
    later = service.snapshot()
    service.restore(first)
    memory.put("b")

    with pytest.raises(ValueError, match="undone"):
        service.restore(later)


def test_the_rows_are_plain_python(memory: Port, service: Service) -> None:
    memory.put("a", n=1, l=[True, None], ss={"x"})

    assert service.rows(THINGS) == [{"pk": "a", "sk": "1", "n": 1, "l": [True, None], "ss": {"x"}}]


def test_reads_and_writes_are_counted(memory: Port, service: Service) -> None:
    memory.put("a")
    memory.get("a")
    memory.get("b")
    with refused("ConditionalCheckFailedException"):
        memory.update("SET n = :n", {":n": 1}, ConditionExpression="attribute_not_exists(pk)")

    assert service.reads[THINGS, "Get"] == 2
    assert service.writes[THINGS, "Put"] == 1
    assert service.writes[THINGS, "Update"] == 1


def test_every_write_that_changed_something_can_be_followed(memory: Port, service: Service) -> None:
    memory.put("a", n=1)
    memory.put("a", n=1)
    memory.put("a", n=2)

    made = [(one.table, one.key, one.old and one.old.plain()) for one in service.changes]
    assert made == [
        (THINGS, ("a", "1"), None),
        (THINGS, ("a", "1"), {"pk": "a", "sk": "1", "n": 1}),
    ]
