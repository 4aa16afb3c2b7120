"""Two heads of two tables, read in one round trip."""

import pytest
from pynamodb.attributes import NumberAttribute

from chalicelib.core import dynamo
from chalicelib.core.dynamo import Item, TableMeta
from chalicelib.core.errors import UnavailableError
from chalicelib.core.settings import settings
from tests import dynamo_faults as f
from tests.core.things import Thing, thing
from tests.dynamo_faults import Faults


class Other(Item):
    """Of another table than Thing."""

    class Meta(TableMeta):
        table_name = settings().table("control")

    n = NumberAttribute()


def _read() -> tuple[int | None, int | None]:
    one, other = dynamo.pair((Thing, "THING#a"), (Other, "OTHER#a"))
    return int(one.n) if one else None, int(other.n) if other else None


def test_each_of_two_items_is_found_or_not_for_itself() -> None:
    assert _read() == (None, None)
    thing("a", 3).save()
    assert _read() == (3, None)
    Other("OTHER#a", dynamo.HEAD, n=4).save()
    assert _read() == (3, 4)
    thing("a").delete()
    assert _read() == (None, 4)


def test_both_are_read_consistently_and_at_once(faults: Faults) -> None:
    _read()

    assert faults.sent == ["BatchGetItem"]


@pytest.mark.parametrize(
    "fault",
    [
        f.unreachable,
        f.refused("AccessDeniedException"),
        f.said({"Responses": {}, "UnprocessedKeys": {settings().table("control"): {"Keys": []}}}),
    ],
    ids=["unreachable", "refused", "no room for both"],
)
def test_what_is_not_read_whole_is_not_read(faults: Faults, fault: f.Fault) -> None:
    faults.always = fault

    with pytest.raises(UnavailableError):
        _read()
    with pytest.raises(UnavailableError):
        dynamo.found_heads([(Thing, "THING#a")])


def test_heads_of_several_tables_that_are_there_are_found_at_once(faults: Faults) -> None:
    wanted: list[tuple[type[Item], str]] = [
        (Thing, "THING#a"), (Thing, "THING#b"), (Other, "OTHER#a"),
    ]  # fmt: skip
    thing("b", 3).save()
    Other("OTHER#a", dynamo.HEAD, n=4).save()
    before = len(faults.sent)

    found = dynamo.found_heads(wanted)

    assert {(type(one), one.pk) for one in found} == {(Thing, "THING#b"), (Other, "OTHER#a")}
    assert faults.sent[before:] == ["BatchGetItem"]
