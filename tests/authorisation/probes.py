"""One good request for every route of the application, and the states in which to send it."""

from chalicelib.core import clock
from chalicelib.core.routing import Route
from chalicelib.couriers import proving
from chalicelib.orders import codes as order_codes
from chalicelib.people import codes
from tests.authorisation.reviewed import JOB_MOVES, MOVES, OFFER_MOVES
from tests.authorisation.town import (
    APPLICATION,
    CITY,
    DOOR,
    FULFILMENTS,
    HOME,
    NEW,
    PUSH_TOKEN,
    SESSION,
    UNPAID_STATES,
    Town,
)
from tests.shopfront import HOURS, MENU

STORE_STATES = ("draft", "live", "suspended")
NOBODY_IS = "usr-nobody"

COMMANDS = {
    "confirm_order": "confirm",
    "prepare_order": "prepare",
    "ready_order": "ready",
    "dispatch_order": "dispatch",
    "pick_up_order": "pick_up",
    "deliver_order": "deliver",
    "reject_order": "reject",
    "request_cancellation": "request",
}
"""The views that are commands of a store to an order, and which."""

JOB_COMMANDS = {
    "head_to_store": "head_to_store",
    "arrive_at_store": "arrive_at_store",
    "pick_up_delivery": "pick_up",
    "head_to_customer": "head_to_customer",
    "arrive_at_customer": "arrive_at_customer",
    "hand_over_delivery": "hand_over",
    "bring_back_delivery": "bring_back",
    "return_delivery": "return",
    "release_delivery": "release",
    "reassign_delivery": "reassign",
    "complete_delivery": "complete",
    "direct_delivery": "direct",
}
"""The views that are commands to a delivery, and which."""

OFFER_COMMANDS = {"view_offer": "view", "accept_offer": "accept", "decline_offer": "decline"}
JOB_STATES = tuple(JOB_MOVES["reassign"])
OFFER_STATES = tuple(OFFER_MOVES["view"])

QUERY = {
    "list_stores": (("city", "seoul"),),
    "read_conditions": (("city", "seoul"),),
    "search": (("q", "bibim"), ("city", "seoul")),
    "read_statement": (("first", "2026-11-22"), ("days", "1")),
    "list_audit": (("day", "2026-11-22"),),
    "relist_stores": (("city", "seoul"),),
    "find_stores": (("lat", "37.5621"), ("lon", "126.9236")),
    "list_payment_options": (("currency", "KRW"),),
}
"""What a list cannot be asked without."""

DELAY_COMMANDS = {"delay_order": "delay"}
REQUEST_COMMANDS = {"accept_cancellation": "accept", "deny_cancellation": "deny"}
"""The views that answer a store which asks to give an order up."""

WISH_COMMANDS = {"ask_to_cancel": "ask"}
WISHED_COMMANDS = {"let_order_go": "let_go", "go_on_with_order": "go_on"}
"""The views by which a customer asks to be let go, and a store answers."""
CODE_COMMANDS = {"check_code": "check"}
WAIT_COMMANDS = {"tell_where_one_waits": "wait"}
"""The view that wants an order which is collected."""

PUT_AS = {
    "create_tip": "brought",
    **dict.fromkeys(REQUEST_COMMANDS, "requested"),
    **dict.fromkeys(WISHED_COMMANDS, "wished"),
    **dict.fromkeys(WAIT_COMMANDS, "outside"),
}
"""The views that want an order of a courier's, one that a side would give up, or a takeaway."""

REFUND_COMMANDS = {"create_refund": "create", "retry_refund": "retry"}
"""The views that give back, which needs an order of which something was taken."""

STORE_COMMANDS = {"approve_store": "approve", "suspend_store": "suspend"}


