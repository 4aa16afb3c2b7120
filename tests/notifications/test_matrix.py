"""Who hears what: every row of the table, and the texts behind it."""

import string
import tomllib
from typing import get_args

import pytest

from chalicelib.catalog import reading as stores
from chalicelib.couriers.status import DELIVERY_EVENTS, DUTY_ENDS, NO_COURIER, OFFERED, SILENT
from chalicelib.notifications import matrix, wording
from chalicelib.notifications.matrix import MATRIX, Audience, Row
from chalicelib.notifications.schemas import Language
from chalicelib.orders.schemas import CancelCode, Initiator
from chalicelib.orders.status import EVENT_TYPES, NEWS
from chalicelib.payments.status import EVENT_TYPES as PAYMENT_EVENTS
from chalicelib.payments.status import TIP_CAPTURED
from chalicelib.people import sending
from chalicelib.people.errors import PerhapsSentError
from tests import pool
from tests.integrations.street import STORE
from tests.notifications.desk import COURIER, CUSTOMER, OFFER, STAFF, Desk

KNOWN = {*EVENT_TYPES.values(), *NEWS, *DELIVERY_EVENTS.values(), *PAYMENT_EVENTS.values()}
PERSON = {Audience.CUSTOMER: CUSTOMER, Audience.COURIER: COURIER, Audience.STORE: STAFF}
DATA: dict[str, dict[str, str]] = {
    "order.cancellation_requested": {
        "code": "outdated_menu",
        "until": "2026-11-22T12:10:00.000Z",
    },
    "order.customer_cancellation_requested": {
        "code": "changed_mind",
        "until": "2026-11-22T12:05:00.000Z",
    },
    "order.customer_cancellation_denied": {"code": "dish_already_done"},
    "order.delayed": {"code": "kitchen_busy", "until": "2026-11-22T13:00:00.000Z"},
    "order.cancelled": {"code": "too_busy", "initiated_by": "store"},
    "delivery.offered": {"offer_id": OFFER, "courier_id": COURIER},
    "delivery.cancelled": {"code": "no_courier", "courier_id": COURIER},
}


def store_names() -> dict[str, str]:
    store = stores.store(STORE)
    assert store is not None
    return store.names


def _named(cell: tuple[str, Audience]) -> str:
    return f"{cell[0]} to {cell[1]}"


@pytest.mark.parametrize("cell", MATRIX, ids=_named)
def test_an_event_is_told_to_its_audience_on_its_phone(
    cell: tuple[str, Audience], desk: Desk
) -> None:
    event_type, audience = cell
    row = MATRIX[cell]
    desk.register(COURIER)
    desk.order("CANCELLED" if event_type == "order.cancelled" else "CONFIRMED", min(row.only))
    desk.carried_by(COURIER)
    desk.offered_to(COURIER)

    failed = desk.tell(event_type, **DATA.get(event_type, {}))

    assert failed == []
    [message] = desk.inbox(f"{PERSON[audience]}-token")
    key = matrix.text_key(audience, row, DATA.get(event_type, {}))
    title, body = wording.say("en", key, store_names())
    assert (message.data["type"], message.urgent) == (event_type, row.urgent)
    assert (message.title, message.body) == (title, body)


@pytest.mark.parametrize("event_type", sorted({event_type for event_type, _ in MATRIX}))
def test_nobody_else_is_told(event_type: str, desk: Desk) -> None:
    told = {audience for kind, audience in MATRIX if kind == event_type}
    fulfilment = min(min(MATRIX[event_type, audience].only) for audience in told)
    desk.register(COURIER)
    desk.register("stranger")
    desk.order("CONFIRMED", fulfilment)
    desk.carried_by(COURIER)
    desk.offered_to(COURIER)

    desk.tell(event_type, **DATA.get(event_type, {}))

    silent = {PERSON[audience] for audience in Audience if audience not in told} | {"stranger"}
    assert [person for person in silent if desk.told(person)] == []


def test_a_tip_for_an_order_that_its_store_has_brought_itself_is_told_to_nobody(desk: Desk) -> None:
    desk.register(COURIER)
    desk.order("DELIVERED")

    desk.tell(TIP_CAPTURED)

    assert desk.told(COURIER) == []


def test_the_types_of_the_table_exist() -> None:
    assert KNOWN | {OFFERED, NO_COURIER, SILENT, DUTY_ENDS, TIP_CAPTURED} >= matrix.TYPES


def test_a_takeaway_is_announced_to_its_customer_when_it_is_ready(desk: Desk) -> None:
    desk.order("READY_FOR_PICKUP", "takeaway")

    desk.tell("order.ready_for_pickup")

    assert desk.told(CUSTOMER) == ["order.ready_for_pickup"]


def test_of_a_delivery_that_is_ready_its_courier_hears_and_its_customer_does_not(
    desk: Desk,
) -> None:
    desk.register(COURIER)
    desk.order("READY_FOR_PICKUP", "delivery")
    desk.carried_by(COURIER)

    desk.tell("order.ready_for_pickup")

    assert (desk.told(CUSTOMER), desk.told(COURIER)) == ([], ["order.ready_for_pickup"])


@pytest.mark.parametrize("status", ["CANCELLED", "ORDER_DELIVERED"])
def test_who_has_no_longer_to_fetch_an_order_does_not_hear_that_it_is_ready(
    status: str, desk: Desk
) -> None:
    desk.register(COURIER)
    desk.order("READY_FOR_PICKUP", "delivery")
    desk.carried_by(COURIER, status)

    desk.tell("order.ready_for_pickup")

    assert desk.told(COURIER) == []


