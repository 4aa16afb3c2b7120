"""Pictures of dishes: announced, put into the bucket by the client, looked at within two minutes.

What a client put is never shown: only what was decoded and encoded anew is (`imaging.py`), under
another key. Every step may be repeated. Decision: docs/decisions/images.md.
"""

from chalicelib.catalog import imaging, rights
from chalicelib.catalog.changing import commit_once
from chalicelib.catalog.errors import ImageNotFoundError, ImageNotThereError
from chalicelib.catalog.image_models import WAITING, ImageHead, WaitingImage, image_key
from chalicelib.catalog.image_schemas import (
    IMAGE,
    ImageProblem,
    ImageStatus,
    ImageView,
    NewImage,
    Put,
)
from chalicelib.catalog.imaging import NotShownError
from chalicelib.catalog.staffing import demand
from chalicelib.core import clock, dynamo, ids, parts, storage
from chalicelib.core.errors import BusyError
from chalicelib.core.idempotency import Key
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller
from chalicelib.core.settings import settings

PUT_SECONDS = 900
KEPT_SECONDS = 2 * 86_400
MOST_TRIES = 5
AT_ONCE = 10
FOR_EVER = "public, max-age=31536000, immutable"


def begin(caller: Caller, store_id: str, new: NewImage, key: Key) -> tuple[ImageView, bool]:
    """Announce a picture, and be told where to put it; and whether this repeats the request.

    Raises StoreNotFoundError (404), KeyReusedError (422).
    """
    demand(caller, rights.MENU_PUBLISH, store_id)
    image_id = ids.new(IMAGE)
    head = ImageHead(
        image_key(image_id),
        dynamo.HEAD,
        id=image_id,
        store_id=store_id,
        status=ImageStatus.AWAITED,
        media_type=new.media_type,
        size=new.bytes,
        tries=0,
        put_until=clock.stamp(clock.after(PUT_SECONDS)),
        expires_at=clock.forget_at(clock.after(KEPT_SECONDS)),
    )
    subject, repeated = commit_once(key, image_id, parts.put(head, BusyError()))
    return _view(_demand(subject)), repeated


def sent(caller: Caller, store_id: str, image_id: str) -> ImageView:
    """Say that the file is there: it is looked at next. Safe to repeat.

    Raises ImageNotFoundError (404), ImageNotThereError (409) where nothing was put yet.
    """
    head = _own(caller, store_id, image_id)
    if head.status != ImageStatus.AWAITED:
        return _view(head)
    if storage.size(_received(image_id)) is None:
        raise ImageNotThereError
    place = WaitingImage(WAITING, f"{clock.stamp(clock.now())}#{image_id}", id=image_id)
    try:
        parts.commit(
            parts.update(
                ImageHead(head.pk, dynamo.HEAD),
                [ImageHead.status.set(ImageStatus.WAITING)],
                BusyError(),
                ImageHead.status == ImageStatus.AWAITED,
            ),
            parts.put(place, BusyError()),
        )
    except BusyError:  # somebody said so just now
        return _view(_demand(image_id))
    return _view(_demand(image_id))


def read(caller: Caller, store_id: str, image_id: str) -> ImageView:
    """How a picture stands. Raises ImageNotFoundError (404), for another store's too."""
    return _view(_own(caller, store_id, image_id))


def waiting() -> list[WaitingImage]:
    """What waits to be looked at, the oldest first, a few at a time."""
    return dynamo.items(WaitingImage, WAITING, limit=AT_ONCE)


def work(place: WaitingImage) -> ImageStatus | None:
    """Make a picture ready, or refuse it. Safe to repeat; None: it was over before.

    One that has cost five workers is refused. Raises BusyError, and UnavailableError where the
    bucket cannot be reached: it waits for the next time.
    """
    head = dynamo.get(ImageHead, image_key(place.id))
    if head is None or head.status != ImageStatus.WAITING:
        parts.commit(parts.forget(WaitingImage(WAITING, place.sk)))
        return None
    if int(head.tries) >= MOST_TRIES:
        return _refuse(head, place, ImageProblem.GAVE_UP)
    item, begun = ImageHead(head.pk, dynamo.HEAD), ImageHead.tries.set(int(head.tries) + 1)
    waits = ImageHead.status == ImageStatus.WAITING
    parts.commit(parts.update(item, [begun], BusyError(), waits))
    content = storage.read(_received(head.id))
    if content is None:
        return _refuse(head, place, ImageProblem.NOT_A_PICTURE)
    try:
        picture = imaging.shown(content)
    except NotShownError as no:
        return _refuse(head, place, no.problem)
    storage.write(_shown(head.id), picture.content, imaging.MEDIA_TYPE, FOR_EVER)
    actions = [
        ImageHead.status.set(ImageStatus.READY),
        ImageHead.width.set(picture.width),
        ImageHead.height.set(picture.height),
        ImageHead.expires_at.remove(),
    ]
    parts.commit(parts.update(item, actions, BusyError(), waits), _over(place))
    storage.remove(_received(head.id))
    return ImageStatus.READY


def _refuse(head: ImageHead, place: WaitingImage, problem: ImageProblem) -> ImageStatus:
    actions = [ImageHead.status.set(ImageStatus.REFUSED), ImageHead.problem.set(problem)]
    waits = ImageHead.status == ImageStatus.WAITING
    item = ImageHead(head.pk, dynamo.HEAD)
    parts.commit(parts.update(item, actions, BusyError(), waits), _over(place))
    storage.remove(_received(head.id))
    return ImageStatus.REFUSED


def _over(place: WaitingImage) -> Part:
    return parts.forget(WaitingImage(WAITING, place.sk))


def _own(caller: Caller, store_id: str, image_id: str) -> ImageHead:
    demand(caller, rights.MENU_PUBLISH, store_id)
    head = _demand(image_id)
    if head.store_id != store_id:
        raise ImageNotFoundError
    return head


def _demand(image_id: str) -> ImageHead:
    found = dynamo.get(ImageHead, image_key(image_id))
    if found is None:
        raise ImageNotFoundError
    return found


def _received(image_id: str) -> str:
    return f"received/{image_id}"


def _shown(image_id: str) -> str:
    return f"images/{image_id}.webp"


def _view(head: ImageHead) -> ImageView:
    status = ImageStatus(head.status)
    return ImageView(
        id=head.id,
        store_id=head.store_id,
        status=status,
        problem=ImageProblem(head.problem) if head.problem else None,
        upload=_put(head) if status is ImageStatus.AWAITED else None,
        url=f"{settings().images_url}/{_shown(head.id)}" if status is ImageStatus.READY else None,
        width=int(head.width) if head.width else None,
        height=int(head.height) if head.height else None,
    )


def _put(head: ImageHead) -> Put | None:
    """Where it may be put, for as long as that was promised. None: too late.

    The address counts seconds of the wall, as S3 does: in a city that is quicker it lasts longer.
    """
    until = clock.parse(head.put_until)
    left = int((until - clock.now()).total_seconds())
    if left <= 0:
        return None
    size = int(head.size)
    return Put(
        url=storage.address_to_put(_received(head.id), head.media_type, size, left),
        headers={"Content-Type": head.media_type, "Content-Length": str(size)},
        expires_at=until,
    )
