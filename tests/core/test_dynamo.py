from typing import Any, ClassVar

import pytest
from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, PynamoDBException
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.core import dynamo
from chalicelib.core.dynamo import Item, TableMeta
from chalicelib.core.errors import UnavailableError
from chalicelib.core.settings import settings
from tests import dynamo_faults as f
from tests.core.things import Thing, thing
from tests.dynamo_faults import Faults


class Undelivered(GlobalSecondaryIndex["Listed"]):  # type: ignore[no-untyped-call] # PynamoDB's own
    class Meta:
        index_name = "undelivered"
        projection = AllProjection()

    bell_shard = UnicodeAttribute(hash_key=True)
    bell_at = UnicodeAttribute(range_key=True)


class Listed(Thing):
    """Of the same table as Thing, with an index that Thing does not know."""

    class Meta(TableMeta):
        table_name = settings().table("orders")

    bell_shard = UnicodeAttribute()
    bell_at = UnicodeAttribute()
    undelivered = Undelivered()


def _halve(raw: dict[str, Any]) -> dict[str, Any]:
    return {**raw, "n": {"N": str(int(raw.pop("twice")["N"]) // 2)}}


def _name(raw: dict[str, Any]) -> dict[str, Any]:
    return {**raw, "name": {"S": "unnamed"}}


class Grown(Thing):
    VERSION: ClassVar[int] = 3
    UPCASTS: ClassVar = {1: _halve, 2: _name}

    class Meta(TableMeta):
        table_name = settings().table("orders")

    name = UnicodeAttribute()


def _store(**attributes: dict[str, Any]) -> None:
    item = {"pk": {"S": "p"}, "sk": {"S": dynamo.HEAD}, **attributes}
    dynamo.client().put_item(TableName="test-orders", Item=item)


def test_an_item_that_is_not_there_is_none() -> None:
    assert dynamo.get(Thing, "p") is None


def test_reads_are_consistent(faults: Faults) -> None:
    dynamo.get(Thing, "p")
    dynamo.items(Thing, "p")

    assert all(body["ConsistentRead"] for body in faults.bodies)


def test_an_item_carries_the_version_of_its_shape() -> None:
    thing().save()

    found = dynamo.get(Thing, "THING#a")

    assert found is not None
    assert found.v == 1


def test_an_old_item_is_lifted_through_every_version() -> None:
    _store(v={"N": "1"}, twice={"N": "8"})

    found = dynamo.get(Grown, "p")

    assert found is not None
    assert (found.v, found.n, found.name) == (3, 4, "unnamed")


def test_an_item_from_before_versions_counts_as_the_first() -> None:
    _store(twice={"N": "8"})

    found = dynamo.get(Grown, "p")

    assert found is not None
    assert found.n == 4


def test_a_newer_item_than_ours_is_read_as_it_is() -> None:
    _store(v={"N": "9"}, n={"N": "8"}, name={"S": "Ada"}, tomorrow={"S": "unknown"})

    found = dynamo.get(Grown, "p")

    assert found is not None
    assert (found.v, found.name) == (9, "Ada")


def test_items_come_in_the_order_of_their_keys() -> None:
    for sk in ("LINE#2", "HEAD", "LINE#1", "LINE#3", "NOTE"):
        thing(sk=sk).save()

    assert [item.sk for item in dynamo.items(Thing, "THING#a", prefix="LINE#")] == [
        "LINE#1",
        "LINE#2",
        "LINE#3",
    ]
    after = dynamo.items(Thing, "THING#a", prefix="LINE#", after="LINE#1")
    assert [item.sk for item in after] == ["LINE#2", "LINE#3"]
    assert len(dynamo.items(Thing, "THING#a")) == 5
    assert [item.sk for item in dynamo.items(Thing, "THING#a", limit=1)] == ["HEAD"]


@pytest.mark.parametrize("fault", [f.unreachable, f.refused("ThrottlingException")])
def test_a_database_that_does_not_answer_is_an_outage(fault: f.Fault, faults: Faults) -> None:
    faults.always = fault

    with pytest.raises(UnavailableError):
        dynamo.get(Thing, "p")
    with pytest.raises(UnavailableError):
        dynamo.items(Thing, "p")


def test_what_is_not_there_is_no_outage() -> None:
    with pytest.raises(DoesNotExist), dynamo.reading():
        Thing.get("p", "s")


def test_any_other_failure_of_a_read_is_an_outage() -> None:
    with pytest.raises(UnavailableError), dynamo.reading():
        raise PynamoDBException("anything")


def test_all_models_share_one_client() -> None:
    dynamo.forget_connections()

    clients = {id(model._get_connection().connection.client) for model in (Thing, Listed, Grown)}

    assert clients == {id(dynamo.client())}


def test_a_model_knows_its_own_indexes_whichever_was_used_first() -> None:
    dynamo.forget_connections()
    thing().save()
    Listed("p", "s", bell_shard="BELL#00", bell_at="2026").save()

    found = list(Listed.undelivered.query("BELL#00"))

    assert [item.pk for item in found] == ["p"]


def test_time_outs_are_shorter_than_the_gateways() -> None:
    config = dynamo.client().meta.config

    assert (config.connect_timeout, config.read_timeout) == (1, 2)
    assert config.retries["total_max_attempts"] == 3


def test_the_text_of_an_old_item_may_be_missing() -> None:
    assert dynamo.raw_text(None, "tx") is None
    assert dynamo.raw_text({"n": {"N": "1"}}, "tx") is None
    assert dynamo.raw_text({"tx": {"S": "t"}}, "tx") == "t"


def test_models_are_items() -> None:
    assert issubclass(Listed, Item)
