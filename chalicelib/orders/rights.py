"""Who may do what to quotes and orders: rows of the authorisation table."""

from collections.abc import Mapping

from chalicelib.catalog.status import StaffRole
from chalicelib.core.rights import ALWAYS, Owning, Right, Role, when
from chalicelib.orders.status import OrderStatus as S

CUSTOMER, MERCHANT, STORE, OPERATOR = Role.CUSTOMER, Role.MERCHANT, Role.STORE, Role.OPERATOR
OWN, FOREIGN, ANY = Owning.OWN, Owning.FOREIGN, Owning.ANY

STORE_COMMAND = {(MERCHANT, OWN): ALWAYS, (STORE, OWN): ALWAYS}
"""The store's own. One that nobody has paid is not its own yet; the state table says the rest."""

QUOTE_CREATE = Right("quote.create", {(CUSTOMER, ANY): ALWAYS})
QUOTE_READ = Right("quote.read", {(CUSTOMER, OWN): ALWAYS, (OPERATOR, ANY): ALWAYS})

ORDER_LIST = Right("order.list", {(CUSTOMER, ANY): ALWAYS})
ORDER_LIST_STORE = Right(
    "order.list_store",
    {(MERCHANT, OWN): ALWAYS, (STORE, OWN): ALWAYS, (OPERATOR, ANY): ALWAYS},
)
ORDER_READ = Right(
    "order.read",
    {(CUSTOMER, OWN): ALWAYS, **STORE_COMMAND, (OPERATOR, ANY): ALWAYS},
)
ORDER_CANCEL = Right(
    "order.cancel",
    {
        (CUSTOMER, OWN): when(S.PENDING_PAYMENT, S.CREATED, S.CONFIRMED, S.PREPARING),
        (OPERATOR, ANY): when(
            S.PENDING_PAYMENT,
            S.CREATED,
            S.CONFIRMED,
            S.PREPARING,
            S.READY_FOR_PICKUP,
            S.DISPATCHED,
        ),
    },
)
ORDER_CANCEL_BY_HAND = Right(
    "order.cancel_by_hand", {(OPERATOR, ANY): ORDER_CANCEL.rows[OPERATOR, ANY]}
)
ORDER_LIST_OF_PERSON = Right("order.list_of_person", {(OPERATOR, ANY): ALWAYS})
ORDER_REJECT = Right(
    "order.reject", {(MERCHANT, OWN): when(S.CREATED), (STORE, OWN): when(S.CREATED)}
)
ORDER_REQUEST_CANCEL = Right("order.request_cancel", STORE_COMMAND)
ORDER_ANSWER_CANCEL = Right(
    "order.answer_cancel", {(CUSTOMER, OWN): ALWAYS, (OPERATOR, ANY): ALWAYS}
)
ORDER_ASK_STORE = Right("order.ask_store", {(CUSTOMER, OWN): ALWAYS})
ORDER_ANSWER_CUSTOMER = Right("order.answer_customer", STORE_COMMAND)
ORDER_WAIT = Right("order.wait", {(CUSTOMER, OWN): ALWAYS})
ORDER_CHECK_CODE = Right("order.check_code", STORE_COMMAND)
ORDER_DELAY = Right("order.delay", {**STORE_COMMAND, (OPERATOR, ANY): ALWAYS})
CANCELLATION_TERMS = Right("cancellation.terms", {(Role.ANYONE, ANY): ALWAYS})
ORDER_CONFIRM = Right("order.confirm", STORE_COMMAND)
ORDER_PREPARE = Right("order.prepare", STORE_COMMAND)
ORDER_READY = Right("order.ready", STORE_COMMAND)
ORDER_DISPATCH = Right("order.dispatch", STORE_COMMAND)
ORDER_PICK_UP = Right("order.pick_up", STORE_COMMAND)
ORDER_DELIVER = Right("order.deliver", STORE_COMMAND)

