"""A quarter of a city, made from a seed: the same seed, the same quarter, whatever the machine.

The seed decides where things are, what delivery costs and how long a kitchen takes. What stores
are called and what they cook is written in their files. Every store is invented.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.city import streets
from sandbox.city.stores import Json, Profile, profiles
from sandbox.city.streets import CITY

SEED = 7
"""The city that `make run` opens."""
TAX = {"included": True, "basis_points": 1_000}
KITCHEN_SPREAD = 5  # minutes that a kitchen may be slower than its file says
# No exchange in Korea begins with 0, so these numbers reach nobody.
OWN_RIDERS = frozenset({"moonlight-banjeom", "wau-tongdak", "hapjeong-jokbal", "mangwon-pizza"})
PHONES = "+8220000{:03d}"
MERCHANT = {
    "name": "이음골목 Ieum Alley",
    "legal_name": "주식회사 이음골목 (Ieum Alley Co., Ltd.)",
    "country": "KR",
}


@dataclass(frozen=True)
class SeedStore:
    """A store with everything that the API wants of it. `body` lacks only the merchant's id."""

    slug: str
    cuisine: str
    hood: str
    body: Json
    menu: Json
    terms: Json

    @property
    def name(self) -> str:
        return str(self.body["names"]["ko"])


@dataclass(frozen=True)
class SeedCustomer:
    """Somebody who gets hungry, and where to bring it."""

    email: str
    name: str
    drop_off: Json


@dataclass(frozen=True)
class Quarter:
    seed: int
    city: str
    merchant: Json
    stores: Sequence[SeedStore]
    customers: Sequence[SeedCustomer]

    def store(self, slug: str) -> SeedStore:
        """Raises KeyError where there is none of that name."""
        return {store.slug: store for store in self.stores}[slug]


@dataclass(frozen=True)
class _Neighbour:
    login: str
    name: str
    hood: str
    door: str


NEIGHBOURS = (
    _Neighbour("mina", "김미나", "yeonnam", "3층"),
    _Neighbour("jun", "이준", "hongdae", "201호"),
    _Neighbour("sora", "박소라", "mangwon", "지하 1층 작업실"),
    _Neighbour("daniel", "Daniel Weber", "seogyo", "5층"),
    _Neighbour("haneul", "최하늘", "sangsu", "402호"),
    _Neighbour("yerin", "정예린", "donggyo", "1층 공방"),
    _Neighbour("taeho", "강태호", "seongsan", "1203호"),
    _Neighbour("grace", "Grace Okafor", "hapjeong", "607호"),
    _Neighbour("eunji", "윤은지", "mangwon", "302호"),
    _Neighbour("minjae", "조민재", "yeonnam", "2층"),
    _Neighbour("linh", "Linh Tran", "hongdae", "고시원 415호"),
    _Neighbour("sunja", "오순자", "seongsan", "마당 있는 집"),
)


def quarter(seed: int) -> Quarter:
    """Thirty stores and twelve customers around Hongdae and Yeonnam."""
    return Quarter(
        seed=seed,
        city=CITY,
        merchant=dict(MERCHANT),
        stores=tuple(_store(seed, number, one) for number, one in enumerate(profiles())),
        customers=tuple(_customer(seed, one) for one in NEIGHBOURS),
    )


def _store(seed: int, number: int, profile: Profile) -> SeedStore:
    draw = _draw(seed, profile.slug)
    body: Json = {
        "kind": profile.kind,
        "city": CITY,
        "timezone": "Asia/Seoul",
        "currency": "KRW",
        "names": dict(profile.names),
        "location": streets.point(draw, profile.hood),
        "address": streets.address(draw, profile.hood),
        "hours": list(profile.hours),
        "zones": streets.zones(draw, profile.reach),
        "fulfilment": list(profile.serves),
        "delivered_by": "store" if profile.slug in OWN_RIDERS else "platform",
        "preparation_minutes": profile.minutes + draw.randrange(KITCHEN_SPREAD),
        "tax": dict(TAX),
        "phone": PHONES.format(101 + number),
        "cuisines": [profile.cuisine],
    }
    commission = 500 if profile.kind == "grocery" else draw.choice((800, 900, 1_000))
    terms = {"commission_basis_points": commission, "confirm_seconds": 480}
    return SeedStore(profile.slug, profile.cuisine, profile.hood, body, profile.menu, terms)


def _customer(seed: int, neighbour: _Neighbour) -> SeedCustomer:
    draw = _draw(seed, neighbour.login)
    place = streets.point(draw, neighbour.hood)
    address = f"{streets.address(draw, neighbour.hood)}, {neighbour.door}"
    drop_off = {"location": place, "address": address}
    return SeedCustomer(f"{neighbour.login}@example.com", neighbour.name, drop_off)


def _draw(seed: int, name: str) -> random.Random:
    """Each has a generator of its own, so that a new store leaves the others where they are."""
    return random.Random(f"{seed}:{name}")  # noqa: S311 - a made-up street, no secret
