"""Tell people what happened: at least once per event and device, soon, or not at all.

A push is handed over first and noted afterwards: who dies in between tells it twice, which devices
notice by the event's id. A bell is only a hint; the event is read from its table, and what has
happened since decides whether it is still worth telling (`sifting.py`).
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.catalog import reading as stores
from chalicelib.core import clock, dynamo, parts
from chalicelib.core.errors import UnavailableError
from chalicelib.core.outbox import Bell, EventItem
from chalicelib.core.telemetry import log, name_of
from chalicelib.couriers import moving
from chalicelib.couriers import news as couriers
from chalicelib.couriers.status import OFFERED
from chalicelib.notifications import (
    audiences,
    devices,
    matrix,
    payloads,
    phones,
    sifting,
    texting,
    wording,
)
from chalicelib.notifications.errors import TokenRefusedError
from chalicelib.notifications.matrix import Audience, Row
from chalicelib.notifications.models import (
    DEVICE,
    REMEMBERED,
    DeviceItem,
    Told,
    device_key,
    event_key,
)
from chalicelib.notifications.payloads import News
from chalicelib.notifications.sifting import Happening
from chalicelib.orders import reading as orders
from chalicelib.payments import payment as payments
from chalicelib.payments.payment import Subject

MOST_SINCE = 50


class NotEverybodyError(UnavailableError):
    """Some devices could not be reached now: the message comes again for those alone."""


@dataclass(slots=True)
class Count:
    """What became of the devices of an audience."""

    told: int = 0
    gone: int = 0
    failed: int = 0
    skipped: int = 0


def hear(bell: Bell) -> None:
    """Tell everybody whom an event concerns, once per device that was not told before.

    Raises NotEverybodyError (and so comes again) after all others were told, and UnavailableError
    where the tables do not answer.
    """
    rows = matrix.rows(bell.type)
    happening = _happening(bell) if rows else None
    if happening is None:
        return
    told_before = _told(happening.id)
    failed = sum(_tell(happening, audience, row, told_before) for audience, row in rows)
    if failed:
        raise NotEverybodyError


def _happening(bell: Bell) -> Happening | None:
    """The event that a bell is about, with what is known now; None for one that is not there."""
    found = _events(bell)
    if not found or found[0].version != bell.version or found[0].type != bell.type:
        log("A bell rang for nothing", kind=bell.kind, subject=bell.subject, version=bell.version)
        return None
    event, since = found[0], found[1:]
    order_id = _order_of(event)
    order = orders.find(order_id) if order_id else None
    store = stores.store(order.store_id) if order else None
    return Happening(
        id=event.id,
        type=event.type,
        kind=moving.DELIVERY if event.kind == moving.ERRAND else event.kind,
        subject=event.subject,
        version=int(event.version),
        at=clock.parse(event.at),
        actor=event.actor,
        data=event.data,
        since=frozenset(later.type for later in since),
        order=order,
        store_names=store.names if store else {},
        until=_until(event),
    )


def _events(bell: Bell) -> list[EventItem]:
    if bell.kind == "order":
        return orders.events_after(bell.subject, bell.version - 1, MOST_SINCE)
    if bell.kind == "payment":
        return payments.events_after(Subject.of(bell.subject), bell.version - 1, MOST_SINCE)
    return couriers.events_after(bell.kind, bell.subject, bell.version - 1, MOST_SINCE)


def _order_of(event: EventItem) -> str | None:
    """The id of the order that an event is about, if it is about one."""
    if event.kind == "payment":
        return Subject.of(event.subject).id
    return event.subject if event.kind == "order" else event.data.get("order_id")


def _until(event: EventItem) -> datetime | None:
    if event.type != OFFERED:
        return None
    return couriers.offer_until(event.data["courier_id"], event.data["offer_id"])


def _tell(happening: Happening, audience: Audience, row: Row, told: set[str]) -> int:
    """Tell one audience. How many devices could not be reached now."""
    if not sifting.concerns(happening, audience, row):
        return 0
    reason = sifting.why_not(happening, row, clock.now())
    about = {"event": happening.id, "type": happening.type, "kind": str(audience)}
    if reason:
        log("News were not worth telling any more", code=reason, **about)
        return 0
    count, earlier = Count(), frozenset(told)
    for person_id in audiences.people(audience, happening):
        alive = [device for device in devices.of_person(person_id) if device.alive]
        before = count.told
        for device in alive:
            if device.id not in told:
                _reach(device, _news(happening, audience, row, device.language), happening, count)
                told.add(device.id)
        pushed = count.told > before or any(device.id in earlier for device in alive)
        if not pushed and texting.is_due(happening, audience):
            key = matrix.text_key(audience, row, happening.data)
            count.told += texting.send(happening, key, person_id)
    sentence = "People were told" if count.told else "Nobody was there to be told"
    if count.skipped:
        sentence = "There is no platform application to push with"
    log(sentence, count=count.told, failed=count.failed, gone=count.gone, **about)
    return count.failed


def _reach(device: DeviceItem, news: News, happening: Happening, count: Count) -> None:
    try:
        endpoint = device.endpoint_arn or phones.enlist(device.platform, device.token)
        if endpoint is None:
            count.skipped += 1
            return
        alive = phones.push(endpoint, payloads.letter(endpoint, news))
        if alive:
            _remember(happening.id, device.id)
        if not alive or device.endpoint_arn is None:
            devices.note(device, alive=alive, endpoint_arn=endpoint)
    except TokenRefusedError:
        count.gone += 1
        devices.note(device, alive=False, endpoint_arn=None)
    except UnavailableError as error:
        count.failed += 1
        log("A device could not be reached now", event=happening.id, code=name_of(error))
    else:
        count.told += alive
        count.gone += not alive


def _news(happening: Happening, audience: Audience, row: Row, language: str) -> News:
    key = matrix.text_key(audience, row, happening.data)
    title, body = wording.say(language, key, happening.store_names)
    data = sifting.data_of(happening)
    left = row.seconds - happening.age(clock.now())
    if happening.until:
        data["until"] = clock.stamp(happening.until)
        left = min(left, (happening.until - clock.now()).total_seconds())
    return News(
        title=title,
        body=body,
        data=data,
        collapse=happening.collapse,
        urgent=row.urgent,
        seconds=clock.wall(max(1.0, left)),
    )


def _told(event_id: str) -> set[str]:
    marks = dynamo.items(Told, event_key(event_id), prefix=DEVICE)
    return {mark.sk.removeprefix(DEVICE) for mark in marks}


def _remember(event_id: str, device_id: str) -> None:
    mark = Told(
        event_key(event_id),
        device_key(device_id),
        told_at=clock.stamp(clock.now()),
        expires_at=clock.forget_at(clock.now() + REMEMBERED),
    )
    parts.commit(parts.overwrite(mark))
