"""Whoever asks to be forgotten is, down to what the table of retention keeps."""

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.core import clock, retention, secrets
from chalicelib.core.retention import AtDeletion
from chalicelib.insights import erasing, events
from chalicelib.notifications import devices
from tests import faults, laws, people, pool, shopfront
from tests.accounts.mailbox import open_mailbox
from tests.couriers.riders import Riders
from tests.crash import states
from tests.crash.sharing import is_of_today
from tests.faults import Crash, Script
from tests.notifications import ringing
from tests.payments import wallets
from tests.surroundings import SCHEDULE
from tests.world import Reply, World

PATH = "/v1/profile/deletion"
WEEKS = 14 * 86_400
HOUR = 3600
WHO = "mina"
WHERE = {
    "CodeItem": ("control", "CODE#.*", "HEAD"),
    "Profile": ("control", "PERSON#mina", "PROFILE"),
    "AddressBook": ("customers", "CUSTOMER#mina", "ADDRESSES"),
    "Favourites": ("customers", "CUSTOMER#mina", "FAVOURITES"),
    "FavouriteItems": ("customers", "CUSTOMER#mina", "FAVOURITE_ITEMS"),
    "RatingItem": ("orders", "RATINGS#.*", "rat_.*"),
    "DietItem": ("quotes", "DIET#mina", "HEAD"),
    "QuoteItem": ("quotes", "QUOTE#.*", "HEAD"),
    "OrderBody": ("orders", "ORDER#.*", "BODY"),
    "DeliveryHead": ("couriers", "DELIVERY#.*", "HEAD"),
    "OpenDelivery": ("couriers", "ZONE#.*", "DELIVERY#.*"),
    "OfferItem": ("couriers", "COURIER#.*", "OFFER#.*"),
    "Assignment": ("couriers", "ASSIGNMENT#.*", "HEAD"),
    "CourierHead": ("couriers", "COURIER#mina", "HEAD"),
    "Spell": ("couriers", "COURIER#mina", "SPELL#.*"),
    "Document": ("couriers", "COURIER#mina", "DOC#.*"),
    "OnDuty": ("couriers", "ZONE#.*", "COURIER#mina"),
    "DeviceItem": ("contacts", "PERSON#mina", "DEVICE#.*"),
    "WalletHead": ("payments", "WALLET#person#mina", "HEAD"),
    "MethodItem": ("payments", "WALLET#person#mina", "METHOD#.*"),
    "LegItem": ("payments", "PAY#.*", "LEG#.*"),
    "Invitation": ("catalog", "STORE#.*", "INVITE#.*"),
    "Application": ("catalog", "APPLICATION#.*", "HEAD"),
    "Appeal": ("promotions", "APPEAL#.*", "HEAD"),
    "OrderHead": ("orders", "ORDER#.*", "HEAD"),
    "DeviceTally": ("promotions", "TALLY#device#.*", "HEAD"),
    "Notice": ("news", "TO#.*", "EVT#.*"),
    "MerchantHead": ("catalog", "MERCHANT#.*", "HEAD"),
}
"""Where the items of each row of the table lie: of Mina, or of all where she has them alone."""
GONE_WITH_A_JOB = {"OpenDelivery", "OnDuty"}


@pytest.fixture(autouse=True)
def _settled(world_at: World) -> None:
    assert world_at
    pool.settle(mina="mina@example.com", jun="jun@example.com")


def ask(world: World, user: str = WHO, **said: object) -> Reply:
    return world.post(PATH, said, token=people.person("customer", user))


def sweep() -> None:
    events.forget_people(SCHEDULE, None)


def pass_the_weeks(world: World) -> None:
    """Two weeks pass, and the two runs that forget somebody come."""
    world.clock.move(WEEKS + 1)
    sweep()
    world.clock.move(HOUR)
    sweep()


def rows_of(item: str) -> list[laws.Row]:
    table, pk, sk = WHERE[item]
    return [
        row
        for row in laws.rows(table)
        if re.fullmatch(pk, str(row["pk"])) and re.fullmatch(sk, str(row["sk"]))
    ]


def everything(but: str = "") -> str:
    return "\n".join(
        json.dumps(row, default=str) for name in TABLES if name != but for row in laws.rows(name)
    )


