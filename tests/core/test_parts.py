from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from chalicelib.core import dynamo, outbox, parts
from chalicelib.core.dynamo import Raw
from chalicelib.core.errors import BusyError, UnavailableError
from chalicelib.core.parts import Part
from tests import dynamo_faults as f
from tests.clocks import StandingClock
from tests.core.things import StaleError, TakenError, Thing, ThingEvent, thing
from tests.dynamo_faults import Fault, Faults


def _placed(name: str = "a", n: int = 1) -> Part:
    return parts.put(thing(name, n), TakenError())


def _raised(name: str = "a", *, since: int = 1) -> Part:
    return parts.update(thing(name), [Thing.n.set(since + 1)], StaleError(), Thing.n == since)


def _removed(name: str = "a", n: int = 1) -> Part:
    return parts.delete(thing(name), StaleError(), Thing.n == n)


def _there(name: str = "a") -> Part:
    return parts.check(thing(name), StaleError(), Thing.pk.exists())


def _announced(name: str = "a", version: int = 1) -> Part:
    return outbox.announce(
        ThingEvent,
        f"THING#{name}",
        kind="order",
        subject=name,
        version=version,
        type="thing.placed",
        actor="system:ieum",
    )


def _n(name: str = "a") -> int | None:
    found = dynamo.get(Thing, f"THING#{name}")
    return None if found is None else int(found.n)


# --- what succeeds -----------------------------------------------------------------------------


def test_forgetting_removes_what_is_there_and_asks_for_nothing() -> None:
    parts.commit(_placed())

    parts.commit(parts.forget(thing()))
    parts.commit(parts.forget(thing()))

    assert _n() is None


def test_all_parts_are_applied_together() -> None:
    parts.commit(_placed("a"), _placed("b"))

    assert (_n("a"), _n("b")) == (1, 1)


def test_a_single_put_costs_no_transaction(faults: Faults) -> None:
    parts.commit(_placed())

    assert faults.sent == ["PutItem"]


def test_a_single_update_costs_no_transaction(faults: Faults) -> None:
    parts.commit(_placed())
    parts.commit(_raised())

    assert faults.sent == ["PutItem", "UpdateItem"]
    assert _n() == 2


def test_a_delete_removes_its_item() -> None:
    parts.commit(_placed())

    parts.commit(_removed())

    assert _n() is None


def test_a_check_alone_may_be_committed() -> None:
    parts.commit(_placed())

    parts.commit(_there())

    assert _n() == 1


def test_overwriting_asks_for_nothing() -> None:
    parts.commit(parts.overwrite(thing(n=1)))

    parts.commit(parts.overwrite(thing(n=2)))

    assert _n() == 2


def test_a_put_may_replace_what_meets_its_condition() -> None:
    parts.commit(_placed())

    parts.commit(parts.put(thing(n=5), TakenError(), Thing.n == 1))

    assert _n() == 5


def test_every_written_item_names_its_commit() -> None:
    parts.commit(_placed("a"), _placed("b"))

    written = [dynamo.get(Thing, f"THING#{name}") for name in "ab"]
    assert written[0] is not None
    assert written[1] is not None
    assert written[0].tx == written[1].tx is not None


@pytest.mark.parametrize("count", [0, 101])
def test_a_commit_takes_one_to_a_hundred_parts(count: int) -> None:
    with pytest.raises(ValueError, match=f"not {count}"):
        parts.commit(*[_placed(str(number)) for number in range(count)])


# --- what is refused ---------------------------------------------------------------------------


def test_a_failed_condition_raises_the_error_of_its_part() -> None:
    parts.commit(_placed())

    with pytest.raises(TakenError):
        parts.commit(_placed())


def test_a_failed_part_undoes_the_others() -> None:
    parts.commit(_placed("b"))

    with pytest.raises(TakenError):
        parts.commit(_placed("a"), _placed("b"))

    assert _n("a") is None


def test_of_several_failed_parts_the_first_one_speaks() -> None:
    parts.commit(_placed("b"))

    with pytest.raises(StaleError):
        parts.commit(_there("a"), _placed("b"))