GOOD_STATES = {
    "choose_without_courier": ("delivery", "READY_FOR_PICKUP"),
    "create_tip": ("brought", "DELIVERED"),
    "rate_order": ("delivery", "DELIVERED"),
    **dict.fromkeys(REFUND_COMMANDS, ("delivery", "DELIVERED")),
    **dict.fromkeys(REQUEST_COMMANDS, ("requested", "CONFIRMED")),
    **dict.fromkeys(DELAY_COMMANDS, ("delivery", "CONFIRMED")),
    **dict.fromkeys(WISHED_COMMANDS, ("wished", "CONFIRMED")),
    **dict.fromkeys(CODE_COMMANDS, ("delivery", "READY_FOR_PICKUP")),
    **dict.fromkeys(WAIT_COMMANDS, ("outside", "CONFIRMED")),
}
"""Where it is not an order that its store has just been shown."""


def order_states(fulfilment: str) -> list[str]:
    """The states that an order of this kind can be in."""
    cells = MOVES[fulfilment, "confirm"]
    return [*UNPAID_STATES, *(status for status, cell in cells.items() if cell != "-")]


def good_state(route: Route) -> tuple[str, str]:
    """What to put the object of a route into, so that a good request succeeds."""
    if "delivery_id" in route.path_names:
        moves = JOB_MOVES.get(JOB_COMMANDS.get(route.name, ""), {})
        return "job", next((state for state, cell in moves.items() if cell == "moves"), "ACCEPTED")
    if "offer_id" in route.path_names:
        return "offer", "pending"
    return GOOD_STATES.get(route.name, ("delivery", "CREATED"))


def states(route: Route) -> list[tuple[str, str]]:
    """What to put the object of a route into: (fulfilment or "store", state)."""
    if "delivery_id" in route.path_names:
        return [("job", state) for state in JOB_STATES]
    if "offer_id" in route.path_names:
        return [("offer", state) for state in OFFER_STATES]
    if "order_id" in route.path_names:
        kinds = FULFILMENTS if route.name in COMMANDS else FULFILMENTS[:1]
        variant = PUT_AS.get(route.name)
        if variant:
            kind = "takeaway" if variant == "outside" else "delivery"
            return [(variant, state) for state in order_states(kind)]
        return [(kind, state) for kind in kinds for state in order_states(kind)]
    if "store_id" in route.path_names:
        return [("store", state) for state in STORE_STATES]
    return [("", "")]


def ids(town: Town) -> dict[str, str]:
    """What the parts of a path are, to lead to what is in the town."""
    return {
        **dict.fromkeys(("first", "second", "third", "fourth"), "nothing"),
        "store_id": town.store,
        "merchant_id": town.merchant,
        "quote_id": town.quote,
        "order_id": town.orders["delivery"],
        "delivery_id": town.delivery,
        "offer_id": town.offer,
        "assignment_id": town.offer,
        "client_id": town.client["client_id"],
        "webhook_id": town.webhook["id"],
        "tablet_id": town.tablet["tablet_id"],
        "code_id": town.code,
        "position": "1",
        "replay_id": town.replay,
        "device_id": town.device,
        "method_id": town.method,
        "balance_id": town.balance,
        "refund_id": town.refund,
        "promotion_id": town.promotion,
        "rating_id": town.rating,
        "item": "bibimbap",
        "appeal_id": town.appeal,
        "upload_id": town.upload,
        "image_id": town.image,
        "address_id": town.address,
        "invitation_id": town.invitation,
        "application_id": town.application,
        "document_id": town.document,
        "courier": "usr-courier",
        "guest_id": town.guest.partition(".")[0],
        "city": "seoul",
        "user": NOBODY_IS,
        "day": town.day,
    }


def parts(route: Route, town: Town) -> dict[str, str]:
    """The same, of one route: a merchant's webhook is not a store's."""
    known = ids(town)
    if "merchant_id" in route.path_names:
        known["webhook_id"], known["replay_id"] = town.merchant_webhook, town.merchant_replay
    if route.name == "review_document":
        known["document_id"] = town.shown_document
    if route.name in WAIT_COMMANDS:
        known["order_id"] = town.orders["takeaway"]
    return known


def path(route: Route, town: Town, **other: str) -> str:
    """The path of a route, to what is in the town unless another id is given."""
    filled = route.path.format(**{**parts(route, town), **other})
    wanted = QUERY.get(route.name, ())
    if route.name == "fetch_events":
        wanted = (("store_id", town.store),)
    query = "&".join(f"{name}={value}" for name, value in wanted)
    return f"{filled}?{query}" if query else filled


