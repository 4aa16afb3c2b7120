"""What is fair: claims of guests, appeals and their answers, ratings' answers, cities' rules.

Here no money moves, so each flow has a law of its own: all of it has happened, or nothing.
"""

from typing import Any

from chalicelib.core import parts
from chalicelib.orders import tallies
from tests import laws, people, shopfront
from tests.accounts.visiting import ADDRESS, DIET, HOME, visitor
from tests.authorisation.town import CITY
from tests.crash.flows import Facts, Flow, brought_to, pump, shop, then
from tests.world import Reply, World

PHONE = "5b2f0e1c-6d2a-4c37-9a0f-3f1de7a5c884"
WHY = {"reason": "Spoken with."}
LIMIT = "device_orders_waiting_limit"
MAPO: dict[str, Any] = {
    "id": "mapo",
    "names": {"ko": "마포", "en": "Mapo"},
    "area": {
        "type": "Polygon",
        "coordinates": [
            [[126.90, 37.54], [126.95, 37.54], [126.95, 37.58], [126.90, 37.58], [126.90, 37.54]]
        ],
    },
    "fees": {"least": 2000, "most": 5000, "most_minimum": 15000},
}


def one(table: str, pk: str, sk: str = "HEAD") -> laws.Row:
    found = [row for row in laws.rows(table) if (row["pk"], row["sk"]) == (pk, sk)]
    return found[0] if found else {}


def records(action: str) -> int:
    return sum(row["action"] == action for row in laws.rows("audit"))


# --- guests --------------------------------------------------------------------------------------


def _guest(world: World) -> Facts:
    """A guest with an order that waits, one that is paid, an appeal, a failure, and habits."""
    facts, guest = shop(world), visitor(world)
    guest.order(facts["store"])
    quote = world.quote(facts["store"], guest.token)
    waiting = world.try_place(guest.token, quote["id"], device=PHONE).json["order_id"]
    guest.call("PUT", f"/v1/addresses/{ADDRESS}", HOME)
    guest.call("PUT", f"/v1/favourites/{facts['store']}")
    guest.call("PUT", "/v1/diet", DIET)
    said = {"limit": "failed_payments_limit", "text": "It was not me."}
    world.post("/v1/appeals", said, token=guest.token, key="a")
    parts.commit(*tallies.payment_failed(guest.id, None))
    world.pump()
    return {**facts, "guest": guest, "order": waiting}


def _claim(_: World, facts: Facts) -> Reply:
    reply: Reply = facts["guest"].claimed()
    return reply


def _claimed(world: World, facts: Facts) -> None:
    assert _claim(world, facts).status == 200


def _whose(_: World, facts: Facts, *, again: bool) -> None:
    """All of it is the account's, or all of it is the guest's still. Nothing counts twice."""
    guest_id = facts["guest"].id
    owner = one("control", f"GUEST#{guest_id}").get("claimed_by")
    assert owner in ({"mina"} if again else {"mina", None})
    person = owner or guest_id
    heads = [row for row in laws.rows("orders") if "customer_id" in row]
    assert {row["customer_id"] for row in heads} == {person}
    payers = {row["payer"] for row in laws.rows("payments") if "payer" in row}
    assert payers == {person}
    counts = {
        row["pk"].removeprefix("TALLY#person#"): (int(row.get("waiting", 0)), len(row["failed"]))
        for row in laws.rows("promotions")
        if row["pk"].startswith("TALLY#person#")
    }
    assert list(counts) == [person]
    assert counts[person][0] == sum(row["status"] == "PENDING_PAYMENT" for row in heads)
    assert counts[person][1] > 0
    appeals = [row for row in laws.rows("promotions") if row["pk"].startswith("APPEAL#")]
    assert [row["person_id"] for row in appeals] == [person]
    assert one("customers", f"CUSTOMER#{person}", "ADDRESSES")
    assert one("quotes", f"DIET#{person}")
    if owner:
        tables = ("customers", "quotes", "promotions")
        left = [row["pk"] for table in tables for row in laws.rows(table) if guest_id in row["pk"]]
        assert [pk for pk in left if not pk.startswith("QUOTE#")] == []


def _shut_out(world: World, facts: Facts) -> Reply:
    path = f"/v1/guests/{facts['guest'].id}/suspend"
    return world.post(path, WHY, token=world.operator())


def _is_shut_out(_: World, facts: Facts, *, again: bool) -> None:
    pk = f"GUEST#{facts['guest'].id}"
    out = bool(one("control", pk).get("suspended_at"))
    assert out or not again
    events = [row for row in laws.rows("orders") if row["pk"] == pk]
    assert (len(events), records("guest.suspended")) == (int(out), int(out))


# --- appeals -------------------------------------------------------------------------------------


def _appeal(world: World, facts: Facts) -> Reply:
    said = {"limit": LIMIT, "text": "It was my sister."}
    headers = {"Idempotency-Key": facts["key"], "Device-Id": PHONE}
    return world.call("POST", "/v1/appeals", said, token=world.customer(), headers=headers)


def _appealed(world: World, facts: Facts) -> None:
    facts["appeal"] = _appeal(world, facts).json["id"]


