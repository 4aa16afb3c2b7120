"""Pictures of dishes: announced, put, looked at, shown."""

import io
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from PIL import Image

from chalicelib.catalog import events, images, imaging
from chalicelib.core import clock, storage
from chalicelib.core.errors import UnavailableError
from tests import people
from tests.catalog.pictures import of_a_camera, picture
from tests.surroundings import SCHEDULE
from tests.world import Reply, World

BUCKET = "test-images"


@pytest.fixture(autouse=True)
def bucket() -> Iterator[Any]:
    storage.forget()
    made = boto3.client("s3", region_name="us-east-1")
    made.create_bucket(Bucket=BUCKET)
    yield made
    storage.forget()


def _owner() -> str:
    return people.person("merchant", "owner")


def _begin(world: World, store: str, size: int = 1000, key: str = "one") -> Reply:
    new = {"media_type": "image/jpeg", "bytes": size}
    return world.post(f"/v1/stores/{store}/images", new, token=_owner(), key=key)


def _say_sent(world: World, store: str, image: str) -> Reply:
    return world.post(f"/v1/stores/{store}/images/{image}/sent", token=_owner())


def _sweep() -> None:
    events.sweep_uploads(SCHEDULE, None)


def _look(world: World, store: str, image: str) -> Any:  # noqa: ANN401 - any JSON
    return world.get(f"/v1/stores/{store}/images/{image}", _owner())


def _put(bucket: Any, image: str, content: bytes) -> None:  # noqa: ANN401 - boto3's
    bucket.put_object(Bucket=BUCKET, Key=f"received/{image}", Body=content)


def _sent(world: World, bucket: Any, content: bytes) -> tuple[str, str]:  # noqa: ANN401
    store = world.store()
    image = _begin(world, store, len(content)).json["id"]
    _put(bucket, image, content)
    assert _say_sent(world, store, image).json["status"] == "waiting"
    return store, image


def test_who_announces_a_picture_is_told_where_to_put_it_and_for_how_long(world_at: World) -> None:
    announced = _begin(world_at, world_at.store(), 284_113)

    assert announced.status == 201
    upload = announced.json["upload"]
    assert announced.json["status"] == "awaited"
    assert f"received/{announced.json['id']}" in upload["url"]
    assert "X-Amz-Expires=900" in upload["url"]
    assert "X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost" in upload["url"]
    assert upload["headers"] == {"Content-Type": "image/jpeg", "Content-Length": "284113"}


