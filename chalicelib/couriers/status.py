"""The lives of a delivery and of an offer, each as one table. Names follow Open Delivery 1.7.

A delivery is one attempt to bring an order, and has at most one courier in its life: who loses it
before pick-up loses that delivery, and another attempt is opened under another id. So an old
courier's late command finds a cancelled delivery and changes nothing.
"""

from collections.abc import Mapping
from enum import StrEnum


class Vehicle(StrEnum):
    """What a courier rides."""

    BICYCLE = "bicycle"
    SCOOTER = "scooter"
    CAR = "car"
    FOOT = "foot"


class CourierStatus(StrEnum):
    """Whether a courier may go on duty. It is worked out whenever it is asked, never stored."""

    ONBOARDING = "onboarding"
    ACTIVE = "active"
    DOCUMENTS_EXPIRED = "documents_expired"
    SUSPENDED = "suspended"


class DocumentKind(StrEnum):
    """What couriers may have to show."""

    IDENTITY = "identity"
    RIGHT_TO_WORK = "right_to_work"
    DRIVING_LICENCE = "driving_licence"
    VEHICLE_REGISTRATION = "vehicle_registration"
    INSURANCE = "insurance"
    BACKGROUND_CHECK = "background_check"
    FOOD_HYGIENE = "food_hygiene"


class DutyStatus(StrEnum):
    """How a courier stands to the zone. LEAVING: the job is finished, no other is offered."""

    OFF = "off"
    ON = "on"
    BREAK = "break"
    LEAVING = "leaving"