TABLES = sorted({table for table, _, _ in WHERE.values()} | {"promotions", "integrations", "audit"})
CANARIES = (
    "Mina Canary", "Ring the canary", "Canary lane", "canary-token", "No canary seeds",
    "Canary Ltd", "A canary appeals", "Take the canary stairs",
)  # fmt: skip


def live_a_life(world: World) -> str:
    """Mina leaves something in every row of the table. The id of her order that was brought."""
    token = world.customer()
    said = {"name": "Mina Canary", "language": "ko", "consents": {"marketing": True}}
    assert world.call("PUT", "/v1/profile", said, token=token).status == 200
    phone = {"platform": "fcm", "token": "canary-token-canary", "language": "ko"}
    path = "/v1/devices/dev_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
    assert world.call("PUT", path, phone, token=token).status == 200
    home = {"label": "home", "location": shopfront.DOOR["location"], "road_address": "Canary lane"}
    path = "/v1/addresses/adr_01JD9Z6M7Q3W8K5N2R4T6V8X0Y"
    assert world.call("PUT", path, home, token=token).status == 200
    eats = {"avoids": ["MILK"], "agreed": True}
    assert world.call("PUT", "/v1/diet", eats, token=token).status == 200
    with open_mailbox():
        path = "/v1/sign-in/codes"
        assert world.post(path, {"email": "mina@example.com"}, token=token).status < 300
    wallets.save(world, user=WHO)
    said = {"limit": "cash_orders_limit", "text": "A canary appeals"}
    assert world.post("/v1/appeals", said, token=token, key="a").status == 201
    about = {"name": "Canary's", "legal_name": "Canary Ltd.", "country": "KR"}
    world.post("/v1/applications", about, token=token, key="k")
    riders = Riders(world)
    assert world.call("PUT", f"/v1/favourites/{riders.store_id}", token=token).status == 200
    dish = f"/v1/favourite-items/{riders.store_id}/bibimbap"
    assert world.call("PUT", dish, token=token).status == 200
    owner, invited = people.person("merchant", "owner"), {"email": "mina@example.com"}
    path = f"/v1/stores/{riders.store_id}"
    world.post(f"{path}/invitations", {**invited, "role": "till"}, token=owner, key="i")
    assert world.call("PUT", f"{path}/staff/mina", {"role": "manager"}, token=owner).status < 300
    quote = world.quote(riders.store_id, token)["id"]
    given_up = world.try_place(token, quote, device="5b2f0e1c-6d2a-4c37-9a0f-3f1de7a5c884")
    assert world.cancel(given_up.json["order_id"]).status == 200
    riders.on_duty(WHO)
    assert world.post("/v1/duty/end", token=riders.token(WHO)).status == 200
    shown = {"kind": "identity", "media_type": "image/png", "bytes": 9}
    shown["valid_until"] = "2030-01-01T00:00:00Z"
    path = "/v1/courier/documents"
    assert world.post(path, shown, token=riders.token(WHO), key="d").status == 201
    return _brought(world, riders)


def _brought(world: World, riders: Riders) -> str:
    """An order of Mina's with all that can be said in one, which Jun has brought."""
    door = {**shopfront.DOOR, "address": "Canary lane"}
    order_id = world.paid_order(
        riders.store_id, fulfilment="delivery", drop_off=door, note="Ring the canary",
        courier_note="Take the canary stairs",
        items=[{"item_id": "bibimbap", "note": "No canary seeds"}],
    )  # fmt: skip
    assert world.command(order_id, "confirm", "ready", store_id=riders.store_id).status == 200
    riders.on_duty("jun")
    world.pump()
    assert riders.answer("jun", "accept").status == 200
    riders.step("jun", order_id, "arrived-at-store", "picked-up", "heading-to-customer")
    riders.step("jun", order_id, "arrived-at-customer")
    pin = world.get(f"/v1/orders/{order_id}/delivery", world.customer())["pin"]
    path = f"/v1/deliveries/{riders.delivery(order_id).id}/delivered"
    assert world.post(path, {"pin": pin}, token=riders.token("jun")).status == 200
    world.pass_time(90_000, step=30_000)
    assert world.seen(order_id)["status"] == "CONCLUDED"
    said = {"store": 5, "comment": "Mina Canary was here"}
    path = f"/v1/orders/{order_id}/rating"
    assert world.call("PUT", path, said, token=world.customer()).status == 200
    world.pump()
    return order_id


