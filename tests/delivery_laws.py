"""What must be true of couriers and deliveries when the world has come to rest."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib.couriers import models

OVER = {"CANCELLED", "REJECTED", "ORDER_DELIVERED", "RETURNED_TO_MERCHANT", "DELIVERY_FINISHED"}
TO_BRING = {"CONFIRMED", "PREPARING", "READY_FOR_PICKUP"}
WITH_COURIER = {
    "ACCEPTED", "PICKUP_ONGOING", "ARRIVED_AT_MERCHANT", "ORDER_PICKED", "DELIVERY_ONGOING",
    "ARRIVED_AT_CUSTOMER", "RETURNING_TO_MERCHANT",
}  # fmt: skip

type Row = Mapping[str, Any]


def demand(orders: Iterable[Row], rows: Sequence[Row]) -> None:
    """Every law, for the rows of the tables `orders` and `couriers`."""
    heads = {row["id"]: row for row in rows if _is(row, "DELIVERY#", "HEAD")}
    opened = {row["delivery_id"]: row for row in rows if _is(row, "ZONE#", "DELIVERY#")}
    duties = {row["courier_id"]: row for row in rows if _is(row, "ZONE#", "COURIER#")}
    offers = {row["id"]: row for row in rows if _is(row, "COURIER#", "OFFER#")}
    _demand_events(heads, rows)
    _demand_attempts(heads, rows)
    _demand_followed(orders, heads, rows)
    _demand_open(heads, opened)
    _demand_offers(opened, duties, offers)
    _demand_jobs(heads, duties)
    _demand_zones(rows)


def _is(row: Row, pk: str, sk: str) -> bool:
    return bool(row["pk"].startswith(pk) and row["sk"].startswith(sk))


def _demand_events(heads: Mapping[str, Row], rows: Sequence[Row]) -> None:
    for head in heads.values():
        told = [row for row in rows if row["pk"] == head["pk"] and row["sk"].startswith("EVT#")]
        versions = sorted(int(row["version"]) for row in told)
        assert versions == list(range(1, int(head["version"]) + 1)), "an event is missing"
    assert not [row for row in rows if "bell_shard" in row], "a bell was never rung"


def _demand_attempts(heads: Mapping[str, Row], rows: Sequence[Row]) -> None:
    present = {row["delivery_id"] for row in rows if row["pk"].startswith("ORDER#")}
    earlier = [head for head in heads.values() if head["id"] not in present]
    assert all(head["status"] == "CANCELLED" for head in earlier), "two attempts are alive"
    tries = [(head["order_id"], int(head["attempt"])) for head in heads.values()]
    assert len(tries) == len({*tries}), "an attempt was made twice"


def _demand_followed(orders: Iterable[Row], heads: Mapping[str, Row], rows: Sequence[Row]) -> None:
    present = {row["pk"]: heads[row["delivery_id"]] for row in rows if row["sk"] == "DELIVERY"}
    for order in orders:
        if order["sk"] != "HEAD" or order.get("delivered_by") != "platform":
            continue
        delivery = present.get(order["pk"])
        if order["status"] in TO_BRING and "due_at" not in order:  # else it is not yet time
            assert delivery is not None, "nobody looks for a courier"
            assert delivery["status"] not in OVER, "nobody looks for a courier any more"
        if order["status"] == "CANCELLED" and delivery is not None:
            assert delivery["status"] in OVER | {"RETURNING_TO_MERCHANT"}, "carried for nothing"


def _demand_open(heads: Mapping[str, Row], opened: Mapping[str, Row]) -> None:
    pending = {head["id"]: head for head in heads.values() if head["status"] == "PENDING"}
    assert pending.keys() == opened.keys(), "what is open and what is pending differ"
    for delivery_id, row in opened.items():
        assert row["version"] == pending[delivery_id]["version"], "they have parted"


def _demand_offers(
    opened: Mapping[str, Row], duties: Mapping[str, Row], offers: Mapping[str, Row]
) -> None:
    live = {
        offer["offer_id"]: offer["courier_id"]
        for row in opened.values()
        for offer in json.loads(row["offers"])
    }
    asked = {row["offer_id"]: row["courier_id"] for row in duties.values() if "offer_id" in row}
    standing = {
        offer["id"]: offer["courier_id"]
        for offer in offers.values()
        if offer["status"] in {"pending", "viewed"}
    }
    assert live == asked == standing, "an offer stands in one place and not in another"


def _demand_jobs(heads: Mapping[str, Row], duties: Mapping[str, Row]) -> None:
    held = {job: row["courier_id"] for row in duties.values() for job in json.loads(row["jobs"])}
    carried = {
        head["id"]: head["courier_id"] for head in heads.values() if head["status"] in WITH_COURIER
    }
    assert held == carried, "a courier has a job that is not theirs, or has lost one"


def _demand_zones(rows: Sequence[Row]) -> None:
    counted = {row["pk"]: int(row["changes"]) for row in rows if row["sk"] == "DIRTY"}
    for head in (row for row in rows if _is(row, "ZONE#", "HEAD")):
        assert "lease" not in head, "a zone is still taken"
        shards = [counted.get(f"{head['pk']}#{shard}", 0) for shard in range(models.ZONE_SHARDS)]
        assert json.loads(head["seen"]) == shards, "a change was never looked at"
