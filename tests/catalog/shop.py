"""A shop to test with: factories with good defaults, and people who call."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from unittest.mock import patch

from chalice.test import Client, HTTPResponse

from chalicelib.catalog import operating
from chalicelib.catalog.menu_schemas import Menu
from chalicelib.catalog.schemas import Store
from chalicelib.core.rights import Caller, Role

NOWHERE = "sto_00000000000000000000000000"
SEOUL = [126.978, 37.5665]
ALWAYS_OPEN = [
    {"day": day, "opens": "00:00", "closes": "00:00"}
    for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
]

type Json = dict[str, Any]


def option(id_: str = "basil", **changes: Any) -> Json:  # noqa: ANN401 - any field of JSON
    return {"id": id_, "names": {"en": id_}, "price": 500, **changes}


def group(*options: Json, **changes: Any) -> Json:  # noqa: ANN401 - any field of JSON
    return {
        "id": "toppings",
        "names": {"en": "Toppings"},
        "min": 0,
        "max": 3,
        "price_method": "SUM",
        "options": list(options) or [option("basil"), option("olives", price=700)],
        **changes,
    }


def item(id_: str = "margherita", *groups: Json, **changes: Any) -> Json:  # noqa: ANN401 - any field of JSON
    return {
        "id": id_,
        "names": {"ko": "피자", "en": id_},
        "price": 14000,
        "allergens": ["GLUTEN", "MILK"],
        "diets": ["VEGETARIAN"],
        "option_groups": list(groups),
        **changes,
    }


def menu(*items: Json) -> Json:
    chosen = list(items) or [item("margherita", group())]
    return {"categories": [{"id": "pizza", "names": {"en": "Pizza"}, "items": chosen}]}


def parsed(*items: Json) -> Menu:
    return Menu.model_validate_json(json.dumps(menu(*items)))


def new_store(**changes: Any) -> Json:  # noqa: ANN401 - any field of JSON
    return {
        "kind": "restaurant",
        "names": {"ko": "한강 피자", "en": "Han River Pizza"},
        "city": "seoul",
        "location": {"type": "Point", "coordinates": SEOUL},
        "address": "12 Sejong-daero, Jung-gu, Seoul",
        "timezone": "Asia/Seoul",
        "currency": "KRW",
        "hours": ALWAYS_OPEN,
        "zones": [
            {
                "area": {"type": "Radius", "metres": 3000},
                "fee": 3000,
                "minimum": 12000,
                "eta_minutes": 20,
            }
        ],
        "fulfilment": ["takeaway", "delivery"],
        "preparation_minutes": 15,
        "tax": {"included": True, "basis_points": 1000},
        "phone": "+8225550100",
        **changes,
    }


def store(**changes: Any) -> Store:  # noqa: ANN401 - any field of JSON
    """A store as other domains read it."""
    fields = {
        **new_store(),
        "id": NOWHERE,
        "merchant_id": "mer_00000000000000000000000000",
        "version": 1,
        "status": "live",
        "menu_version": 0,
        "created_at": "2026-11-22T12:00:00.000Z",
        **changes,
    }
    return Store.model_validate_json(json.dumps(fields))


@dataclass(frozen=True)
class Person:
    """Somebody who calls the API over HTTP."""

    client: Client
    caller: Caller
    numbers: "count[int]" = field(default_factory=count)

    def get(self, path: str, **headers: str) -> HTTPResponse:
        return self.call("GET", path, None, headers)

    def post(self, path: str, body: object = None, **headers: str) -> HTTPResponse:
        key = {"Idempotency-Key": f"{self.caller.id}-{next(self.numbers)}"}
        return self.call("POST", path, body, {**key, **headers})

    def put(self, path: str, body: object) -> HTTPResponse:
        return self.call("PUT", path, body, {})

    def patch(self, path: str, body: object) -> HTTPResponse:
        return self.call("PATCH", path, body, {})

    def delete(self, path: str) -> HTTPResponse:
        return self.call("DELETE", path, None, {})

    def call(
        self, method: str, path: str, body: object, headers: Mapping[str, str]
    ) -> HTTPResponse:
        sent = {"Content-Type": "application/json", "Operator-Reason": "Asked%20for.", **headers}
        if self.caller.roles:
            sent["Authorization"] = f"Bearer {self.caller.id}"
        text = b"" if body is None else json.dumps(body).encode()
        return self.client.http.request(method, path, sent, text)


@dataclass
class Town:
    """Everybody by their role, and what they do most often. Tokens are the callers' ids."""

    client: Client
    callers: dict[str, Caller] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str, role: Role | None, *stores: str) -> Person:
        if name not in self.people:
            roles = frozenset({role}) if role else frozenset()
            caller = Caller(id=name if role else "", roles=roles, stores=frozenset(stores))
            self.callers[name] = caller
            self.people[name] = Person(self.client, caller)
        return self.people[name]

    @property
    def owner(self) -> Person:
        return self.person("olga", Role.MERCHANT)

    @property
    def stranger(self) -> Person:
        return self.person("stranger", None)

    @property
    def operator(self) -> Person:
        return self.person("opal", Role.OPERATOR)

    @property
    def customer(self) -> Person:
        return self.person("cleo", Role.CUSTOMER)

    @property
    def rival(self) -> Person:
        """A merchant whose store is another one."""
        return self.person("rita", Role.MERCHANT)

    def machine(self, store_id: str) -> Person:
        return self.person(f"till-of-{store_id}", Role.STORE, store_id)

    def staff(self, store_id: str, role: str) -> Person:
        person = self.person(f"{role}-max", Role.MERCHANT)
        self.owner.put(f"/v1/stores/{store_id}/staff/{person.caller.id}", {"role": role})
        return person

    def merchant_of(self, person: Person) -> str:
        body = {"name": "Han", "legal_name": "Han Ltd.", "country": "KR"}
        answer = person.post("/v1/merchants", body)
        return str(answer.json_body["id"])

    def draft(self, **changes: Any) -> str:  # noqa: ANN401 - any field of JSON
        """A store of the owner's, not yet approved."""
        body = new_store(merchant_id=self.merchant_of(self.owner), **changes)
        answer = self.owner.post("/v1/stores", body)
        assert answer.status_code == 201, answer.json_body
        return str(answer.json_body["id"])

    def live(self, **changes: Any) -> str:  # noqa: ANN401 - any field of JSON
        store_id = self.draft(**changes)
        published = self.owner.put(f"/v1/stores/{store_id}/menu", menu())
        assert published.status_code == 200, published.json_body
        approved = self.review(store_id, "approve")
        assert approved.status_code == 200, approved.json_body
        return store_id

    def older(self, **changes: Any) -> str:  # noqa: ANN401 - any field of JSON
        """A live store without a menu, as older releases let stores be."""
        store_id = self.draft(**changes)
        with patch.object(operating, "_demand_complete"):
            assert self.review(store_id, "approve").status_code == 200
        return store_id

    def review(self, store_id: str, verdict: str) -> HTTPResponse:
        """The operator approves or suspends a store."""
        return self.operator.post(f"/v1/stores/{store_id}/{verdict}", {"reason": "Looked at."})
