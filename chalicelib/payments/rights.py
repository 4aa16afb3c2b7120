"""Who may do what with payments: rows of the authorisation table."""

from collections.abc import Mapping

from chalicelib.catalog.status import StaffRole
from chalicelib.core.rights import ALWAYS, Owning, Right, Role, when
from chalicelib.orders.status import OrderStatus

ORDER_CREATE = Right("order.create", {(Role.CUSTOMER, Owning.ANY): ALWAYS})
PAYMENT_OPTIONS = Right("payment.options", {(Role.ANYONE, Owning.ANY): ALWAYS})
PAYMENT_READ = Right(
    "payment.read",
    {(Role.CUSTOMER, Owning.OWN): ALWAYS, (Role.OPERATOR, Owning.ANY): ALWAYS},
)
PAYMENT_CONFIRM = Right("payment.confirm", {(Role.CUSTOMER, Owning.OWN): ALWAYS})
REFUND_CREATE = Right(
    "refund.create",
    {
        (Role.MERCHANT, Owning.OWN): ALWAYS,
        (Role.STORE, Owning.OWN): ALWAYS,
        (Role.OPERATOR, Owning.ANY): ALWAYS,
    },
)
REFUND_READ = Right(
    "refund.read",
    {
        (Role.CUSTOMER, Owning.OWN): ALWAYS,
        (Role.MERCHANT, Owning.OWN): ALWAYS,
        (Role.STORE, Owning.OWN): ALWAYS,
        (Role.OPERATOR, Owning.ANY): ALWAYS,
    },
)
REFUND_RETRY = Right("refund.retry", {(Role.OPERATOR, Owning.ANY): ALWAYS})
TIP_CREATE = Right("tip.create", {(Role.CUSTOMER, Owning.OWN): when(OrderStatus.DELIVERED)})
BALANCE_CREATE = Right("balance.create", {(Role.OPERATOR, Owning.ANY): ALWAYS})
BALANCE_LIST = Right("balance.list", {(Role.CUSTOMER, Owning.ANY): ALWAYS})
BALANCE_READ = Right(
    "balance.read", {(Role.CUSTOMER, Owning.OWN): ALWAYS, (Role.OPERATOR, Owning.ANY): ALWAYS}
)
LEDGER_READ = Right("ledger.read", {(Role.OPERATOR, Owning.ANY): ALWAYS})
RECONCILIATION_READ = Right("reconciliation.read", {(Role.OPERATOR, Owning.ANY): ALWAYS})
METHOD_LIST = Right("payment_method.list", {(Role.CUSTOMER, Owning.ANY): ALWAYS})
METHOD_SAVE = Right("payment_method.save", {(Role.CUSTOMER, Owning.ANY): ALWAYS})
METHOD_CONFIRM = Right("payment_method.confirm", {(Role.CUSTOMER, Owning.OWN): ALWAYS})
METHOD_SET_DEFAULT = Right("payment_method.set_default", {(Role.CUSTOMER, Owning.OWN): ALWAYS})
METHOD_REMOVE = Right("payment_method.remove", {(Role.CUSTOMER, Owning.OWN): ALWAYS})
STRIPE_EVENT = Right("stripe.event", {(Role.ANYONE, Owning.ANY): ALWAYS})

STAFF: Mapping[str, frozenset[StaffRole]] = {
    REFUND_CREATE.name: frozenset({StaffRole.OWNER, StaffRole.MANAGER})
}
"""Which of a store's staff may, where not all may: who is at the till gives nothing away."""
