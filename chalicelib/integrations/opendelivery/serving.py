"""The protocol's operations, and how a call comes to one."""

from chalicelib.catalog import rights as catalog
from chalicelib.core import auth, limits
from chalicelib.core.errors import ForbiddenError, NotFoundError, ProblemError
from chalicelib.core.limits import Limit
from chalicelib.core.rights import NOBODY, Caller
from chalicelib.core.routing import Incoming
from chalicelib.core.telemetry import about
from chalicelib.couriers import rights as errands
from chalicelib.integrations.opendelivery import (
    carrying,
    commands,
    details,
    errors,
    logistic_asking,
    logistics,
    onboarding,
    polling,
    rights,
    tokens,
    versions,
)
from chalicelib.integrations.opendelivery.operations import (
    COMMANDS,
    EVERYWHERE,
    Call,
    Operation,
    Said,
    find,
    table,
)
from chalicelib.orders import rights as orders
from chalicelib.orders.status import OrderCommand

CALLS = Limit("open-delivery", calls=600, seconds=60)
PUBLIC = frozenset({400, 503})

OPERATIONS = table(
    Operation("getToken", "POST", "oauth/token", None, tokens.grant, frozenset({401, 503})),
    Operation(
        "getOrderingAppVersions", "GET", "v1/versions/orderingApp", None, versions.read, PUBLIC
    ),
    Operation(
        "pollingEvents",
        "GET",
        "v1/events:polling",
        rights.EVENTS,
        polling.poll,
        EVERYWHERE - {404},
    ),
    Operation(
        "pollingAcknowledgment",
        "POST",
        "v1/events/acknowledgment",
        rights.EVENTS,
        polling.acknowledge,
    ),
    Operation(
        "putMerchantOnboarding",
        "PUT",
        "v1/merchantOnboarding",
        catalog.MENU_PUBLISH,
        onboarding.register,
    ),
    Operation(
        "getMerchantStatus",
        "GET",
        "v1/merchantStatus",
        catalog.MENU_PUBLISH,
        onboarding.status,
    ),
    Operation(
        "menuUpdated",
        "POST",
        "v1/merchantUpdate",
        catalog.MENU_PUBLISH,
        onboarding.update,
    ),
    Operation("ordersDetails", "GET", "v1/orders/*", orders.ORDER_READ, details.read),
    Operation(
        "patchOrderDetails",
        "PATCH",
        "v1/orders/*/details",
        orders.ORDER_DELAY,
        commands.change,
        frozenset({400, 401, 404, 503}),
    ),
    Operation(
        "confirmOrder",
        "POST",
        "v1/orders/*/confirm",
        orders.ORDER_CONFIRM,
        commands.confirm,
        COMMANDS,
    ),
    *(
        Operation(
            name, "POST", f"v1/orders/*/{word}", right, commands.moved(command, right), COMMANDS
        )
        for name, word, command, right in (
            ("orderPreparing", "preparing", OrderCommand.PREPARE, orders.ORDER_PREPARE),
            ("orderReady", "readyForPickup", OrderCommand.READY, orders.ORDER_READY),
            ("orderPickedUp", "pickedUp", OrderCommand.PICK_UP, orders.ORDER_PICK_UP),
            ("orderDelivered", "delivered", OrderCommand.DELIVER, orders.ORDER_DELIVER),
        )
    ),
    Operation(
        "dispatchOrder",
        "POST",
        "v1/orders/*/dispatch",
        orders.ORDER_DISPATCH,
        carrying.dispatch,
        COMMANDS,
    ),
    Operation(
        "orderTracking",
        "POST",
        "v1/orders/*/tracking",
        orders.ORDER_DISPATCH,
        carrying.track,
        COMMANDS,
    ),
    Operation(
        "orderValidateDelivery",
        "POST",
        "v1/orders/*/validateCode",
        orders.ORDER_CHECK_CODE,
        carrying.validate,
        frozenset({400, 401, 503}),
    ),
    *(
        Operation(
            name,
            "POST",
            f"v1/orders/*/{word}",
            orders.ORDER_ANSWER_CUSTOMER,
            answer,
            COMMANDS,
        )
        for name, word, answer in (
            ("cancellationAccepted", "acceptCancellation", commands.accept_cancellation),
            ("cancellationDenied", "denyCancellation", commands.deny_cancellation),
        )
    ),
    Operation(
        "logisticsAvailability",
        "POST",
        "v1/logistics/availability",
        None,
        logistic_asking.availability,
        PUBLIC | {404},
    ),
    Operation(
        "logisticsNewDelivery",
        "POST",
        "v1/logistics/delivery",
        errands.ERRAND_CREATE,
        logistic_asking.request,
        COMMANDS,
    ),
    Operation(
        "logisticDetails",
        "GET",
        "v1/logistics/delivery/*",
        errands.ERRAND_READ,
        logistics.details,
        PUBLIC | {404},
    ),
    *(
        Operation(name, "POST", f"v1/logistics/{word}/*", right, do, COMMANDS)
        for name, word, right, do in (
            ("logisticsReadyForPickup", "readyForPickup", errands.ERRAND_READY, logistics.ready),
            ("logisticsPicked", "orderPicked", errands.ERRAND_PICK_UP, logistics.picked),
            ("logisticsFinish", "finishDelivery", errands.ERRAND_FINISH, logistics.finish),
            ("logisticsProblem", "handleProblem", errands.ERRAND_ANSWER, logistics.handle),
            ("logisticsCancel", "cancel", errands.ERRAND_CANCEL, logistics.cancel),
        )
    ),
    Operation(
        "requestCancellation",
        "POST",
        "v1/orders/*/requestCancellation",
        orders.ORDER_REQUEST_CANCEL,
        commands.request_cancellation,
        COMMANDS,
    ),
)


def serve(incoming: Incoming, *steps: str) -> Said:
    """What an operation of the protocol answers.

    Raises NotFoundError (404) for a path that is none, and `errors.Told` with a status that the
    operation knows.
    """
    found = find(OPERATIONS, incoming.method, steps)
    if found is None:
        raise NotFoundError
    operation, named = found
    about(operation=operation.id)
    try:
        caller = _caller(incoming, operation)
        return operation.do(Call(caller, _store(caller), named, incoming))
    except ProblemError as error:
        raise errors.told(error, operation) from error


def _caller(incoming: Incoming, operation: Operation) -> Caller:
    """Who asks, if they may at all. A call is counted by who asks, or from where."""
    if operation.right is None:
        limits.spend(CALLS, incoming.source)
        return NOBODY
    caller = auth.caller_of(incoming.headers.get("authorization"))
    operation.right.demand_role(caller)
    if len(caller.stores) != 1:
        raise ForbiddenError("The protocol is for the machine of one store.")
    limits.spend(CALLS, caller.id)
    return caller


def _store(caller: Caller) -> str:
    return next(iter(caller.stores), "")