def test_a_dish_that_is_served_at_the_table_is_not_announced(desk: Desk) -> None:
    desk.order("DELIVERED", "dine_in")

    desk.tell("order.delivered")

    assert desk.told(CUSTOMER) == []


def test_every_member_of_the_staff_hears_of_a_new_order(desk: Desk) -> None:
    desk.employ("jun")
    desk.register("jun")
    desk.order("CREATED")

    desk.tell("order.created")

    assert (desk.told(STAFF), desk.told("jun")) == (["order.created"], ["order.created"])


def test_a_store_never_hears_of_an_order_that_nobody_paid(desk: Desk) -> None:
    desk.order("CANCELLED", board=None)

    desk.tell("order.cancelled", code="payment_expired", initiated_by="system")

    assert (desk.told(STAFF), desk.told(CUSTOMER)) == ([], ["order.cancelled"])


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("declined", "payment_due"),
        ("action_required", "payment_due_confirm"),
        ("new", "payment_due"),
    ],
)
@pytest.mark.parametrize("language", list(Language))
def test_who_is_away_is_told_what_an_order_for_later_needs(
    desk: Desk, language: Language, code: str, text: str
) -> None:
    desk.register(CUSTOMER, "their-token", language=language)
    desk.order("PENDING_PAYMENT", board=None)

    desk.tell("order.payment_due", code=code, until="2026-11-23T00:00:00.000Z")

    [message] = desk.inbox("their-token")
    title, body = wording.say(language, f"customer.{text}", store_names())
    assert (message.title, message.body, message.urgent) == (title, body, True)
    assert message.data["until"] == "2026-11-23T00:00:00.000Z"


def test_what_was_mended_meanwhile_is_told_to_nobody(desk: Desk) -> None:
    desk.order("CREATED")
    bell = desk.happens("order.payment_due", code="declined")
    desk.happens("order.created")

    desk.ring(bell)

    assert desk.told(CUSTOMER) == []


@pytest.mark.parametrize("reminder", [1, 2, 3, 4])
def test_every_reminder_of_the_ladder_reaches_the_store(reminder: int, desk: Desk) -> None:
    desk.order("CREATED")

    desk.tell("order.confirmation_overdue", reminder=reminder)

    [message] = desk.inbox(f"{STAFF}-token")
    assert message.data["reminder"] == str(reminder)
    assert message.urgent


def test_who_no_push_reaches_is_sent_one_text_from_the_second_reminder_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(sending, "send_once", lambda to, title, _: sent.append((to, title)))
    pool.settle(**{STAFF: "+821055500111", "hana": "+821055500123", "yuna": "yuna@example.com"})
    for person in ("hana", "yuna"):
        desk.employ(person)
    desk.order("CREATED")
    reminded = []

    for reminder in (1, 2, 2, 3):
        bell = desk.happens("order.confirmation_overdue", reminder=reminder)
        for _ in range(2):
            assert desk.ring(bell) == []
        reminded.append(len(sent))

    assert reminded == [0, 1, 2, 3]
    assert set(sent) == {("+821055500123", "An order still waits")}
    assert len(desk.inbox(f"{STAFF}-token")) == 4
    monkeypatch.setattr(sending, "send_once", _fail)
    assert desk.tell("order.confirmation_overdue", reminder=4) == []


def _fail(*_: str) -> None:
    raise PerhapsSentError


# --- texts -----------------------------------------------------------------------------------


def _codes(literal: object) -> list[str]:
    found: list[str] = []
    for one in get_args(literal):
        found += [one] if isinstance(one, str) else _codes(one)
    return found


@pytest.mark.parametrize("language", list(Language))
def test_every_text_is_there_in_every_language_and_none_besides(language: Language) -> None:
    assert set(wording.texts(language)) == matrix.text_keys()


@pytest.mark.parametrize("language", list(Language))
def test_a_text_names_the_store_and_nothing_else(language: Language) -> None:
    for text in wording.texts(language).values():
        assert set(text) == {"title", "body"}
        for said in text.values():
            named = {name for _, name, _, _ in string.Formatter().parse(said) if name}
            assert named <= {"store"}
            assert len(said) <= 120


def test_the_files_are_the_languages_that_a_device_may_have() -> None:
    files = {path.stem for path in wording.FOLDER.glob("*.toml")}

    assert files == set(Language)
    for path in wording.FOLDER.glob("*.toml"):
        assert set(tomllib.loads(path.read_text())) == set(Audience)


def test_every_way_to_give_an_order_up_has_its_words() -> None:
    row = Row("order_cancelled", 1)
    told = {
        matrix.text_key(Audience.CUSTOMER, row, {"code": code, "initiated_by": by})
        for code in _codes(CancelCode)
        for by in get_args(Initiator)
    }

    assert told <= matrix.text_keys()
    assert len(told) == len(matrix.CANCELLATIONS)


def test_a_phone_is_spoken_to_in_its_own_language(desk: Desk) -> None:
    desk.register(CUSTOMER, "ko-token", language="ko")
    desk.order("CONFIRMED", "delivery")

    desk.tell("order.confirmed")

    [english], [korean] = desk.inbox(f"{CUSTOMER}-token"), desk.inbox("ko-token")
    assert english.body == "Your order is confirmed."
    assert "주문" in korean.title


def test_a_store_without_a_name_in_that_language_is_called_as_it_is() -> None:
    title, _ = wording.say("ko", "customer.order_confirmed", {"fr": "Chez {Luc}"})
    korean, _ = wording.say("en", "customer.order_confirmed", {"ko": "한", "en": "Han"})

    assert title == "주문이 접수되었어요"
    assert korean == "Han is on it"