SLOT_LIST = Right("slot.list", {(Role.ANYONE, ANY): ALWAYS})
ORDER_REORDER = Right("order.reorder", {(CUSTOMER, OWN): ALWAYS})
FAVOURITE_LIST = Right("favourite.list", {(CUSTOMER, ANY): ALWAYS})
FAVOURITE_SET = Right("favourite.set", {(CUSTOMER, ANY): ALWAYS})
FAVOURITE_REMOVE = Right("favourite.remove", {(CUSTOMER, ANY): ALWAYS})
ADDRESS_LIST = Right("address.list", {(CUSTOMER, ANY): ALWAYS})
ADDRESS_READ = Right("address.read", {(CUSTOMER, OWN): ALWAYS})
ADDRESS_SET = Right("address.set", {(CUSTOMER, ANY): ALWAYS})
ADDRESS_REMOVE = Right("address.remove", {(CUSTOMER, ANY): ALWAYS})

OPERATIONS_READ = Right("operations.read", {(OPERATOR, ANY): ALWAYS})
OPERATIONS_STOP = Right("operations.stop_orders", {(OPERATOR, ANY): ALWAYS})
OPERATIONS_RESUME = Right("operations.resume_orders", {(OPERATOR, ANY): ALWAYS})

PROMOTION_CREATE = Right("promotion.create", {(MERCHANT, OWN): ALWAYS})
PROMOTION_LIST = Right("promotion.list", {(MERCHANT, OWN): ALWAYS, (OPERATOR, ANY): ALWAYS})
PROMOTION_CREATE_PLATFORM = Right("promotion.create_platform", {(OPERATOR, ANY): ALWAYS})
PROMOTION_LIST_PLATFORM = Right("promotion.list_platform", {(OPERATOR, ANY): ALWAYS})
PROMOTION_OFFERED = Right("promotion.offered", {(Role.ANYONE, ANY): ALWAYS})
PROMOTION_READ = Right("promotion.read", {(MERCHANT, OWN): ALWAYS, (OPERATOR, ANY): ALWAYS})
PROMOTION_STOP = Right("promotion.stop", {(MERCHANT, OWN): ALWAYS, (OPERATOR, ANY): ALWAYS})

ORDER_RATE = Right("order.rate", {(CUSTOMER, OWN): when(S.PICKED_UP, S.DELIVERED, S.CONCLUDED)})
ORDER_READ_RATING = Right("order.read_rating", {(CUSTOMER, OWN): ALWAYS, (OPERATOR, ANY): ALWAYS})
RATING_LIST = Right("rating.list", {(MERCHANT, OWN): ALWAYS, (OPERATOR, ANY): ALWAYS})
RATING_ANSWER = Right("rating.answer", {(MERCHANT, OWN): ALWAYS})
RATING_HIDE = Right("rating.hide", {(OPERATOR, ANY): ALWAYS})

DIET_READ = Right("diet.read", {(CUSTOMER, ANY): ALWAYS})
DIET_SET = Right("diet.set", {(CUSTOMER, ANY): ALWAYS})
DIET_REMOVE = Right("diet.remove", {(CUSTOMER, ANY): ALWAYS})

APPEAL_CREATE = Right("appeal.create", {(CUSTOMER, ANY): ALWAYS})
APPEAL_LIST = Right("appeal.list", {(CUSTOMER, ANY): ALWAYS, (Role.COURIER, ANY): ALWAYS})
APPEAL_WAITING = Right("appeal.waiting", {(OPERATOR, ANY): ALWAYS})
APPEAL_ANSWER = Right("appeal.answer", {(OPERATOR, ANY): ALWAYS})

STAFF: Mapping[str, frozenset[StaffRole]] = {
    one.name: frozenset({StaffRole.OWNER, StaffRole.MANAGER})
    for one in (
        PROMOTION_CREATE, PROMOTION_LIST, PROMOTION_READ, PROMOTION_STOP, RATING_LIST,
        RATING_ANSWER,
    )
}  # fmt: skip
"""Which of a store's staff may, where not all may: who is at the till gives nothing away."""
