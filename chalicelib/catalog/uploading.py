"""Menus in bulk: sent now, worked within a minute or two, one result per line.

The upload waits as an item of its own and in a list of what waits. Whoever works it writes the new
menu, the results and the end of the waiting in one transaction, so that it happens once, however
often it is begun. Decision: docs/decisions/menu-uploads.md.
"""

import json

from pynamodb.expressions.condition import Condition

from chalicelib.catalog import indexing, publishing, reading, rights, upload_lines
from chalicelib.catalog.changing import Change, change, commit_once
from chalicelib.catalog.errors import MenuTooLargeError, UploadNotFoundError
from chalicelib.catalog.menu_schemas import LARGEST_MENU, Menu
from chalicelib.catalog.models import StoreHead
from chalicelib.catalog.staffing import demand
from chalicelib.catalog.upload_lines import Read
from chalicelib.catalog.upload_models import (
    RESULTS,
    UPLOADED,
    WAITING,
    MenuUpload,
    UploadResults,
    UploadText,
    WaitingUpload,
    upload_key,
)
from chalicelib.catalog.upload_schemas import (
    UPLOAD,
    LineResult,
    NewUpload,
    UploadStatus,
    UploadView,
)
from chalicelib.core import clock, dynamo, ids, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.idempotency import Key
from chalicelib.core.parts import Part
from chalicelib.core.rights import Caller

KEPT_SECONDS = 7 * 86_400
MOST_TRIES = 5
AT_ONCE = 20


def receive(caller: Caller, store_id: str, new: NewUpload, key: Key) -> tuple[UploadView, bool]:
    """Keep an upload until it is worked; and whether this only repeats the request.

    Raises MenuTooLargeError (400) above 350 KB, StoreNotFoundError (404), KeyReusedError (422).
    """
    demand(caller, rights.MENU_PUBLISH, store_id)
    if len(new.content.encode()) > LARGEST_MENU:
        raise MenuTooLargeError
    upload_id, now = ids.new(UPLOAD), clock.now()
    pk, forget = upload_key(upload_id), clock.forget_at(clock.after(KEPT_SECONDS))
    head = MenuUpload(
        pk,
        dynamo.HEAD,
        id=upload_id,
        store_id=store_id,
        actor=caller.actor,
        status=UploadStatus.WAITING,
        tries=0,
        received_at=clock.stamp(now),
        expires_at=forget,
    )
    meant = new.model_dump_json(exclude={"content"})
    text = UploadText(pk, UPLOADED, content=new.content, meant=meant, expires_at=forget)
    waiting = WaitingUpload(WAITING, f"{clock.stamp(now)}#{upload_id}", id=upload_id)
    subject, repeated = commit_once(
        key, upload_id, *(parts.put(item, BusyError()) for item in (head, text, waiting))
    )
    return _view(_demand(subject)), repeated


def read(caller: Caller, store_id: str, upload_id: str) -> UploadView:
    """How an upload stands. Raises UploadNotFoundError (404) for another store's."""
    demand(caller, rights.MENU_PUBLISH, store_id)
    head = _demand(upload_id)
    if head.store_id != store_id:
        raise UploadNotFoundError
    return _view(head)


def waiting() -> list[WaitingUpload]:
    """What waits to be worked, the oldest first, a few at a time."""
    return dynamo.items(WaitingUpload, WAITING, limit=AT_ONCE)


def work(place: WaitingUpload) -> UploadStatus | None:
    """Publish what an upload says, or note why not. Safe to repeat; None: it was over before.

    One that has cost five workers is given up. Raises BusyError: it waits for the next time.
    """
    head, text = dynamo.get(MenuUpload, upload_key(place.id)), None
    if head is not None and head.status == UploadStatus.WAITING:
        text = dynamo.get(UploadText, head.pk, UPLOADED)
    if head is None or text is None:
        parts.commit(parts.forget(WaitingUpload(WAITING, place.sk)))
        return None
    if int(head.tries) >= MOST_TRIES:
        parts.commit(*_ended(head, place, UploadStatus.REFUSED, [], problem="gave_up"))
        return UploadStatus.REFUSED
    begun = [MenuUpload.tries.set(int(head.tries) + 1)]
    parts.commit(parts.update(head, begun, BusyError(), _waits()))
    said = {**json.loads(text.meant), "content": text.content}
    return _publish(head, place, NewUpload.model_validate_json(json.dumps(said), extra="ignore"))