def _is_made(_: World, __: Facts, *, again: bool) -> None:
    """With its place in the queue and its person's list, or not at all; and once."""
    rows = laws.rows("promotions")
    made = [row for row in rows if row["pk"].startswith("APPEAL#")]
    assert len(made) == 1 or not (made or again)
    assert sum(row["pk"] == "APPEALS" for row in rows) == len(made)
    assert sum(row["pk"] == "APPEALER#mina" for row in rows) == 2 * len(made)


def _answer(verdict: str) -> Any:  # noqa: ANN401 - a request
    def asked(world: World, facts: Facts) -> Reply:
        path = f"/v1/appeals/{facts['appeal']}/{verdict}"
        return world.post(path, WHY, token=world.operator())

    return asked


def _is_answered(verdict: str) -> Any:  # noqa: ANN401 - a law
    def law(_: World, facts: Facts, *, again: bool) -> None:
        rows = laws.rows("promotions")
        found = one("promotions", f"APPEAL#{facts['appeal']}")
        answered = found["status"] == verdict
        assert answered or not again
        assert bool(found.get("device")) is not answered
        assert records(f"appeal.{verdict}") == answered
        assert sum(row["pk"] == "APPEALS" for row in rows) == (not answered)
        lifted = [row for row in rows if row.get("waiting_lifted")]
        assert len(lifted) == (answered and verdict == "granted")
        assert one("promotions", "APPEALER#mina", LIMIT)["waits"] is not answered

    return law


# --- ratings' answers ----------------------------------------------------------------------------


def _rated(world: World, facts: Facts) -> None:
    path, said = f"/v1/orders/{facts['order']}/rating", {"store": 2, "comment": "Cold."}
    assert world.call("PUT", path, said, token=world.customer()).status == 200
    world.pump()
    [rating] = [row for row in laws.rows("orders") if row["pk"].startswith("RATINGS#")]
    facts["rating"] = rating["id"]


def _reply(world: World, facts: Facts) -> Reply:
    path = f"/v1/stores/{facts['store']}/ratings/{facts['rating']}/answer"
    owner = people.person("merchant", "owner")
    return world.call("PUT", path, {"text": "We are sorry."}, token=owner)


def _hide(world: World, facts: Facts) -> Reply:
    path = f"/v1/stores/{facts['store']}/ratings/{facts['rating']}/hide"
    return world.post(path, WHY, token=world.operator())


def _is_said(_: World, facts: Facts, *, again: bool) -> None:
    text = str(one("orders", f"RATINGS#{facts['store']}", facts["rating"]))
    assert "We are sorry." in text or not again


def _is_hidden(_: World, facts: Facts, *, again: bool) -> None:
    hidden = bool(one("orders", f"RATINGS#{facts['store']}", facts["rating"]).get("hidden_at"))
    assert hidden or not again
    assert records("rating.hidden") == hidden


# --- cities and their rules ----------------------------------------------------------------------


def _ruled(world: World, _: Facts) -> Reply:
    said = {**CITY, "zones": [MAPO], "reason": "What a delivery may cost."}
    return world.call("PUT", "/v1/cities/seoul", said, token=world.operator())


def _is_ruled(_: World, __: Facts, *, again: bool) -> None:
    ruled = "mapo" in str([row for row in laws.rows("catalog") if row["pk"] == "CITIES"])
    assert ruled or not again
    assert sum(row["subject"] == "seoul" for row in laws.rows("audit")) == ruled


def _rules(world: World, facts: Facts) -> None:
    assert _ruled(world, facts).status == 200


def _zones(world: World, facts: Facts) -> Reply:
    zones: Any = shopfront.store(facts["store"])["zones"]
    said = {"zones": [{**zones[0], "fee": 2500}, *zones[1:]]}
    owner = people.person("merchant", "owner")
    return world.call("PATCH", f"/v1/stores/{facts['store']}", said, token=owner)


def _is_in_zones(world: World, facts: Facts, *, again: bool) -> None:
    """The store and every place that is found by its zones agree on what bringing costs."""
    token = world.customer()
    fees = {zone["fee"] for zone in world.get(f"/v1/stores/{facts['store']}", token)["zones"]}
    assert 2500 in fees or not again
    near = world.get("/v1/stores/nearby?lat=37.5621&lon=126.9236", token)["data"]
    assert {one["delivery_fee"] for one in near} <= fees
    assert near


granted, refused = "granted", "refused"
opinion = then(brought_to("confirm", "ready", "picked-up"), _rated)
FAIR_FLOWS = (
    Flow("a guest is claimed", _guest, request=_claim, law=_whose),
    Flow("a guest is claimed, all follows", then(_guest, _claimed), happen=pump, law=_whose),
    Flow("a guest is shut out", _guest, request=_shut_out, law=_is_shut_out),
    Flow("somebody appeals", shop, request=_appeal, law=_is_made),
    Flow(
        "an appeal is granted", then(shop, _appealed),
        request=_answer("grant"), law=_is_answered(granted),
    ),
    Flow(
        "an appeal is refused", then(shop, _appealed),
        request=_answer("refuse"), law=_is_answered(refused),
    ),
    Flow("a store answers a rating", opinion, request=_reply, law=_is_said),
    Flow("a comment is hidden", opinion, request=_hide, law=_is_hidden),
    Flow("a city's parts have rules", shop, request=_ruled, law=_is_ruled),
    Flow("a store's zones change", then(shop, _rules), request=_zones, law=_is_in_zones),
)  # fmt: skip
