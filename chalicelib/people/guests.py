"""Guests: people who order without an account, and may claim what was theirs when they have one.

A guest is an id of ours with a refresh token that turns. It lives for 90 days from its making,
which its id tells: so whatever is kept of it can say when it is forgotten, without a read.
"""

import re
from datetime import UTC, datetime

from pynamodb.expressions.condition import Condition, size

from chalicelib.core import auth, clock, dynamo, ids, parts, rotating, sessions
from chalicelib.core.dynamo import HEAD, Raw
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.parts import Part
from chalicelib.core.rotating import CopiedError
from chalicelib.core.telemetry import about, alarm, log
from chalicelib.people.errors import (
    GuestClaimedError,
    GuestLimitError,
    GuestOverError,
    GuestSuspendedError,
    GuestTokenError,
    GuestUnknownError,
)
from chalicelib.people.guest_models import Guest, guest_key
from chalicelib.people.guest_schemas import GuestTokens

DAY = 86_400
LIFE_SECONDS = 90 * DAY
ORDERS_SECONDS = 80 * DAY
"""What is ordered until then has ended before its guest has."""
GRACE_SECONDS = 7 * DAY
REPEAT_SECONDS = 3_600
"""A phone that was in a tunnel while its token turned comes back within that time."""
MOST_ORDERS = 20
RACES = 4
GUEST_ID = re.compile(ids.pattern("gst"))


def is_guest(person_id: str) -> bool:
    """Whether an id is a guest's. No account of the user pool has such a one."""
    return GUEST_ID.fullmatch(person_id) is not None


def forgotten_at(person_id: str) -> int | None:
    """When what is kept of a guest may be forgotten, in epoch seconds. None: of an account's."""
    return int(lives_until(person_id)) + GRACE_SECONDS if is_guest(person_id) else None


def lives_until(guest_id: str) -> float:
    """Until when a guest may be claimed, in epoch seconds."""
    return _born(guest_id) + LIFE_SECONDS


def _born(guest_id: str) -> float:
    return (ids.to_uuid(guest_id).int >> 80) / 1000


def begin() -> GuestTokens:
    """A new guest with their first tokens."""
    guest_id, secret = ids.new("gst"), rotating.new_secret()
    guest = Guest(
        guest_key(guest_id),
        HEAD,
        id=guest_id,
        made_at=clock.stamp(clock.now()),
        token_hash=rotating.hashed(secret),
        expires_at=forgotten_at(guest_id),
    )
    parts.commit(parts.put(guest, BusyError()))
    log("A guest came", client=guest_id)
    return _given(guest_id, secret)


def renew(refresh_token: str) -> GuestTokens:
    """The next tokens for a refresh token. The same again within an hour gets the same ones.

    Raises GuestTokenError (401) for a guest who is over and for a token that is not their present
    one, GuestSuspendedError (409) for whom an operator has shut out. One that was exchanged more
    than an hour ago ends the guest: it is a copy.
    """
    guest_id, _, secret = refresh_token.partition(".")
    for _ in range(RACES):
        guest = find(guest_id)
        if guest is None or guest.claimed_by or is_over(guest):
            raise GuestTokenError
        about(client=guest.id)
        _demand_let_in(guest)
        if not rotating.is_present(guest, secret):
            return _again(guest, secret)
        try:
            return _given(guest.id, rotating.turned(guest, secret, _stays()))
        except BusyError:
            continue
    raise BusyError


def _again(guest: Guest, secret: str) -> GuestTokens:
    if not rotating.is_last(guest, secret):
        raise GuestTokenError
    try:
        return _given(guest.id, rotating.again(guest, secret, REPEAT_SECONDS))
    except CopiedError:
        parts.commit(*ended(guest))
        alarm("An old token of a guest came again", client=guest.id)
        raise GuestTokenError from None


def _given(guest_id: str, secret: str) -> GuestTokens:
    return GuestTokens(
        guest_id=guest_id,
        access_token=auth.issue_to_guest(guest_id),
        expires_in=auth.TOKEN_SECONDS,
        refresh_token=f"{guest_id}.{secret}",
        claim_until=datetime.fromtimestamp(lives_until(guest_id), UTC),
    )


def _demand_let_in(guest: Guest) -> None:
    if guest.suspended_at and not guest.claimed_by:
        raise GuestSuspendedError


def find(guest_id: str) -> Guest | None:
    """A guest as they are now, or None."""
    return dynamo.get(Guest, guest_key(guest_id))


