"""Tell people what was decided about them: each of them once, and somebody learns if nobody could.

A notice is claimed before it is told, so that of two bells one tells. It goes to the phones of whom
it is for, or, where there are none, to an address that they have proven to have. What a service
surely has not taken is tried again, seven times within two days. A text of which nobody knows
whether it went out is not sent again: operators find it, with those that reached nobody.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from chalicelib.catalog import merchants
from chalicelib.catalog import reading as stores
from chalicelib.core import clock, limits, notices
from chalicelib.core.errors import BusyError, TooManyError, UnavailableError
from chalicelib.core.limits import Limit
from chalicelib.core.notices import Notice
from chalicelib.core.outbox import Bell
from chalicelib.core.telemetry import alarm, log, name_of
from chalicelib.notifications import devices, notice_wording, payloads, phones
from chalicelib.notifications.errors import TokenRefusedError
from chalicelib.notifications.models import DeviceItem
from chalicelib.notifications.payloads import News
from chalicelib.notifications.schemas import Unreached, UnreachedList, UnreachedNotice
from chalicelib.people import directory, profiling, sending
from chalicelib.people.errors import ChannelClosedError, PerhapsSentError

LADDER = (60, 300, 1_800, 7_200, 21_600, 43_200, 86_400)
"""Wall seconds until the next attempt; after the last nobody tries again."""
MOST_CLAIMS = len(LADDER) + 4
TO_ALL_STAFF = frozenset({"store_paused_silent", "store_paused_unanswered"})
"""What everybody who works for a store is told: whoever is there can mend it."""
SHOWN = timedelta(days=7)
INVITATIONS = Limit("invitations-to-an-address", calls=5, seconds=86_400)
"""Whoever invites an address again and again finds an end: no more is told to it that day."""
PUSHED, SENT, NOWHERE = "pushed", "sent", "nowhere"
SENDING, UNKNOWN, UNREACHED = "sending", Unreached.UNKNOWN.value, Unreached.UNREACHED.value


@dataclass(slots=True)
class Telling:
    """A notice while it is told: what it says, and who was told which way."""

    notice: Notice
    what: str
    store_names: dict[str, str]
    told: dict[str, str] = field(default_factory=dict)
    failed: bool = False

    def note(self, who: str, way: str | None) -> None:
        """Note it before anything else happens. None: as if nobody had tried."""
        self.told = {**self.told, who: way} if way else _without(self.told, who)
        notices.note(self.notice, self.told)


def _without(told: dict[str, str], who: str) -> dict[str, str]:
    return {one: way for one, way in told.items() if one != who}


def hear(bell: Bell) -> None:
    """Tell what a bell is about, unless it was told, is overtaken, or is not due.

    Raises UnavailableError where the tables do not answer: the bell comes again.
    """
    found = notices.read(bell.subject)
    if found is None or found[0].outcome:
        log("A notice was told before, or is gone", type=bell.type)
        return
    notice, later = found
    try:
        if waits := _seconds_until(notice):
            notices.put_off(notice, clock.wall(waits))
        elif int(notice.attempts or 0) >= MOST_CLAIMS:  # each of them died: no other will do better
            notices.finish(notice, UNREACHED, listed=True)
            alarm("A notice cannot be told", event=notice.id, type=notice.type)
        elif any(one.topic == notice.topic and not _seconds_until(one) for one in later):
            notices.finish(notice, "overtaken")
        else:
            _tell(notices.claim(notice))
    except BusyError:
        log("A notice is told by somebody else", event=notice.id)


def unreached() -> UnreachedList:
    """What nobody could be told, the oldest hundred first."""
    return UnreachedList(
        items=[
            UnreachedNotice(
                id=one.id,
                recipient=one.recipient,
                type=one.type,
                why=Unreached(one.outcome),
                decided_at=clock.parse(one.decided_at),
            )
            for one in notices.unreached()
        ]
    )


def _seconds_until(notice: Notice) -> float:
    """How long it has to wait, in seconds of the city."""
    if not notice.not_before:
        return 0
    return max(0.0, (clock.parse(notice.not_before) - clock.now()).total_seconds())


def _tell(notice: Notice) -> None:
    store = stores.store(str(notice.data["store_id"])) if notice.data.get("store_id") else None
    names = dict(store.names) if store else {}
    telling = Telling(notice, notice.type.partition(".")[2], names, dict(notice.told or {}))
    if notice.address:
        _tell_address(telling, notice.address)
    else:
        for person_id in _people(notices.recipient_of(notice), telling.what):
            _tell_person(telling, person_id)
    _conclude(telling)


def _people(recipient: str, what: str) -> list[str]:
    if recipient.startswith("mer_"):
        return merchants.owners_of(recipient)
    if not recipient.startswith("sto_"):
        return [recipient]
    return stores.staff_of(recipient) if what in TO_ALL_STAFF else stores.owners_of(recipient)


def _conclude(telling: Telling) -> None:
    notice, ways = telling.notice, set(telling.told.values())
    attempts = int(notice.attempts)
    if telling.failed and attempts <= len(LADDER):
        notices.put_off(notice, LADDER[attempts - 1])
        log("A notice could not be told now", event=notice.id, type=notice.type, attempt=attempts)
        return
    outcome = UNREACHED if telling.failed else UNKNOWN if UNKNOWN in ways else "told"
    if ways <= {NOWHERE} and outcome == "told":
        outcome = NOWHERE
    notices.finish(notice, outcome, listed=outcome in {UNREACHED, UNKNOWN})
    say = alarm if outcome == UNREACHED else log
    say("A notice is done with", event=notice.id, type=notice.type, status=outcome)


# --- whom -----------------------------------------------------------------------------------------


def _tell_person(telling: Telling, person_id: str) -> None:
    def by_address() -> Sequence[str]:
        return [one for one in directory.addresses(person_id) if sending.is_open(one)]

    _tell_one(telling, person_id, [person_id], by_address, lambda: profiling.language_of(person_id))


def _tell_address(telling: Telling, address: str) -> None:
    """Whoever has proven to have it is told on their phone; else the address is."""
    notice = telling.notice
    who = "address"
    if notice.type == f"{notices.KIND}.staff_invited" and notice.attempts == 1:
        try:
            limits.spend(INVITATIONS, hashlib.sha256(address.casefold().encode()).hexdigest())
        except TooManyError:
            telling.note(who, NOWHERE)
            return
    _tell_one(telling, who, directory.whose(address), lambda: [address], lambda: notice.language)


def _tell_one(
    telling: Telling,
    who: str,
    person_ids: Sequence[str],
    addresses: Callable[[], Sequence[str]],
    language: Callable[[], str | None],
) -> None:
    if telling.told.get(who) == SENDING:  # who sent it died before it was noted
        telling.note(who, UNKNOWN)
    if who in telling.told:
        return
    try:
        taken = [_push(telling, device) for one in person_ids for device in devices.of_person(one)]
        if any(taken):
            telling.note(who, PUSHED)
            return
        to = addresses()
        said = language() if to else None
    except UnavailableError as error:
        telling.failed = True
        log("Somebody could not be told now", event=telling.notice.id, code=name_of(error))
        return
    if to:
        _send(telling, who, to[0], said)
    else:
        telling.note(who, NOWHERE)


# --- which way ------------------------------------------------------------------------------------


def _push(telling: Telling, device: DeviceItem) -> bool:
    """Whether a device has taken it. A device that drops an event twice knows it by its id."""
    if not device.alive:
        return False
    notice = telling.notice
    title, body = notice_wording.say(
        device.language, telling.what, notice.data, telling.store_names
    )
    about = {"event_id": notice.id, "type": notice.type}
    news = News(
        title, body, about, collapse=notice.id, urgent=False,
        seconds=clock.wall(SHOWN.total_seconds()),
    )  # fmt: skip
    try:
        endpoint = device.endpoint_arn or phones.enlist(device.platform, device.token)
        if endpoint is None:
            return False
        alive = phones.push(endpoint, payloads.letter(endpoint, news))
    except TokenRefusedError:
        alive, endpoint = False, None
    if not alive or device.endpoint_arn is None:
        devices.note(device, alive=alive, endpoint_arn=endpoint)
    return alive


def _send(telling: Telling, who: str, address: str, language: str | None) -> None:
    notice = telling.notice
    said = (telling.what, notice.data, telling.store_names)
    title, body = notice_wording.say(language, *said) if language else notice_wording.in_all(*said)
    telling.note(who, SENDING)
    try:
        sending.send_once(address, title, body)
    except ChannelClosedError:
        telling.note(who, NOWHERE)
    except PerhapsSentError:
        telling.note(who, UNKNOWN)
    except (UnavailableError, TooManyError) as error:
        telling.failed = True
        telling.note(who, None)
        log("Somebody could not be told now", event=notice.id, code=name_of(error))
    else:
        telling.note(who, SENT)
