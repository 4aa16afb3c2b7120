"""Who may do what with duties, offers and deliveries: rows of the authorisation table.

A courier's own delivery is one that they accepted; their own offers are those made to them.
"""

from collections.abc import Mapping

from chalicelib.catalog.status import StaffRole
from chalicelib.core.rights import ALWAYS, Owning, Right, Role

CUSTOMER, COURIER, OPERATOR = Role.CUSTOMER, Role.COURIER, Role.OPERATOR
OWN, ANY = Owning.OWN, Owning.ANY

ANY_COURIER = {(COURIER, ANY): ALWAYS}
COURIERS_OWN = {(COURIER, OWN): ALWAYS}
OPERATORS = {(OPERATOR, ANY): ALWAYS}
OF_THE_ORDER = {
    (CUSTOMER, OWN): ALWAYS,
    (Role.MERCHANT, OWN): ALWAYS,
    (Role.STORE, OWN): ALWAYS,
    (OPERATOR, ANY): ALWAYS,
}

COURIER_READ = Right("courier.read", ANY_COURIER)
COURIER_SET = Right("courier.set", ANY_COURIER)
COURIER_READ_ANY = Right("courier.read_any", OPERATORS)
COURIER_SUSPEND = Right("courier.suspend", OPERATORS)
COURIER_RESTORE = Right("courier.restore", OPERATORS)
COURIER_APPEAL = Right("courier.appeal", ANY_COURIER)
DOCUMENT_ADD = Right("document.add", ANY_COURIER)
DOCUMENT_LIST = Right("document.list", ANY_COURIER)
DOCUMENT_SEND = Right("document.send", COURIERS_OWN)
DOCUMENT_REVIEW = Right("document.review", OPERATORS)
RULES_READ = Right("courier_rules.read", {**ANY_COURIER, **OPERATORS})
RULES_SET = Right("courier_rules.set", OPERATORS)
DUTY_READ = Right("duty.read", ANY_COURIER)
DUTY_START = Right("duty.start", ANY_COURIER)
DUTY_END = Right("duty.end", ANY_COURIER)
DUTY_BREAK = Right("duty.break", ANY_COURIER)
POSITION_SEND = Right("position.send", ANY_COURIER)
EARNING_LIST = Right("earning.list", ANY_COURIER)

OFFER_LIST = Right("offer.list", ANY_COURIER)
OFFER_VIEW = Right("offer.view", COURIERS_OWN)
OFFER_ACCEPT = Right("offer.accept", COURIERS_OWN)
OFFER_DECLINE = Right("offer.decline", COURIERS_OWN)

ASSIGNMENT_EXPLAIN = Right("assignment.explain", {**COURIERS_OWN, (OPERATOR, ANY): ALWAYS})
ASSIGNMENT_APPEAL = Right("assignment.appeal", COURIERS_OWN)

DELIVERY_READ = Right("delivery.read", {**COURIERS_OWN, (OPERATOR, ANY): ALWAYS})
DELIVERY_CARRY = Right("delivery.carry", COURIERS_OWN)
DELIVERY_HAND_OVER = Right("delivery.hand_over", COURIERS_OWN)
DELIVERY_BRING_BACK = Right("delivery.bring_back", COURIERS_OWN)
DELIVERY_RELEASE = Right("delivery.release", COURIERS_OWN)
DELIVERY_COMPLETE = Right("delivery.complete", {(OPERATOR, ANY): ALWAYS})
DELIVERY_REASSIGN = Right("delivery.reassign", {(OPERATOR, ANY): ALWAYS})
DELIVERY_DIRECT = Right("delivery.direct", {(OPERATOR, ANY): ALWAYS})

ERRAND_CREATE = Right("errand.create", {(Role.STORE, OWN): ALWAYS})
ERRAND_READ = Right("errand.read", {(Role.STORE, OWN): ALWAYS})
ERRAND_READY = Right("errand.ready", {(Role.STORE, OWN): ALWAYS})
ERRAND_PICK_UP = Right("errand.pick_up", {(Role.STORE, OWN): ALWAYS})
ERRAND_FINISH = Right("errand.finish", {(Role.STORE, OWN): ALWAYS})
ERRAND_ANSWER = Right("errand.answer", {(Role.STORE, OWN): ALWAYS})
ERRAND_CANCEL = Right("errand.cancel", {(Role.STORE, OWN): ALWAYS})
"""What a store's machine may do with what the store sends by itself."""

ORDER_READ_DELIVERY = Right("order.read_delivery", OF_THE_ORDER)
ORDER_TRACK = Right("order.track", OF_THE_ORDER)
ORDER_CHOOSE = Right("order.choose", {(CUSTOMER, OWN): ALWAYS})

STAFF: Mapping[str, frozenset[StaffRole]] = {
    one.name: frozenset({StaffRole.OWNER, StaffRole.MANAGER})
    for one in (
        ERRAND_CREATE, ERRAND_READ, ERRAND_READY, ERRAND_PICK_UP, ERRAND_FINISH, ERRAND_ANSWER,
        ERRAND_CANCEL,
    )
}  # fmt: skip
"""What spends a store's money is not for who is at its till, nor for the tablet there."""
