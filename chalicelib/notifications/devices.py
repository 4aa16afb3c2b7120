"""A person's devices: registered, kept reachable, signed out.

A token belongs to one device of one person. Whoever registers it takes it over, so that a phone
which changed hands tells its new owner's news alone.
"""

import re
from dataclasses import dataclass

from pynamodb.expressions.condition import Condition

from chalicelib.core import clock, dynamo, ids, parts
from chalicelib.core.dynamo import HEAD
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.parts import Part
from chalicelib.notifications import phones
from chalicelib.notifications.errors import DeviceLimitError
from chalicelib.notifications.models import (
    DEVICE,
    DeviceItem,
    PersonHead,
    TokenOwner,
    device_key,
    owner_of,
    person_key,
)
from chalicelib.notifications.schemas import DeviceList, DeviceView, Language, NewDevice, Platform
from chalicelib.people import guests

MOST_DEVICES = 10
RACES = 4
DEVICE_ID = re.compile(ids.pattern("dev"))


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored about a registration before it is made."""

    version: int
    devices: dict[str, DeviceItem]
    owner: TokenOwner | None


def register(person_id: str, device_id: str, new: NewDevice) -> DeviceView:
    """Reach a person on a device. Safe to repeat, which the app does at every start.

    Raises NotFoundError (404) for what is no id of a device, DeviceLimitError (409) for the
    eleventh that lives, TokenRefusedError (400) and UnavailableError (503) as SNS has it.
    """
    _demand_id(device_id)
    for _ in range(RACES):
        known = _known(person_id, new.token)
        before = known.devices.get(device_id)
        room = _room_for(device_id, known)
        same_service = before is not None and before.platform == new.platform
        arn = before.endpoint_arn if before and same_service else None
        made = _made(person_id, device_id, new, phones.enlist(new.platform, new.token, arn))
        if before is not None and _is_same(before, made) and known.owner is not None:
            return _view(before)
        try:
            parts.commit(*_registered(made, before, room, known))
        except BusyError:
            continue
        return _view(made)
    raise BusyError


def listing(person_id: str) -> DeviceList:
    """Every device of a person, by id."""
    return DeviceList(items=[_view(device) for device in of_person(person_id)])


def remove(person_id: str, device_id: str) -> None:
    """Reach a person on a device no more. Safe to repeat."""
    _demand_id(device_id)
    device = dynamo.get(DeviceItem, person_key(person_id), device_key(device_id))
    if device is None:
        return
    parts.commit(*_removal(device))
    if device.endpoint_arn:
        phones.dismiss(device.endpoint_arn)


# --- what this domain reads and notes ---------------------------------------------------------


def of_person(person_id: str) -> list[DeviceItem]:
    """A person's devices, dead ones too (1 read)."""
    return dynamo.items(DeviceItem, person_key(person_id), prefix=DEVICE)


def note(device: DeviceItem, *, alive: bool, endpoint_arn: str | None) -> None:
    """What a push has shown of a device. One that has registered anew meanwhile stays as it is."""
    changed = [DeviceItem.alive.set(alive)]
    changed.append(
        DeviceItem.endpoint_arn.set(endpoint_arn)
        if endpoint_arn
        else DeviceItem.endpoint_arn.remove()
    )
    unchanged = (DeviceItem.token == device.token) & (
        DeviceItem.registered_at == device.registered_at
    )
    try:
        parts.commit(parts.update(device, changed, BusyError(), unchanged))
    except BusyError:
        return


# --- the parts of a registration --------------------------------------------------------------


def _demand_id(device_id: str) -> None:
    if not DEVICE_ID.fullmatch(device_id):
        raise NotFoundError


def _known(person_id: str, token: str) -> Known:
    head = dynamo.get(PersonHead, person_key(person_id))
    keys = owner_of(token)
    return Known(
        version=int(head.version) if head else 0,
        devices={device.id: device for device in of_person(person_id)},
        owner=dynamo.get(TokenOwner, keys.pk, keys.sk),
    )


def _room_for(device_id: str, known: Known) -> DeviceItem | None:
    """The device that makes room for another: the one that is dead for longest."""
    moves = known.owner is not None and known.owner.device_id in known.devices
    if device_id in known.devices or moves or len(known.devices) < MOST_DEVICES:
        return None
    dead = [device for device in known.devices.values() if not device.alive]
    if not dead:
        raise DeviceLimitError
    return min(dead, key=lambda device: device.registered_at)


def _made(person_id: str, device_id: str, new: NewDevice, endpoint_arn: str | None) -> DeviceItem:
    return DeviceItem(
        person_key(person_id),
        device_key(device_id),
        id=device_id,
        person_id=person_id,
        platform=new.platform,
        token=new.token,
        endpoint_arn=endpoint_arn,
        language=new.language,
        alive=True,
        registered_at=clock.stamp(clock.now()),
        expires_at=guests.forgotten_at(person_id),
    )


def _is_same(before: DeviceItem, made: DeviceItem) -> bool:
    names = ("platform", "token", "endpoint_arn", "language", "alive")
    return all(getattr(before, name) == getattr(made, name) for name in names)


def _registered(
    made: DeviceItem, before: DeviceItem | None, room: DeviceItem | None, known: Known
) -> list[Part]:
    """Everything that changes with a registration, each under what was read of it."""
    head = PersonHead(made.pk, HEAD, version=known.version + 1, expires_at=made.expires_at)
    guard = PersonHead.version == known.version if known.version else None
    found = [parts.put(head, BusyError(), guard), parts.overwrite(made), _owned(made, known.owner)]
    if before is not None and before.token != made.token:
        found.append(_disowned(before))
    previous = _previous(made, known.owner)
    if previous is not None:
        found.append(parts.delete(previous, BusyError(), DeviceItem.token == made.token))
    return [*found, *(_removal(room) if room else ())]


def _owned(made: DeviceItem, owner: TokenOwner | None) -> Part:
    mine = owner_of(made.token)
    mine.person_id, mine.device_id = made.person_id, made.id
    mine.expires_at = made.expires_at
    return parts.put(mine, BusyError(), _is_owned_by(owner) if owner else None)


def _is_owned_by(owner: TokenOwner) -> Condition:
    same: Condition = TokenOwner.person_id == owner.person_id
    same &= TokenOwner.device_id == owner.device_id
    return same


def _previous(made: DeviceItem, owner: TokenOwner | None) -> DeviceItem | None:
    """Another device, of whomever, which had the token until now."""
    if owner is None or (owner.person_id, owner.device_id) == (made.person_id, made.id):
        return None
    return DeviceItem(person_key(owner.person_id), device_key(owner.device_id))


def _disowned(device: DeviceItem) -> Part:
    owner = owner_of(device.token)
    owner.person_id, owner.device_id = device.person_id, device.id
    return parts.delete(owner, BusyError(), _is_owned_by(owner))


def _removal(device: DeviceItem) -> tuple[Part, Part]:
    gone = parts.delete(device, BusyError(), DeviceItem.token == device.token)
    return gone, _disowned(device)


def _view(device: DeviceItem) -> DeviceView:
    return DeviceView(
        id=device.id,
        platform=Platform(device.platform),
        language=Language(device.language),
        alive=device.alive,
        registered_at=clock.parse(device.registered_at),
    )
