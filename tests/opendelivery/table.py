"""The table of docs/open-delivery.md: every operation of the protocol's file, and how it is built.

`python -m tests.opendelivery.table` writes it anew.
"""

# isort: off
from tests import conftest

# isort: on
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chalicelib.integrations.opendelivery import serving
from tests.opendelivery import protocol

assert conftest.BELLS
PAGE = Path("docs/open-delivery.md")
"""The environment comes first: modules read it when they are imported."""
BEGIN, END = "<!-- operations -->\n", "<!-- /operations -->\n"

HOW = {
    "getToken": "the store's client id and secret, as at `/oauth/token`",
    "getOrderingAppVersions": "1.6.0, the newest that the file's list knows",
    "pollingEvents": "200, or 204 without events; the first poll joins the store",
    "pollingAcknowledgment": "any part of what was polled; again changes nothing",
    "ordersDetails": "address and first name only while the store brings it; no number",
    "confirmOrder": "a body is optional; a longer `preparationTime` is told as a delay",
    "orderPreparing": "optional",
    "orderReady": "",
    "orderPickedUp": "takeaway",
    "dispatchOrder": "where the store delivers itself, else 422; a report is kept",
    "orderTracking": "step, problem and time are kept; no customer is shown it",
    "orderValidateDelivery": "what its customer shows; five tries; of what the store hands over",
    "cancellationAccepted": "where its customer asks to be let go: cancelled for nothing",
    "cancellationDenied": "the order goes on, as without an answer within five minutes",
    "orderDelivered": "where the store delivers itself, and in the shop",
    "getMerchant": "a till's own: asked for at onboarding and updates; the menu is taken in",
    "getMerchantStatus": "what came of the last taking in",
    "putMerchantOnboarding": "by the store's machine, with a webhook or without",
    "menuUpdated": "any update reads the whole document again; `merchantStatus` pauses, resumes",
    "patchOrderDetails": "a later beginning is told as a delay, within its limits",
    "requestCancellation": "at once before the confirmation, then the customer answers",
    "logisticsAvailability": "price, couriers and times; no token, or the store's; 404 too far off",
    "logisticsNewDelivery": "202, then PENDING, or at once REJECTED; again it is the same",
    "logisticDetails": "of the last that was asked for under the id",
    "logisticsReadyForPickup": "waited for where `notifyReadyForPickup` says so",
    "logisticsPicked": "the store's word in the courier's stead, where `notifyPickup` says so",
    "logisticsFinish": "ends it at once; else a day after the hand-over",
    "logisticsProblem": "of a problem that was told: go on, bring it back, give it up",
    "logisticsCancel": "free until a courier accepts, then 60 %; from the pick-up on it comes back",
}
"""Each operation that is built, and what should be known of it."""

NOT_BUILT = {
    "getMerchantVersions": "a till's own: not asked for",
    "getMerchantAvailability": "a till's own: not asked for",
}


def built() -> set[str]:
    return {one.id for one in serving.OPERATIONS.values()} | {"getMerchant"}


def rows() -> str:
    """The table, in the order of the protocol's file."""
    lines = ["| Operation | Path | Built | |", "| --- | --- | --- | --- |"]
    for name, (method, path) in protocol.operations().items():
        done = name in built()
        said = HOW[name] if done else NOT_BUILT[name]
        lines.append(f"| {name} | `{method} {path}` | {'yes' if done else 'no'} | {said} |")
    return "\n".join(lines) + "\n"


def page() -> str:
    """The page with the table as it has to be."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{rows()}{END}{after}"


EVENTS = "<!-- events -->\n", "<!-- /events -->\n"


def hold_events(seen: Mapping[str, str]) -> None:
    """Raises AssertionError where the page's table of events is not what a till's log says."""
    types = protocol.document()["components"]["schemas"]["Event"]["properties"]["eventType"]["enum"]
    lines = ["| Event | A till receives it in the run of a day, where |", "| --- | --- |"]
    lines += [f"| {one} | {seen[one]} |" for one in types]
    _hold(EVENTS, "\n".join(lines) + "\n", "test_a_day.py")


LOGISTICS = "<!-- logistic events -->\n", "<!-- /logistic events -->\n"
NO_REASON = {
    "PRICE_EXCEEDED": "never: there is one price, and `additionalPricePercentual` is 0 always",
}
NO_PROBLEM = {
    "PAYMENT_PROBLEMS": "never: couriers collect no money for a store",
    "WRONG_PRODUCT_OR_ITEM": "never: couriers do not look into what they carry",
    "ORDER_MISSING_ITEMS": "never: the same",
    "DELIVERYPERSON_WAITING_PAYMENT_FOR_ALREADY_PAID_ORDER": "never: no money is collected",
    "ORDER_DELIVERED_WITHOUT_PAYMENT": "never: the same",
    "FRAUD_OR_THEFT": "never: nobody is accused; who is lost is a DELIVERYPERSON_OCCURRENCE",
}
"""What the file knows and we never say, and why."""


def hold_logistics(
    types: Mapping[str, str], reasons: Mapping[str, str], problems: Mapping[str, str]
) -> None:
    """The same of what is carried: events, reasons of rejections, and problems."""
    schemas = protocol.document()["components"]["schemas"]
    known: tuple[tuple[str, dict[str, Any], Mapping[str, str], dict[str, str]], ...] = (
        ("Event", schemas["DeliveryEvent"]["properties"]["type"], types, {}),
        (
            "`rejectionInfo`",
            schemas["DeliveryEventDenied"]["properties"]["reason"],
            reasons,
            NO_REASON,
        ),
        ("`problem`", schemas["DeliveryProblem"]["properties"]["reason"], problems, NO_PROBLEM),
    )
    lines: list[str] = []
    for name, schema, seen, never in known:
        assert set(seen).isdisjoint(never)
        lines += [f"| {name} | A till receives it in the run of a day, where |", "| --- | --- |"]
        lines += [f"| {one} | {({**seen, **never})[one]} |" for one in schema["enum"]]
        lines.append("")
    _hold(LOGISTICS, "\n".join(lines[:-1]) + "\n", "test_a_day_of_parcels.py")


def _hold(marks: tuple[str, str], table: str, name: str) -> None:
    text = PAGE.read_text()
    before, _, rest = text.partition(marks[0])
    _, _, after = rest.partition(marks[1])
    whole = before + marks[0] + table + marks[1] + after
    if os.environ.get("WRITE"):
        PAGE.write_text(whole)
    assert whole == PAGE.read_text(), f"WRITE=1 pytest tests/opendelivery/{name}"


if __name__ == "__main__":
    PAGE.write_text(page())
