"""Opening the city through the public API: over HTTP, the real application behind it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.core.settings import settings
from sandbox.city.client import Api, Refused
from sandbox.city.quarter import Quarter, SeedStore, quarter
from sandbox.city.seeding import seed
from sandbox.store.inbox import Inbox
from sandbox.store.server import Receiver
from tests import people
from tests.sandbox.city.doors import Door, open_to
from tests.world import World

SLUGS = ("banban-hwadeok", "mangwon-greens", "seongmisan-gimbap")


@dataclass
class Town:
    """A small part of the quarter, and everything that is needed to open it."""

    door: Door
    receiver: Receiver
    record: Path
    stores: list[SeedStore]
    progress: list[tuple[int, int]]

    @property
    def part(self) -> Quarter:
        return replace(quarter(7), stores=tuple(self.stores))

    def open(self, **changed: Any) -> None:  # noqa: ANN401 - any argument of seed()
        receiver_url = changed.pop("receiver_url", "http://127.0.0.1:12200")
        seed(
            self.part,
            self.record,
            owner=Api(self.door.url, people.person("merchant", "owner"), pause=_at_once),
            operator=Api(self.door.url, people.person("operator", "op"), pause=_at_once),
            receiver=Api(self.receiver.url),
            receiver_url=receiver_url,
            progress=lambda done, total: self.progress.append((done, total)),
            **changed,
        )

    def known(self) -> Any:  # noqa: ANN401 - any JSON
        return json.loads(self.record.read_text(encoding="utf-8"))

    def listed(self) -> list[Any]:
        return list(Api(self.door.url).call("GET", "/v1/stores?city=seoul")["data"])

    def wrote(self) -> list[str]:
        return [line for line in self.door.asked if not line.startswith("GET ")]


def _at_once(_seconds: float) -> None:
    """A pause that nobody has to wait for."""


@pytest.fixture
def town(world_at: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    allowed = frozenset({"127.0.0.1:12200", "127.0.0.1:12201"})
    changed = replace(settings(), egress_allow=allowed)
    monkeypatch.setattr("chalicelib.integrations.endpoints.settings", lambda: changed)
    receiver = Receiver(0, Inbox(tmp_path / "receiver.json"))
    receiver.start()
    with open_to(world_at) as door:
        stores = [quarter(7).store(slug) for slug in SLUGS]
        yield Town(door, receiver, tmp_path / "run" / "city.json", stores, [])
    receiver.stop()


def test_every_store_is_live_with_its_menu_and_terms(town: Town) -> None:
    town.open()

    listed = {store["names"]["en"]: store for store in town.listed()}
    assert set(listed) == {store.body["names"]["en"] for store in town.stores}
    for store in town.stores:
        shown = listed[store.body["names"]["en"]]
        assert shown["status"] == "live"
        assert shown["menu_version"] == 1
        assert shown["commission_basis_points"] == store.terms["commission_basis_points"]
    assert town.progress == [(1, 3), (2, 3), (3, 3)]


def test_the_machine_of_a_store_can_sign_in_and_its_receiver_knows_the_secret(town: Town) -> None:
    town.open()

    known = town.known()["stores"]["seongmisan-gimbap"]
    token = Api(town.door.url).call(
        "POST",
        "/oauth/token",
        {
            "grant_type": "client_credentials",
            "client_id": known["client_id"],
            "client_secret": known["client_secret"],
        },
    )
    assert token["token_type"] == "Bearer"
    screen = Api(town.receiver.url).call("GET", f"/inbox/{known['id']}")
    assert screen["name"] == "성미산김밥"


def test_opening_the_city_again_changes_nothing(town: Town) -> None:
    town.open()
    before, asked = town.known(), len(town.wrote())

    town.open()

    assert town.known() == before
    assert town.wrote()[asked:] == []


def test_a_run_that_was_cut_off_goes_on_and_makes_nothing_twice(town: Town) -> None:
    town.stores[1] = replace(town.stores[1], menu={"categories": "broken"})
    with pytest.raises(Refused, match="invalid"):
        town.open(workers=1)

    town.stores[1] = quarter(7).store(SLUGS[1])
    town.open()

    assert len(town.listed()) == 3
    assert town.wrote().count("POST /v1/stores") == 3
    assert town.wrote().count("POST /v1/merchants") == 1


def test_a_lost_record_is_made_again_from_what_is_there(town: Town) -> None:
    town.open()
    before = town.known()
    town.record.unlink()

    town.open()

    after = town.known()
    assert after["merchant_id"] == before["merchant_id"]
    assert len(town.listed()) == 3
    for slug in SLUGS:
        assert after["stores"][slug]["id"] == before["stores"][slug]["id"]
        assert after["stores"][slug]["client_secret"] != before["stores"][slug]["client_secret"]
        assert after["stores"][slug]["webhook_secret"] != before["stores"][slug]["webhook_secret"]


def test_a_cloud_that_has_forgotten_everything_is_filled_anew(town: Town) -> None:
    lost = "sto_01JDB6Y0Q4ZJ8W6N3V5K7M9P2R"
    town.record.parent.mkdir()
    stale = {"id": lost, "details": "x", "menu": "x", "client_id": "y", "webhook_id": "z"}
    merchant = "mer_01JDB6X9T2H4C8D0E6F7G1J3KA"
    record = {"seed": 7, "merchant_id": merchant, "stores": {SLUGS[0]: stale}}
    town.record.write_text(json.dumps(record), encoding="utf-8")

    town.open()

    assert len(town.listed()) == 3
    assert town.known()["merchant_id"] != merchant
    assert town.known()["stores"][SLUGS[0]]["id"] != lost


def test_a_menu_that_was_rewritten_is_published_and_nothing_else(town: Town) -> None:
    town.open()
    asked = len(town.wrote())
    menu = {"categories": town.stores[0].menu["categories"][:1]}
    town.stores[0] = replace(town.stores[0], menu=menu)

    town.open()

    store_id = town.known()["stores"][SLUGS[0]]["id"]
    assert town.wrote()[asked:] == [f"PUT /v1/stores/{store_id}/menu"]


def test_a_receiver_that_has_moved_is_told_at_its_new_address(town: Town) -> None:
    town.open()

    town.open(receiver_url="http://127.0.0.1:12201")

    known = town.known()["stores"][SLUGS[0]]
    owner = Api(town.door.url, people.person("merchant", "owner"))
    webhooks = owner.call("GET", f"/v1/stores/{known['id']}/webhooks")["items"]
    assert [one["url"] for one in webhooks] == [f"http://127.0.0.1:12201/hooks/{known['id']}"]
    assert [one["id"] for one in webhooks] == [known["webhook_id"]]


def test_an_api_that_is_busy_is_asked_again(town: Town) -> None:
    town.door.fails = 4

    town.open()

    assert len(town.listed()) == 3


def test_an_api_that_refuses_says_why(town: Town) -> None:
    stranger = Api(town.door.url, "no token")

    with pytest.raises(Refused, match="401 unauthenticated") as refused:
        stranger.call("POST", "/v1/merchants", {}, key="k")

    assert refused.value.status == 401


def test_the_record_is_for_its_owner_only(town: Town) -> None:
    town.open()

    assert town.record.stat().st_mode & 0o077 == 0
