"""What is counted so that nobody abuses an order, in the table `promotions`.

TALLY#person#<person>     HEAD   what a person has under way, and what went wrong lately
TALLY#card#<sha-256>      HEAD   when payments by a card failed; forgotten a day later
TALLY#device#<hmac>       HEAD   as of a person, of a device; forgotten after its last order

Moments and numbers under an id, nothing else. Private to this domain.
"""

import hashlib

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.core import clock
from chalicelib.core.dynamo import HEAD, Item
from chalicelib.orders.limits import DEVICE_SECONDS
from chalicelib.orders.promotion_models import PromotionsTable
from chalicelib.people import guests


class Tally(Item):
    """Counts of one person, card or device.

    `..._until`: so long no order is taken; `..._lifted`: so long a limit does not count for
    somebody who has appealed.
    """

    class Meta(PromotionsTable):
        pass

    waiting = NumberAttribute(null=True)
    cash_open = NumberAttribute(null=True)
    cash_brought = NumberAttribute(null=True)
    refused = JSONAttribute(null=True)
    refused_until = UnicodeAttribute(null=True)
    failed = JSONAttribute(null=True)
    failed_until = UnicodeAttribute(null=True)
    waiting_lifted = UnicodeAttribute(null=True)
    cash_lifted = UnicodeAttribute(null=True)
    refused_lifted = UnicodeAttribute(null=True)
    failed_lifted = UnicodeAttribute(null=True)
    unknown_device_lifted = UnicodeAttribute(null=True)
    expires_at = NumberAttribute(null=True)


class DeviceTally(Tally):
    """Counts of a device. Whose it is stands nowhere; when what went wrong is all that it tells."""

    PERSONAL = frozenset({"refused", "failed"})

    class Meta(PromotionsTable):
        pass


OF_A_PERSON = "TALLY#person#"


def of_person(person_id: str) -> Tally:
    """An instance that holds the keys alone, to be updated, and of a guest until when."""
    until = guests.forgotten_at(person_id)
    return Tally(f"{OF_A_PERSON}{person_id}", HEAD, expires_at=until)


def person_of(item: Tally) -> str | None:
    """Whose counts these are; None of a card or a device."""
    beginning, _, person_id = item.pk.partition(OF_A_PERSON)
    return None if beginning else person_id


def of_card(fingerprint: str) -> Tally:
    """An instance that holds the keys alone. Of its fingerprint at Stripe a hash is kept."""
    return Tally(f"TALLY#card#{hashlib.sha256(fingerprint.encode()).hexdigest()}", HEAD)


def of_device(hashed: str) -> DeviceTally:
    """An instance that holds the keys, to be updated, and until when it is kept from now on."""
    until = clock.forget_at(clock.after(DEVICE_SECONDS))
    return DeviceTally(f"TALLY#device#{hashed}", HEAD, expires_at=until)