def _publish(head: MenuUpload, place: WaitingUpload, new: NewUpload) -> UploadStatus:
    lines = upload_lines.read(new)
    ended: list[UploadStatus] = []

    def decide(store_head: StoreHead) -> Change | None:
        store = reading.of_head(store_head)
        version = reading.menu_version(store.id, store.menu_version)
        old = reading.menu_of(version) if version and not new.replace else Menu(categories=())
        menu, told = upload_lines.joined(old, lines, set(store.tax.categories))
        problem = _problem(menu, told, partial=new.partial)
        made = None if problem else publishing.version_of(store_head, menu)
        status = UploadStatus.PUBLISHED if made else UploadStatus.UNCHANGED
        if problem:
            status = UploadStatus.REFUSED
        number = int(store_head.menu_version) + 1 if made else None
        end = _ended(head, place, status, told, problem=problem, menu_version=number)
        ended[:] = [status]
        if made is None:
            parts.commit(*end)
            return None
        return Change(made.type, made.values, made.data, [*made.also, *end])

    try:
        change(head.store_id, decide, actor=head.actor)
    except UploadNotFoundError:  # another worker was quicker
        return UploadStatus(_demand(head.id).status)
    indexing.follow(head.store_id)
    return ended[0]


def _problem(menu: Menu, told: list[Read], *, partial: bool) -> str | None:
    """Why a menu cannot be published as these lines make it."""
    good = [one for one in told if one.line]
    if not good or (len(good) < len(told) and not partial):
        return "lines_wrong"
    try:
        Menu.model_validate_json(publishing.encode(menu))
    except ValueError:
        return "menu_wrong"
    return "too_large" if len(publishing.encode(menu)) > LARGEST_MENU else None


def _ended(
    head: MenuUpload,
    place: WaitingUpload,
    status: UploadStatus,
    told: list[Read],
    *,
    problem: str | None = None,
    menu_version: int | None = None,
) -> list[Part]:
    """The parts that end an upload, once: with a word for each line."""
    actions = [MenuUpload.status.set(status)]
    if problem:
        actions.append(MenuUpload.problem.set(problem))
    if menu_version:
        actions.append(MenuUpload.menu_version.set(menu_version))
    lines = json.dumps([one.result.model_dump(mode="json") for one in told], ensure_ascii=False)
    results = UploadResults(head.pk, RESULTS, lines=lines, expires_at=int(head.expires_at))
    item = MenuUpload(head.pk, dynamo.HEAD)
    return [
        parts.update(item, actions, UploadNotFoundError(), _waits()),
        parts.overwrite(results),
        parts.forget(WaitingUpload(WAITING, place.sk)),
    ]


def _waits() -> Condition:
    return MenuUpload.status == UploadStatus.WAITING


def _demand(upload_id: str) -> MenuUpload:
    found = dynamo.get(MenuUpload, upload_key(upload_id))
    if found is None:
        raise UploadNotFoundError
    return found


def _view(head: MenuUpload) -> UploadView:
    results = None
    if head.status != UploadStatus.WAITING:
        results = dynamo.get(UploadResults, head.pk, RESULTS)
    return UploadView(
        id=head.id,
        store_id=head.store_id,
        status=UploadStatus(head.status),
        problem=head.problem,
        menu_version=int(head.menu_version) if head.menu_version else None,
        received_at=clock.parse(head.received_at),
        lines=tuple(
            LineResult.model_validate(one, extra="ignore") for one in json.loads(results.lines)
        )
        if results
        else (),
    )