def test_the_same_announcement_again_is_the_same_picture(world_at: World) -> None:
    store = world_at.store()
    first, again = (_begin(world_at, store, 5) for _ in range(2))
    other = _begin(world_at, store, 6)

    assert again.json["id"] == first.json["id"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")


def test_after_a_quarter_of_an_hour_nothing_may_be_put_any_more(world_at: World) -> None:
    store = world_at.store()
    image = _begin(world_at, store).json["id"]
    world_at.clock.move(images.PUT_SECONDS)

    assert _look(world_at, store, image)["upload"] is None


def test_a_picture_that_was_put_is_ready_after_the_next_sweep(
    world_at: World,
    bucket: Any,  # noqa: ANN401 - boto3's
) -> None:
    store, image = _sent(world_at, bucket, of_a_camera())

    _sweep()

    seen = _look(world_at, store, image)
    assert (seen["status"], seen["width"], seen["height"]) == ("ready", 600, 800)
    assert seen["url"] == f"https://images.test/images/{image}.webp"
    kept = bucket.get_object(Bucket=BUCKET, Key=f"images/{image}.webp")
    assert (kept["ContentType"], kept["CacheControl"]) == ("image/webp", images.FOR_EVER)
    content = kept["Body"].read()
    assert b"Canary" not in content
    with Image.open(io.BytesIO(content)) as shown:
        assert shown.format == "WEBP"
    left = bucket.list_objects_v2(Bucket=BUCKET, Prefix="received/")
    assert left["KeyCount"] == 0


def test_what_is_no_picture_is_refused_and_never_shown(
    world_at: World,
    bucket: Any,  # noqa: ANN401 - boto3's
) -> None:
    store, image = _sent(world_at, bucket, b"<script>alert(1)</script>")

    _sweep()

    seen = _look(world_at, store, image)
    assert (seen["status"], seen["problem"], seen["url"]) == ("refused", "not_a_picture", None)
    assert bucket.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0


def test_nothing_waits_before_something_was_put(world_at: World) -> None:
    store = world_at.store()
    image = _begin(world_at, store).json["id"]

    early = _say_sent(world_at, store, image)

    assert (early.status, early.json["code"]) == (409, "image_not_there")
    assert images.waiting() == []


def test_to_say_twice_that_it_was_sent_changes_nothing(
    world_at: World,
    bucket: Any,  # noqa: ANN401 - boto3's
) -> None:
    store, image = _sent(world_at, bucket, picture())

    assert _say_sent(world_at, store, image).json["status"] == "waiting"
    assert len(images.waiting()) == 1
    _sweep()
    assert _say_sent(world_at, store, image).json["status"] == "ready"
    assert images.waiting() == []


def test_another_store_s_picture_is_hidden(
    world_at: World,
    bucket: Any,  # noqa: ANN401 - boto3's
) -> None:
    _, image = _sent(world_at, bucket, picture())
    other = world_at.store()

    for answer in (
        world_at.call("GET", f"/v1/stores/{other}/images/{image}", token=_owner()),
        _say_sent(world_at, other, image),
    ):
        assert (answer.status, answer.json["code"]) == (404, "image_not_found")


def test_a_worker_that_dies_half_way_is_followed_by_one_that_finishes(
    world_at: World,
    bucket: Any,  # noqa: ANN401 - boto3's
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store, image = _sent(world_at, bucket, picture())
    with monkeypatch.context() as broken:
        broken.setattr(storage, "write", _unreachable)
        _sweep()
    assert _look(world_at, store, image)["status"] == "waiting"

    _sweep()

    assert _look(world_at, store, image)["status"] == "ready"


def test_what_costs_five_workers_is_given_up(
    world_at: World,
    bucket: Any,  # noqa: ANN401 - boto3's
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store, image = _sent(world_at, bucket, picture())
    monkeypatch.setattr(imaging, "shown", _killed)
    for _ in range(images.MOST_TRIES):
        with pytest.raises(KilledError):
            _sweep()

    _sweep()

    assert _look(world_at, store, image)["problem"] == "gave_up"


def test_a_file_that_went_before_it_was_looked_at_is_no_picture(
    world_at: World,
    bucket: Any,  # noqa: ANN401 - boto3's
) -> None:
    store, image = _sent(world_at, bucket, picture())
    bucket.delete_object(Bucket=BUCKET, Key=f"received/{image}")

    _sweep()

    assert _look(world_at, store, image)["problem"] == "not_a_picture"


def test_a_picture_that_is_over_is_taken_off_the_list_of_what_waits(
    world_at: World,
    bucket: Any,  # noqa: ANN401 - boto3's
) -> None:
    _sent(world_at, bucket, picture())
    [place] = images.waiting()
    _sweep()

    assert images.work(place) is None


def test_while_the_bucket_cannot_be_reached_the_caller_may_come_again(world_at: World) -> None:
    store = world_at.store()
    image = _begin(world_at, store).json["id"]
    boto3.client("s3", region_name="us-east-1").delete_bucket(Bucket=BUCKET)

    with pytest.raises(UnavailableError):
        storage.write("a", b"b", "text/plain", "")
    with pytest.raises(UnavailableError):
        storage.read("a")
    assert _say_sent(world_at, store, image).status in {409, 503}


def test_an_announced_picture_is_forgotten_and_a_ready_one_is_not(
    world_at: World,
    bucket: Any,  # noqa: ANN401 - boto3's
) -> None:
    store = world_at.store()
    awaited = _begin(world_at, store, key="two").json["id"]
    _, ready = _sent(world_at, bucket, picture())
    _sweep()

    forgets = {name: images._demand(name).expires_at for name in (awaited, ready)}
    assert forgets[ready] is None
    assert forgets[awaited] == clock.forget_at(clock.after(images.KEPT_SECONDS))


class KilledError(BaseException):
    """The process ends, and nobody catches it."""


def _killed(_: bytes) -> None:
    raise KilledError


def _unreachable(*_: object) -> None:
    raise UnavailableError