def proven(refresh_token: str) -> Guest:
    """The guest whose refresh token this is: their present one, or the one exchanged last.

    Raises GuestUnknownError (404) for any other, and for a guest who is over; GuestSuspendedError
    (409) for whom an operator has shut out.
    """
    guest_id, _, secret = refresh_token.partition(".")
    guest = find(guest_id)
    if guest is None or is_over(guest):
        raise GuestUnknownError
    if rotating.is_present(guest, secret) or rotating.is_last(guest, secret):
        _demand_let_in(guest)
    if rotating.is_present(guest, secret):
        return guest
    if not rotating.is_last(guest, secret):
        raise GuestUnknownError
    try:
        rotating.again(guest, secret, REPEAT_SECONDS)
    except CopiedError:
        raise GuestUnknownError from None
    return guest


# --- parts that others compose -----------------------------------------------------------------


def present(person_id: str) -> tuple[Part, ...]:
    """The parts that demand of a guest that nobody has claimed them, or shut them out.

    There are none of an account's owner.

    They go with whatever a guest keeps, so that nothing is kept of them after the claim. Failure:
    GuestOverError (409).
    """
    if not is_guest(person_id):
        return ()
    return (parts.check(at(person_id), GuestOverError(), _stays()),)


def ordered(person_id: str, order_id: str) -> tuple[Part, ...]:
    """The parts that note an order of a guest's; none of an account's owner.

    Raises GuestOverError (409) in a guest's last days, which is a failure of the parts, too, where
    somebody has claimed them, and GuestLimitError (409) for their 21st order.
    """
    if not is_guest(person_id):
        return ()
    if clock.wall_now() > _born(person_id) + ORDERS_SECONDS:
        raise GuestOverError
    room = Guest.orders.does_not_exist() | (size(Guest.orders) < MOST_ORDERS)  # type: ignore[no-untyped-call] # PynamoDB's
    may, noted = _stays() & room, [Guest.orders.add({order_id})]
    return (parts.update(at(person_id), noted, _why_not_ordered, may),)


def _why_not_ordered(raw: Raw | None) -> Exception:
    names = (raw or {}).get("orders", {}).get("SS", ())
    taken = any(dynamo.raw_text(raw, name) for name in ("claimed_by", "ended_at", "suspended_at"))
    is_full = len(names) >= MOST_ORDERS and not taken
    return GuestLimitError(most=MOST_ORDERS) if is_full else GuestOverError()


def claimed(guest: Guest, account: str) -> tuple[Part, ...]:
    """The parts by which an account claims a guest, whose tokens end. GuestClaimedError (409)."""
    said = [Guest.claimed_by.set(account), Guest.claimed_at.set(clock.stamp(clock.now()))]
    taken = parts.update(at(guest.id), said, GuestClaimedError(), _stays())
    return taken, sessions.ended(guest.id)


def struck(guest_id: str, order_id: str) -> Part:
    """The part that takes an order off those of a guest who was claimed. Failure: BusyError."""
    exists = Guest.claimed_by.exists()
    return parts.update(at(guest_id), [Guest.orders.delete({order_id})], BusyError(), exists)


def ended(guest: Guest) -> tuple[Part, ...]:
    """The parts that end a guest whom nobody has claimed: every token, at once. BusyError."""
    said = [Guest.ended_at.set(clock.stamp(clock.now()))]
    goes_on = Guest.claimed_by.does_not_exist() & Guest.ended_at.does_not_exist()
    may = goes_on & Guest.id.exists()
    return parts.update(at(guest.id), said, BusyError(), may), sessions.ended(guest.id)


def demand(guest_id: str) -> Guest:
    """A guest, for operators. Raises NotFoundError (404)."""
    guest = find(guest_id)
    if guest is None:
        raise NotFoundError
    return guest


def at(guest_id: str) -> Guest:
    """An instance that holds the keys alone, to be updated or checked."""
    return Guest(guest_key(guest_id), HEAD)


def _stays() -> Condition:
    found: Condition = Guest.claimed_by.does_not_exist() & Guest.ended_at.does_not_exist()
    found &= Guest.suspended_at.does_not_exist() & Guest.id.exists()
    return found


def is_over(guest: Guest) -> bool:
    """Whether a guest has ended, or has lived for as long as guests do."""
    return bool(guest.ended_at) or clock.wall_now() > lives_until(guest.id)