def test_an_error_may_be_made_from_the_item_that_stood_in_the_way() -> None:
    seen: list[Raw | None] = []

    def told(old: Raw | None) -> Exception:
        seen.append(old)
        return TakenError(current_n=old["n"]["N"] if old else None)

    parts.commit(_placed())

    with pytest.raises(TakenError) as refused:
        parts.commit(parts.put(thing(), told))

    assert refused.value.facts == {"current_n": "1"}
    assert len(seen) == 1


def test_a_cancellation_that_no_condition_explains_is_raised_as_it_is(faults: Faults) -> None:
    faults.come(f.cancelled("None", "ValidationError"))

    with pytest.raises(ClientError):
        parts.commit(_placed("a"), _placed("b"))


def test_a_refusal_that_we_do_not_know_is_raised_as_it_is(faults: Faults) -> None:
    faults.come(f.refused("AccessDeniedException"))

    with pytest.raises(ClientError):
        parts.commit(_placed())


# --- what passes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        f.cancelled("TransactionConflict", "None"),
        f.cancelled("None", "ThrottlingError"),
        f.cancelled("ProvisionedThroughputExceeded", "TransactionConflict"),
        f.refused("TransactionInProgressException"),
        f.refused("ThrottlingException"),
        f.refused("InternalServerError", status=500),
        f.unreachable,
        f.lost_answer,
    ],
)
def test_what_passes_is_tried_again_with_the_same_token(fault: Fault, faults: Faults) -> None:
    faults.come(fault)

    parts.commit(_placed("a"), _placed("b"))

    tokens = {body["ClientRequestToken"] for body in faults.bodies}
    assert len(faults.sent) == 2
    assert len(tokens) == 1
    assert (_n("a"), _n("b")) == (1, 1)


def test_tries_are_spaced_at_random(faults: Faults, clock_at: StandingClock) -> None:
    before = clock_at.seconds
    faults.come(*[f.cancelled("TransactionConflict", "None")] * 4)

    parts.commit(_placed("a"), _placed("b"))

    assert 0 < clock_at.seconds - before < 1


@pytest.mark.parametrize(
    "fault",
    [f.unreachable, f.refused("ThrottlingException"), f.cancelled("TransactionConflict", "None")],
)
def test_after_its_tries_the_outcome_is_called_unknown(fault: Fault, faults: Faults) -> None:
    faults.always = fault

    with pytest.raises(UnavailableError) as unknown:
        parts.commit(_placed("a"), _placed("b"))

    assert "may have happened" in str(unknown.value)


@pytest.mark.parametrize(
    ("fault", "tries"),
    [
        (f.cancelled("ThrottlingError", "None"), 5),
        (f.cancelled("TransactionConflict", "None"), 10),
        (f.refused("TransactionConflictException"), 10),
    ],
)
def test_whoever_meets_others_at_an_item_is_more_patient_than_with_an_outage(
    fault: Fault, tries: int, faults: Faults, clock_at: StandingClock
) -> None:
    faults.always, before = fault, clock_at.seconds

    with pytest.raises(UnavailableError):
        parts.commit(_placed("a"), _placed("b"))

    assert len(faults.sent) == tries
    assert clock_at.seconds - before < 6


def test_a_condition_that_fails_beside_a_conflict_is_final(faults: Faults) -> None:
    faults.come(f.cancelled("ConditionalCheckFailed", "TransactionConflict"))

    with pytest.raises(TakenError):
        parts.commit(_placed("a"), _placed("b"))

    assert len(faults.sent) == 1


# --- our own success, whose answer was lost ----------------------------------------------------


@pytest.mark.parametrize(
    ("write", "left"), [(_placed, 1), (lambda: _raised(since=1), 2), (_removed, None)]
)
def test_a_lost_answer_is_no_failure(
    write: Callable[[], Part], left: int | None, faults: Faults
) -> None:
    if write is not _placed:
        parts.commit(_placed())
    faults.come(f.lost_answer)

    parts.commit(write())

    assert _n() == left