class DeliveryStatus(StrEnum):
    """Where a delivery stands."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    PICKUP_ONGOING = "PICKUP_ONGOING"
    ARRIVED_AT_MERCHANT = "ARRIVED_AT_MERCHANT"
    ORDER_PICKED = "ORDER_PICKED"
    DELIVERY_ONGOING = "DELIVERY_ONGOING"
    ARRIVED_AT_CUSTOMER = "ARRIVED_AT_CUSTOMER"
    ORDER_DELIVERED = "ORDER_DELIVERED"
    RETURNING_TO_MERCHANT = "RETURNING_TO_MERCHANT"
    RETURNED_TO_MERCHANT = "RETURNED_TO_MERCHANT"
    DELIVERY_FINISHED = "DELIVERY_FINISHED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"


class DeliveryCommand(StrEnum):
    """What a courier, an operator, an order or the clock wants of a delivery."""

    ACCEPT = "accept"
    HEAD_TO_STORE = "head_to_store"
    ARRIVE_AT_STORE = "arrive_at_store"
    PICK_UP = "pick_up"
    HEAD_TO_CUSTOMER = "head_to_customer"
    ARRIVE_AT_CUSTOMER = "arrive_at_customer"
    DELIVER = "deliver"
    BRING_BACK = "bring_back"
    RETURN = "return"
    FINISH = "finish"
    REJECT = "reject"
    CANCEL = "cancel"


D, C = DeliveryStatus, DeliveryCommand

DELIVERY_MOVES: Mapping[tuple[DeliveryStatus, DeliveryCommand], DeliveryStatus] = {
    (D.PENDING, C.ACCEPT): D.ACCEPTED,
    (D.PENDING, C.REJECT): D.REJECTED,
    (D.ACCEPTED, C.HEAD_TO_STORE): D.PICKUP_ONGOING,
    (D.ACCEPTED, C.ARRIVE_AT_STORE): D.ARRIVED_AT_MERCHANT,
    (D.PICKUP_ONGOING, C.ARRIVE_AT_STORE): D.ARRIVED_AT_MERCHANT,
    (D.ARRIVED_AT_MERCHANT, C.PICK_UP): D.ORDER_PICKED,
    (D.ORDER_PICKED, C.HEAD_TO_CUSTOMER): D.DELIVERY_ONGOING,
    (D.ORDER_PICKED, C.ARRIVE_AT_CUSTOMER): D.ARRIVED_AT_CUSTOMER,
    (D.DELIVERY_ONGOING, C.ARRIVE_AT_CUSTOMER): D.ARRIVED_AT_CUSTOMER,
    (D.ARRIVED_AT_CUSTOMER, C.DELIVER): D.ORDER_DELIVERED,
    (D.ORDER_DELIVERED, C.FINISH): D.DELIVERY_FINISHED,
    (D.ORDER_PICKED, C.BRING_BACK): D.RETURNING_TO_MERCHANT,
    (D.DELIVERY_ONGOING, C.BRING_BACK): D.RETURNING_TO_MERCHANT,
    (D.ARRIVED_AT_CUSTOMER, C.BRING_BACK): D.RETURNING_TO_MERCHANT,
    (D.RETURNING_TO_MERCHANT, C.RETURN): D.RETURNED_TO_MERCHANT,
    (D.RETURNED_TO_MERCHANT, C.FINISH): D.DELIVERY_FINISHED,
    (D.PENDING, C.CANCEL): D.CANCELLED,
    (D.ACCEPTED, C.CANCEL): D.CANCELLED,
    (D.PICKUP_ONGOING, C.CANCEL): D.CANCELLED,
    (D.ARRIVED_AT_MERCHANT, C.CANCEL): D.CANCELLED,
}

BEFORE_PICK_UP = frozenset({D.ACCEPTED, D.PICKUP_ONGOING, D.ARRIVED_AT_MERCHANT})
CARRIED = frozenset({D.ORDER_PICKED, D.DELIVERY_ONGOING, D.ARRIVED_AT_CUSTOMER})
"""The order is with the courier: its customer may see where, and knows the PIN."""
WITH_COURIER = BEFORE_PICK_UP | CARRIED | {D.RETURNING_TO_MERCHANT}

DELIVERY_EVENTS: Mapping[DeliveryStatus, str] = {
    D.PENDING: "delivery.opened",
    D.ACCEPTED: "delivery.accepted",
    D.PICKUP_ONGOING: "delivery.pickup_ongoing",
    D.ARRIVED_AT_MERCHANT: "delivery.arrived_at_merchant",
    D.ORDER_PICKED: "delivery.order_picked",
    D.DELIVERY_ONGOING: "delivery.ongoing",
    D.ARRIVED_AT_CUSTOMER: "delivery.arrived_at_customer",
    D.ORDER_DELIVERED: "delivery.order_delivered",
    D.RETURNING_TO_MERCHANT: "delivery.returning",
    D.RETURNED_TO_MERCHANT: "delivery.returned",
    D.DELIVERY_FINISHED: "delivery.finished",
    D.REJECTED: "delivery.rejected",
    D.CANCELLED: "delivery.cancelled",
}
OFFERED = "delivery.offered"
OFFERED_ALONG = "delivery.offered_along"
DECLINED = "delivery.offer_declined"
EXPIRED = "delivery.offer_expired"
REVOKED = "delivery.offer_revoked"
NO_COURIER = "delivery.no_courier"
WAITED_FOR = "delivery.waited_for"
DIRECTED = "delivery.directed"
LOST = "delivery.courier_lost"
"""Events that leave the status as it is: an offer came (its first delivery tells of it, others go
along) or went, nobody was found, the customer would rather wait, an operator has said who is to be
asked, nothing was heard of the courier."""
SILENT = "courier.silent"
"""An event of a courier with a job who has sent no position for a while."""
DUTY_ENDS = "courier.duty_ends"
"""An event of a courier whose duty has to end soon."""
SUSPENDED = "courier.suspended"
"""An event of a courier who may not go on duty any more: a duty of theirs is to be ended."""


class OfferStatus(StrEnum):
    """Where an offer stands. One that is past its time is EXPIRED, whatever is stored."""

    PENDING = "pending"
    VIEWED = "viewed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    REVOKED = "revoked"


class OfferCommand(StrEnum):
    """What becomes of an offer."""

    VIEW = "view"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    REVOKE = "revoke"


O, W = OfferStatus, OfferCommand  # noqa: E741 - next to D and C, and only for the table

OFFER_MOVES: Mapping[tuple[OfferStatus, OfferCommand], OfferStatus] = {
    (O.PENDING, W.VIEW): O.VIEWED,
    (O.PENDING, W.ACCEPT): O.ACCEPTED,
    (O.VIEWED, W.ACCEPT): O.ACCEPTED,
    (O.PENDING, W.DECLINE): O.DECLINED,
    (O.VIEWED, W.DECLINE): O.DECLINED,
    (O.PENDING, W.EXPIRE): O.EXPIRED,
    (O.VIEWED, W.EXPIRE): O.EXPIRED,
    (O.PENDING, W.REVOKE): O.REVOKED,
    (O.VIEWED, W.REVOKE): O.REVOKED,
}

LIVE_OFFERS = frozenset({O.PENDING, O.VIEWED})


def after(status: DeliveryStatus, command: DeliveryCommand) -> DeliveryStatus | None:
    """Where a command leads, or None where it is impossible."""
    return DELIVERY_MOVES.get((status, command))


def allowed(status: DeliveryStatus) -> list[DeliveryCommand]:
    """What may be done next."""
    return [command for (start, command) in DELIVERY_MOVES if start is status]


def was_applied(status: DeliveryStatus, command: DeliveryCommand) -> bool:
    """Whether a delivery that stands here has this command behind it: then it changes nothing.

    Of two ways that part (delivered or brought back, carried on or cancelled) only the one that
    was taken is behind it.
    """
    targets = {end for (_, done), end in DELIVERY_MOVES.items() if done is command}
    if status in {D.CANCELLED, D.REJECTED}:
        return status in targets
    behind: set[DeliveryStatus] = {status}
    for _ in DeliveryStatus:
        behind |= {start for (start, _), end in DELIVERY_MOVES.items() if end in behind}
    if status is D.DELIVERY_FINISHED:
        behind -= {D.ORDER_DELIVERED, D.RETURNED_TO_MERCHANT, D.RETURNING_TO_MERCHANT}
    return bool(targets & behind)