# --- the table drives ----------------------------------------------------------------------------


def test_every_row_that_is_erased_or_made_nobodys_has_exactly_one_step() -> None:
    demanded = [
        row.item
        for row in retention.TABLE
        if row.at_deletion in {AtDeletion.ERASE, AtDeletion.PSEUDONYMISE}
    ]

    assert sorted(item for step in erasing.STEPS for item in step.items) == sorted(demanded)
    assert {row.item for row in retention.TABLE} == {*WHERE}


def test_who_is_forgotten_leaves_what_the_table_keeps_and_nothing_else(world_at: World) -> None:
    order_id = live_a_life(world_at)
    before = {row.item: len(rows_of(row.item)) for row in retention.TABLE}
    assert {item for item, count in before.items() if not count} <= GONE_WITH_A_JOB
    assert all(canary in everything() for canary in CANARIES)
    assert world_at.get("/v1/export", world_at.customer())["account"]["profile"]["name"]

    asked = ask(world_at)
    pass_the_weeks(world_at)
    with open_mailbox() as mailbox:
        for _ in range(2):
            assert ringing.hear_everything() == {"batchItemFailures": []}

    [goodbye] = mailbox.held["mina@example.com"]
    assert "계정과 정보를 삭제했습니다" in goodbye
    assert (asked.status, asked.json["status"]) == (200, "asked")
    for row in retention.TABLE:
        if row.at_deletion is AtDeletion.ERASE:
            assert rows_of(row.item) == [], row
        elif row.at_deletion is not AtDeletion.EXPIRES:
            assert len(rows_of(row.item)) == before[row.item], row
    left = everything(but="quotes")  # quotes go by themselves, within a day
    assert [canary for canary in CANARIES if canary in left] == []
    assert "mina@example.com" not in left
    assert pool.asked("list_users", Filter='sub = "mina"')["Users"] == []
    assert (wallets.customers(world_at), wallets.attached(world_at)) == ([], [])
    order = world_at.seen(order_id)
    assert (order["drop_off"], order["note"], order["lines"][0]["note"]) == (None, None, None)
    assert order["total"]["amount"] > 0
    [deletion] = [row for row in laws.rows("control") if row["sk"] == "DELETION"]
    assert (deletion["status"], "due_at" in deletion) == ("done", False)
    laws.demand(world_at)


def test_a_sweep_that_dies_at_any_call_is_followed_by_one_that_finishes(world_at: World) -> None:
    live_a_life(world_at)
    assert ask(world_at).status == 200
    world_at.clock.move(WEEKS + 1)
    stage = Stage(world_at, states.take(world_at), dict(pool._pool().users))
    moments = [(run, number) for run in (0, 1) for number in range(stage.calls(run))]
    today = [moment for number, moment in enumerate(moments) if is_of_today(number)]

    for run, number in today:
        assert stage.ends_though_it_dies(run, number), (run, number)

    assert len(moments) > 60
    assert today


@dataclass
class Stage:
    """A deletion that is due, begun again and again. The pool is put back with the rest."""

    world: World
    state: states.State
    users: dict[str, Any]

    def calls(self, run: int) -> int:
        """How many calls the first run of a deletion makes, or the second."""
        script = Script()
        self._stand_before(run)
        with faults.following(script):
            sweep()
        return len(script.calls)

    def ends_though_it_dies(self, run: int, number: int) -> bool:
        script = Script()
        script.crash_at(number, effect=True)
        self._stand_before(run)
        with faults.following(script), pytest.raises(Crash):
            sweep()
        for _ in range(2):
            self.world.clock.move(HOUR)
            sweep()
        [deletion] = [row for row in laws.rows("control") if row["sk"] == "DELETION"]
        left = WHO in pool._pool().users or devices.of_person(WHO) or rows_of("WalletHead")
        return deletion["status"] == "done" and not left

    def _stand_before(self, run: int) -> None:
        states.put_back(self.world, self.state)
        pool._pool().users.update(self.users)
        secrets.forget()  # or the runs after the first make a call less
        for _ in range(run):
            sweep()
            self.world.clock.move(HOUR)


