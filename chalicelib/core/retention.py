"""What is kept of people, for how long, and why: one table for all domains.

Every stored class names its personal attributes (`Item.PERSONAL`); a test holds each of them
against this table, so that nothing personal is added without saying how long it stays. Ids are not
among it: they tell nobody's name, and books must be able to refer to somebody.
"""

from dataclasses import dataclass
from enum import StrEnum


class AtDeletion(StrEnum):
    """What becomes of it when the person asks to be forgotten."""

    ERASE = "erase"
    PSEUDONYMISE = "pseudonymise"
    EXPIRES = "expires"
    """It is gone by itself within days."""
    KEEP = "keep"
    """A law demands it, or it belongs to a business rather than to a person."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of data: where it lies, for how long, why, and what deletion does with it.

    `days` is None where it stays as long as what it belongs to.
    """

    kind: str
    item: str
    fields: frozenset[str]
    days: int | None
    why: str
    at_deletion: AtDeletion


def _kept(
    kind: str, item: str, fields: str, days: int | None, at_deletion: AtDeletion, why: str
) -> Kept:
    return Kept(kind, item, frozenset(fields.split()), days, why, at_deletion)


ERASE, KEEP, EXPIRES = AtDeletion.ERASE, AtDeletion.KEEP, AtDeletion.EXPIRES
PSEUDONYMISE = AtDeletion.PSEUDONYMISE

TABLE: tuple[Kept, ...] = (
    _kept(
        "profile", "Profile", "name language consents", None, ERASE,
        "What somebody says of themselves, for as long as they have an account.",
    ),
    _kept(
        "addresses", "AddressBook", "addresses", None, ERASE,
        "Where somebody orders to, until they remove it; a guest's for 97 days.",
    ),
    _kept(
        "favourites", "Favourites", "stores", None, ERASE,
        "Which stores somebody likes, until they say otherwise; a guest's for 97 days.",
    ),
    _kept(
        "diet", "DietItem", "content", None, ERASE,
        "What somebody eats and avoids, for as long as they agree that it is kept.",
    ),
    _kept(
        "favourite dishes", "FavouriteItems", "items", None, ERASE,
        "Which dishes somebody likes, until they say otherwise; a guest's for 97 days.",
    ),
    _kept(
        "rating", "RatingItem", "comment", None, PSEUDONYMISE,
        "What somebody wrote of an order, without saying whose it was; its stars stay.",
    ),
    _kept(
        "quote", "QuoteItem", "content", 1, EXPIRES,
        "Where an order would go, until the quote is over.",
    ),
    _kept(
        "order", "OrderBody", "content", None, PSEUDONYMISE,
        "What was bought is bookkeeping; address and notes are taken out of it at deletion.",
    ),
    _kept(
        "delivery", "DeliveryHead", "drop", None, PSEUDONYMISE,
        "Where an order was brought: for its courier, and for a dispute.",
    ),
    _kept(
        "open delivery", "OpenDelivery", "drop", 1, EXPIRES,
        "The same for dispatch; removed when the delivery ends.",
    ),
    _kept(
        "offer", "OfferItem", "content decision", 180, EXPIRES,
        "What a courier was offered, so that it can be explained (EU Directive 2024/2831).",
    ),
    _kept(
        "assignment", "Assignment", "decision", 180, EXPIRES,
        "Why who was asked among whom, so that it can be explained and contested (the same).",
    ),
    _kept(
        "courier", "CourierHead", "given_name suspension", None, ERASE,
        "How customers and stores call who brings their order; why somebody may not at the moment.",
    ),
    _kept(
        "time on duty", "Spell", "since until", 90, EXPIRES,
        "When a courier was on duty, for the hours that their city allows and the rest after.",
    ),
    _kept(
        "document", "Document", "valid_until", None, ERASE,
        "Until when what a courier has shown holds; refused, 90 days. Its file: 30 days.",
    ),
    _kept(
        "position", "OnDuty", "location located_at ends_near", 1, EXPIRES,
        "Where a courier is, and roughly where the job ends, while on duty; removed with the duty.",
    ),
    _kept(
        "device", "DeviceItem", "token endpoint_arn language", None, ERASE,
        "How a phone is reached, until its person signs out.",
    ),
    _kept(
        "wallet", "WalletHead", "customer", None, ERASE,
        "Who somebody is at Stripe, while methods are saved.",
    ),
    _kept(
        "payment method", "MethodItem",
        "instrument brand last4 exp_month exp_year mandate_id", None, ERASE,
        "How a saved method is recognised, until it is removed.",
    ),
    _kept(
        "payment", "LegItem", "customer instrument", None, KEEP,
        "What a payment was made with: refunds and disputes need it, and bookkeeping law.",
    ),
    _kept(
        "invitation", "Invitation", "hint address_hash", 7, EXPIRES,
        "Whom a store has invited, until they accept.",
    ),
    _kept(
        "sign-in code", "CodeItem", "address_hash", 1, EXPIRES,
        "To which address a code was sent, until it is used or over.",
    ),
    _kept(
        "application", "Application", "details reasons", None, ERASE,
        "Who wants to sell, and what they were told.",
    ),
    _kept(
        "notice", "Notice", "address language", 90, EXPIRES,
        "Where an invitation goes, or the word that somebody was forgotten, until it was told.",
    ),
    _kept(
        "appeal", "Appeal", "text reason device", None, ERASE,
        "What somebody says against a limit, and what they were told; a guest's for 97 days.",
    ),
    _kept(
        "device of an order", "OrderHead", "device", 31, EXPIRES,
        "On which device it was ordered, by a keyed hash, for limits; removed when it is over.",
    ),
    _kept(
        "counts of a device", "DeviceTally", "refused failed", 100, EXPIRES,
        "When something went wrong on a device, by a keyed hash of it, without saying whose it is.",
    ),
    _kept(
        "merchant", "MerchantHead", "details", None, KEEP,
        "Who a business is in law: invoices name it.",
    ),
)  # fmt: skip