def body(route: Route, town: Town) -> object:
    """A good body for a route; None where it takes none."""
    return {
        "create_merchant": {"name": "Han", "legal_name": "Han Ltd.", "country": "KR"},
        "find_people": {"person_id": "usr-customer", "reason": "A call."},
        "suspend_person": {"reason": "A fraud."},
        "restore_person": {"reason": "Spoken with."},
        "suspend_guest": {"reason": "A fraud."},
        "restore_guest": {"reason": "Spoken with."},
        "create_appeal": {"limit": "refused_orders_limit", "text": "I was at home."},
        "grant_appeal": {"reason": "Spoken with."},
        "refuse_appeal": {"reason": "Spoken with."},
        "ask_for_deletion": {"give_up_balances": True},
        "delete_person": {"reason": "A letter."},
        "keep_person": {"reason": "Another letter."},
        "write_profile": {"name": "Mina", "language": "ko", "consents": {"marketing": True}},
        "put_city": {**CITY, "reason": "Wider."},
        "create_application": APPLICATION,
        "change_application": APPLICATION,
        "review_application": {
            "verdict": "needs_changes",
            "reason": "Looked at.",
            "reasons": [{"code": "other", "detail": "No."}],
        },
        "create_store": new_store(town.merchant),
        "update_store": {"preparation_minutes": 20},
        "set_store_terms": {
            "commission_basis_points": 900,
            "confirm_seconds": 300,
            "reason": "Agreed.",
        },
        "pause_store": {"reason": "busy"},
        "create_image": {"media_type": "image/jpeg", "bytes": 1000},
        "upload_menu": {"format": "json_lines", "content": "{}"},
        "sell_out": {"things": [{"item_id": "bibimbap"}]},
        "bring_back": {"things": [{"item_id": "bibimbap"}]},
        "rush_store": {"minutes": 20, "until": clock.stamp(clock.after(3600))},
        "set_weather": {
            "city": "seoul",
            "percent": 130,
            "until": clock.stamp(clock.after(3600)),
            "reason": "rain",
        },
        "publish_menu": {"categories": MENU["categories"][:0]},
        "appoint_staff": {"role": "till"},
        "invite_staff": {"role": "till", "email": "jun@example.com"},
        "create_quote": {
            "store_id": town.store,
            "fulfilment": "takeaway",
            "items": [{"item_id": "bibimbap", "quantity": 1, "options": {}, "note": "No onions"}],
            "drop_off": None,
            "note": "Ring",
        },
        "set_diet": {"diets": ["VEGETARIAN"], "avoids": ["PEANUTS"], "agreed": True},
        "create_store_promotion": promotion(),
        "create_promotion": {
            **promotion(),
            "currency": "KRW",
            "scope": {"type": "cities", "cities": ["seoul"]},
            "sponsors": {"platform": 10_000, "merchant": 0},
        },
        "rate_order": {"store": 4, "comment": "Good."},
        "answer_rating": {"text": "Thank you."},
        "hide_rating": {"reason": "It names somebody."},
        "cancel_order": {"code": "changed_mind"},
        "reject_order": {"code": "too_busy"},
        "delay_order": {"promised_for": "2026-11-22T13:20:00.000Z", "reason": "kitchen_busy"},
        "cancel_order_by_hand": {
            "code": "other",
            "liable_party": "store",
            "reason": "The kitchen burns.",
        },
        "request_cancellation": {"code": "unavailable_item"},
        "ask_to_cancel": {"code": "ordered_by_mistake"},
        "go_on_with_order": {"code": "dish_already_done"},
        "check_code": {"code": order_codes.code(town.orders["delivery"])},
        "tell_where_one_waits": {"spot": "B-12"},
        "create_order": {"quote_id": town.quote},
        "create_refund": {"amount": 500, "reason": "quality", "destination": "wallet"},
        "retry_refund": {"destination": "wallet", "reason": "Asked."},
        "create_tip": {"amount": 1000},
        "create_balance": {
            "owner": NOBODY_IS,
            "amount": 5000,
            "currency": "KRW",
            "reason": "Goodwill.",
        },
        "open_payment_method": {"method": "card", "agreed": True},
        "set_address": HOME,
        "reorder": {"scheduled_for": None},
        "register_device": {"platform": "fcm", "token": PUSH_TOKEN, "language": "ko"},
        "approve_store": {"reason": "Looked at."},
        "suspend_store": {"reason": "Looked at."},
        "create_client": {"label": "Second till"},
        "begin_pairing": {"label": "Bar"},
        "pair_tablet": {"code": town.pairing},
        "renew_tablet": {"refresh_token": town.tablet["refresh_token"]},
        "ask_for_code": {"email": NEW, "language": "ko"},
        "confirm_code": {"email": NEW, "code": codes._codes(town.code, NEW)[0]},
        "renew_session": {"refresh_token": SESSION},
        "renew_guest": {"refresh_token": town.guest},
        "claim_guest": {"refresh_token": town.guest},
        "create_webhook": {"url": "https://other.example.com/ieum"},
        "create_merchant_webhook": {"url": "https://other.example.com/ieum"},
        "change_webhook": {"event_types": ["order.created"]},
        "create_replay": {"only": "all", "from_position": 1},
        "create_merchant_replay": {"only": "failed"},
        "acknowledge_events": {"store_id": town.store, "position": 1},
        "change_merchant_webhook": {"event_types": ["order.created"]},
        "set_courier": {"given_name": "Jun", "vehicle": "scooter"},
        "put_courier_rules": {
            "documents": [{"kind": "identity", "begins": clock.stamp(clock.after(3600))}],
            "reason": "The law.",
        },
        "create_document": {"kind": "identity", "media_type": "image/png", "bytes": 9},
        "review_document": {"verdict": "approved", "reason": "Looked at."},
        "suspend_courier": {"code": "safety", "reason": "An accident."},
        "restore_courier": {"reason": "Talked with them."},
        "appeal_suspension": {"text": "It was not me."},
        "start_duty": {"zone": "seoul", "vehicle": "scooter", "location": DOOR["location"]},
        "send_positions": {
            "zone": "seoul",
            "sequence": 9,
            "points": [{"location": DOOR["location"], "at": clock.stamp(clock.now())}],
        },
        "hand_over_delivery": {"pin": proving.pin(town.delivery)},
        "bring_back_delivery": {"code": "customer_absent"},
        "release_delivery": {"code": "breakdown"},
        "reassign_delivery": {"code": "accident"},
        "complete_delivery": {"reason": "customer_confirmed"},
        "direct_delivery": {"decision": "pin", "courier_id": "usr-courier"},
        "appeal_assignment": {"text": "Somebody was nearer."},
        "choose_without_courier": {"choice": "wait"},
        "stop_orders": {"reason": "Cards cannot be charged."},
        "resume_orders": {"reason": "Mended."},
    }.get(route.name)


def promotion() -> dict[str, object]:
    return {
        "names": {"en": "A tenth less"},
        "benefit": {"type": "percentage", "basis_points": 1000, "most": 3000},
        "code": "LESS",
        "begins": clock.stamp(clock.now()),
        "ends": clock.stamp(clock.after(86_400)),
        "minimum": 9000,
        "first_order": False,
        "per_customer": 1,
        "uses": 100,
        "budget": 100_000,
        "group": "offer",
    }


def new_store(merchant_id: str) -> dict[str, object]:
    return {
        "merchant_id": merchant_id,
        "kind": "restaurant",
        "city": "seoul",
        "timezone": "Asia/Seoul",
        "currency": "KRW",
        "names": {"en": "Second"},
        "location": {"type": "Point", "coordinates": [126.9236, 37.5621]},
        "address": "Yeonnam-dong 2",
        "hours": HOURS,
        "zones": [],
        "fulfilment": ["takeaway"],
        "preparation_minutes": 15,
        "tax": {"included": True, "basis_points": 1000},
    }