# --- asking and staying --------------------------------------------------------------------------


def test_for_two_weeks_it_can_be_taken_back_and_asking_twice_changes_nothing(
    world_at: World,
) -> None:
    token = world_at.customer()
    assert world_at.get(PATH, token)["status"] == "none"
    first = ask(world_at).json
    world_at.clock.move(WEEKS - HOUR)
    sweep()

    again = ask(world_at).json
    token = world_at.customer()
    gone = [world_at.call("DELETE", PATH, token=token).status for _ in range(2)]
    pass_the_weeks(world_at)

    assert (again, gone) == (first, [204, 204])
    passing = clock.parse(first["due_at"]) - clock.parse(first["asked_at"])
    assert passing.total_seconds() == WEEKS
    assert len(pool.asked("list_users", Filter='sub = "mina"')["Users"]) == 1


def test_who_is_shut_out_cannot_be_kept_any_more_and_their_tokens_end(world_at: World) -> None:
    ask(world_at)
    world_at.clock.move(WEEKS + 1)
    token = world_at.customer()
    sweep()

    refused = world_at.call("GET", "/v1/profile", token=token)
    kept = world_at.post(
        "/v1/people/mina/keep", {"reason": "They called."}, token=world_at.operator()
    )

    assert refused.status == 401
    assert (kept.status, kept.json["code"]) == (409, "deletion_begun")
    [user] = pool.asked("list_users", Filter='sub = "mina"')["Users"]
    assert user["Enabled"] is False


def test_everything_that_is_in_the_way_is_listed_with_what_to_do(world_at: World) -> None:
    riders = Riders(world_at)
    order_id = world_at.paid_order(riders.store_id)
    world_at.grant(1000)
    riders.on_duty(WHO)
    store_id = world_at.store(owner=WHO)

    refused = ask(world_at)

    assert (refused.status, refused.json["code"]) == (409, "deletion_blocked")
    found = {one["code"]: one["id"] for one in refused.json["in_the_way"]}
    assert found.pop("balance_left").startswith("bal_")
    assert found == {"live_order": order_id, "on_duty": WHO, "only_owner": store_id}
    assert all(one["detail"] for one in refused.json["in_the_way"])
    assert world_at.get(PATH, world_at.customer())["status"] == "none"


def test_who_gives_up_a_balance_may_go_with_money_in_it(world_at: World) -> None:
    world_at.grant(1000)

    assert ask(world_at).json["in_the_way"][0]["code"] == "balance_left"
    assert ask(world_at, give_up_balances=True).json["status"] == "asked"


def test_what_came_into_the_way_meanwhile_is_waited_for(world_at: World) -> None:
    store_id = world_at.store()
    ask(world_at)
    world_at.clock.move(WEEKS - 600)
    order_id = world_at.paid_order(store_id)
    pass_the_weeks(world_at)
    waiting = world_at.get(PATH, world_at.customer())["status"]

    world_at.cancel(order_id)
    world_at.pump()
    for _ in range(3):
        world_at.clock.move(86_400)
        sweep()

    assert waiting == "asked"
    assert pool.asked("list_users", Filter='sub = "mina"')["Users"] == []


def test_an_operator_may_ask_and_take_back_for_somebody_and_it_is_kept_why(
    world_at: World,
) -> None:
    operator, said = world_at.operator(), {"reason": "A letter of theirs."}

    asked = world_at.post("/v1/people/mina/delete", said, token=operator)
    unknown = world_at.post("/v1/people/nobody/delete", said, token=operator)
    world_at.clock.move(1)
    kept = world_at.post("/v1/people/mina/keep", said, token=operator)

    assert [one.status for one in (asked, unknown, kept)] == [200, 404, 200]
    assert (asked.json["status"], kept.json["status"]) == ("asked", "none")
    found = world_at.get("/v1/audit?subject=mina", operator)["items"]
    assert [one["action"] for one in found] == [
        "person.deletion_withdrawn",
        "person.deletion_asked",
    ]
    assert {one["reason"] for one in found} == {"A letter of theirs."}
