import pytest

from chalicelib.core import idempotency, parts
from chalicelib.core.errors import BusyError, KeyInFlightError, KeyReusedError
from chalicelib.core.idempotency import Key, Record, RepeatedError
from tests.clocks import StandingClock
from tests.core.things import TakenError, thing

pytestmark = pytest.mark.usefixtures("clock_at")


def _key(*, principal: str = "usr_1", route: str = "POST /v1/orders", key: str = "k") -> Key:
    return Key(principal, route, key, body_hash="hash")


def _placed(key: Key, name: str = "a") -> None:
    parts.commit(idempotency.claim(key, f"THING#{name}"), parts.put(thing(name), TakenError()))


def _record(key: Key) -> Record:
    found = idempotency.find(key)
    assert found is not None
    return found


def test_a_key_that_nobody_used_is_not_found() -> None:
    assert idempotency.find(_key()) is None


def test_the_key_is_taken_with_the_effect_and_remembers_its_subject() -> None:
    _placed(_key())

    record = _record(_key())
    assert record.subject == "THING#a"
    assert not record.done


def test_a_second_effect_with_the_same_key_is_refused_and_names_the_first() -> None:
    _placed(_key(), "a")

    with pytest.raises(RepeatedError) as repeated:
        _placed(_key(), "b")

    assert repeated.value.record.subject == "THING#a"
    assert repeated.value.record.body_hash == "hash"


@pytest.mark.parametrize(
    "other", [_key(principal="usr_2"), _key(route="POST /v1/refunds"), _key(key="l")]
)
def test_anothers_key_is_another_key(other: Key) -> None:
    _placed(_key(), "a")

    _placed(other, "b")

    assert _record(other).subject == "THING#b"


def test_the_key_itself_is_not_stored() -> None:
    assert "secret-of-the-app" not in _key(key="secret-of-the-app").pk


def test_a_key_is_free_again_after_a_day(clock_at: StandingClock) -> None:
    _placed(_key(), "a")
    clock_at.move(idempotency.KEPT_SECONDS + 1)

    assert idempotency.find(_key()) is None
    _placed(_key(), "b")
    assert _record(_key()).subject == "THING#b"


def test_another_body_under_the_same_key_is_refused() -> None:
    _placed(_key())

    with pytest.raises(KeyReusedError):
        idempotency.resume(Key("usr_1", "POST /v1/orders", "k", "another"), _record(_key()))


def test_while_the_first_request_runs_a_repetition_must_wait() -> None:
    _placed(_key())

    with pytest.raises(KeyInFlightError) as waiting:
        idempotency.resume(_key(), _record(_key()))

    assert waiting.value.retry_after == 1


def test_the_work_of_a_request_that_died_is_taken_over_by_one(clock_at: StandingClock) -> None:
    _placed(_key())
    clock_at.move(idempotency.LEASE_SECONDS + 1)
    seen_by_both = _record(_key())

    idempotency.resume(_key(), seen_by_both)

    with pytest.raises(KeyInFlightError):
        idempotency.resume(_key(), _record(_key()))


def test_of_two_who_would_take_over_one_does(clock_at: StandingClock) -> None:
    _placed(_key())
    clock_at.move(idempotency.LEASE_SECONDS + 1)
    first, second = _record(_key()), _record(_key())

    idempotency.resume(_key(), first)

    with pytest.raises(KeyInFlightError):
        idempotency.resume(_key(), second)


def test_finished_work_is_answered_at_once() -> None:
    _placed(_key())

    parts.commit(idempotency.finish(_key()))

    assert _record(_key()).done
    idempotency.resume(_key(), _record(_key()))


def test_a_lease_that_is_given_back_is_free_at_once() -> None:
    _placed(_key())

    idempotency.release(_key())

    idempotency.resume(_key(), _record(_key()))
    assert _record(_key()).leased_until > 0


def test_what_was_never_claimed_cannot_be_finished() -> None:
    with pytest.raises(BusyError):
        parts.commit(idempotency.finish(_key()))


def test_a_claim_that_fails_without_saying_why_may_be_tried_again() -> None:
    assert isinstance(idempotency._repeated(None), BusyError)
