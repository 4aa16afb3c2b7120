"""What a store of the city offers by itself, so that lists, menus and prices have it to show."""

from pathlib import Path

from sandbox.city.client import Api
from sandbox.city.record import Record
from sandbox.city.seeding import digest, key_of

SLUG = "seongmisan-gimbap"
TEA = {
    "names": {"ko": "분식엔 유자차", "en": "Tea with your snacks"},
    "benefit": {"type": "item", "item_id": "yuja", "price": 1000},
    "minimum": 10_000,
    "group": "offer",
}


def offer(seed: int, record_file: Path, *, owner: Api) -> None:
    """Yuja tea for less at one store, at its own expense. Safe to repeat: it is made once."""
    record = Record(record_file)
    known, made = record.store(SLUG), digest(TEA)
    if not known or known.get("offer") == made:
        return
    path = f"/v1/stores/{known['id']}/promotions"
    owner.call("POST", path, TEA, key=key_of(seed, SLUG, TEA))
    record.note(SLUG, offer=made)