def test_every_answer_of_the_sdks_tries_may_be_lost(faults: Faults) -> None:
    faults.come(f.lost_answer, f.lost_answer, f.lost_answer)

    parts.commit(_placed())

    assert _n() == 1


def test_a_transaction_is_known_by_its_event_when_its_token_is_forgotten(
    faults: Faults, clock_at: StandingClock
) -> None:
    parts.commit(_placed())

    def forgotten_and_changed() -> None:
        clock_at.move(601)
        dynamo.client().update_item(
            TableName="test-orders",
            Key={"pk": {"S": "THING#a"}, "sk": {"S": dynamo.HEAD}},
            UpdateExpression="SET n = :n, tx = :tx",
            ExpressionAttributeValues={":n": {"N": "9"}, ":tx": {"S": "another"}},
        )

    faults.come(f.lost_then(forgotten_and_changed))

    parts.commit(_raised(), _announced(version=2))

    assert _n() == 9


def test_an_update_that_another_overtook_before_the_retry_is_not_taken_for_ours(
    faults: Faults,
) -> None:
    parts.commit(_placed())
    faults.come(f.after(lambda: parts.commit(_raised()), f.unreachable))

    with pytest.raises(StaleError):
        parts.commit(_raised())


def test_another_transactions_success_is_not_taken_for_ours(faults: Faults) -> None:
    faults.come(f.after(lambda: parts.commit(_placed()), f.unreachable))

    with pytest.raises(TakenError):
        parts.commit(_placed(n=2))

    assert _n() == 1


def test_checks_and_deletes_have_no_witness(faults: Faults, clock_at: StandingClock) -> None:
    parts.commit(_placed())

    faults.come(f.lost_then(lambda: clock_at.move(601)))

    with pytest.raises(StaleError):
        parts.commit(_removed())


def test_a_commit_is_known_by_what_it_put_though_another_changed_the_rest(
    faults: Faults, clock_at: StandingClock
) -> None:
    parts.commit(_placed())

    def forgotten_and_changed() -> None:
        clock_at.move(601)
        parts.commit(_raised(since=2))

    faults.come(f.lost_then(forgotten_and_changed))

    parts.commit(_raised(), parts.overwrite(thing("note")))

    assert _n() == 3


def test_a_commit_is_known_by_any_item_that_still_names_it(
    faults: Faults, clock_at: StandingClock
) -> None:
    parts.commit(_placed("a"), _placed("b"))

    def forgotten_and_changed() -> None:
        clock_at.move(601)
        parts.commit(_raised("a", since=2))

    faults.come(f.lost_then(forgotten_and_changed))

    parts.commit(_raised("a"), _raised("b"))

    assert (_n("a"), _n("b")) == (3, 2)


def test_when_the_witness_cannot_be_asked_the_outcome_is_unknown(faults: Faults) -> None:
    def mute() -> None:
        faults.always = f.unreachable

    faults.come(f.unreachable, f.after(mute, f.cancelled("ConditionalCheckFailed", "None")))

    with pytest.raises(UnavailableError):
        parts.commit(_placed(), _announced())


def test_a_busy_failure_tells_the_caller_to_try_again() -> None:
    parts.commit(_announced())

    with pytest.raises(BusyError) as busy:
        parts.commit(_announced())

    assert busy.value.retryable


def test_an_upsert_makes_what_is_not_there_and_changes_what_is() -> None:
    for _ in range(2):
        parts.commit(parts.upsert(thing("counter"), [Thing.n.add(2)]))

    assert _n("counter") == 4
    assert dynamo.get(Thing, "THING#counter").v == Thing.VERSION  # type: ignore[union-attr]  # it is there


def test_an_upsert_stands_with_its_transaction_or_not_at_all() -> None:
    parts.commit(_placed())

    with pytest.raises(TakenError):
        parts.commit(_placed(), parts.upsert(thing("counter"), [Thing.n.add(1)]))

    assert dynamo.get(Thing, "THING#counter") is None
