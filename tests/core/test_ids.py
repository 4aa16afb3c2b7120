import random
import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import ids
from tests.clocks import NOON, StandingClock


def test_an_id_is_a_uuid_of_version_seven(clock_at: StandingClock) -> None:
    made = ids.to_uuid(ids.new("ord"))

    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == int(NOON.timestamp() * 1000)
    assert clock_at.seconds == NOON.timestamp()


def test_ids_sort_by_the_moment_of_their_making(clock_at: StandingClock) -> None:
    made = []
    for _ in range(50):
        made.append(ids.new("ord"))
        clock_at.move(0.002)  # 0.001 is no binary fraction

    assert made == sorted(made)


def test_an_id_matches_its_pattern_and_no_others() -> None:
    made = ids.new("ord")

    assert re.fullmatch(ids.pattern("ord"), made)
    assert not re.fullmatch(ids.pattern("sto"), made)


@pytest.mark.usefixtures("clock_at")
def test_the_same_seed_makes_the_same_ids() -> None:
    made = []
    for _ in range(2):
        with ids.drawn_from(random.Random(7).getrandbits):  # noqa: S311 - no secret depends on it
            made.append([ids.new("ord"), ids.token()])

    assert made[0] == made[1]


@pytest.mark.usefixtures("known_ids")
def test_known_ids_still_differ_from_each_other() -> None:
    assert ids.new("ord") != ids.new("ord")


@given(st.uuids())
def test_every_uuid_survives_being_shown(value: UUID) -> None:
    shown = ids.from_uuid("evt", value)

    assert ids.to_uuid(shown) == value
    assert len(shown) == len("evt_") + ids.LENGTH


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ord_",
        "ord_8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
        "ord_01JB3I0000000000000000000L",
        "ord_01jb3000000000000000000000",
        "ord_01JB30000000000000000000000",
        "ord_01JB3000000000000000000000\n",
        "ord_\uff101JB300000000000000000000",
    ],
)
def test_what_cannot_be_an_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an id"):
        ids.to_uuid(text)


@pytest.mark.parametrize("bits", [40, 100, 160, 256])
def test_a_token_has_a_character_for_every_five_bits(bits: int) -> None:
    made = ids.token(bits)

    assert len(made) == -(-bits // 5)
    assert set(made) <= set(ids.ALPHABET)
    assert made != ids.token(bits)


@given(st.text(), st.integers(1, 64))
def test_a_shard_is_stable_and_within_bounds(text: str, over: int) -> None:
    assert 0 <= ids.spread(text, over) < over
    assert ids.spread(text, over) == ids.spread(text, over)


def test_ids_spread_evenly_over_shards() -> None:
    shards = [ids.spread(ids.new("ord"), 16) for _ in range(1600)]

    assert min(shards.count(shard) for shard in range(16)) > 50


def test_jitter_stays_within_its_bounds() -> None:
    drawn = [ids.uniform(1.0, 2.0) for _ in range(200)]

    assert all(1 <= one < 2 for one in drawn)
    assert max(drawn) - min(drawn) > 0.5
