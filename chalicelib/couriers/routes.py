"""HTTP of couriers, offers and deliveries: read, call, render."""

from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api
from chalicelib.couriers import (
    answering,
    choosing,
    claiming,
    duty,
    earning,
    profile,
    rating,
    reading,
    releasing,
    returning,
    rights,
    steps,
)
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.couriers.errors import (
    AgeNotCheckedError,
    AlreadyTakenError,
    DocumentsExpiredError,
    HoursUsedError,
    ImpossibleStepError,
    NoChoiceError,
    NoProfileError,
    NotHandedOverError,
    NotReadyError,
    OffDutyError,
    OfferGoneError,
    OnAJobError,
    OnboardingError,
    OnDutyElsewhereError,
    PinLockedError,
    PinNeededError,
    SuspendedError,
    WrongPinError,
)
from chalicelib.couriers.schemas import (
    ChoiceRequest,
    Completion,
    CourierRating,
    DeliveryView,
    DutyRequest,
    DutyView,
    EarningPage,
    EarningQuery,
    Handover,
    OfferList,
    OfferView,
    OrderDeliveryView,
    ReleaseRequest,
    ReturnRequest,
    SigningUp,
)
from chalicelib.couriers.standing_schemas import SignedUp
from chalicelib.couriers.status import DeliveryCommand
from chalicelib.orders import reading as orders
from chalicelib.orders.errors import ImpossibleMoveError

api = Api(__name__)

OFFER_ERRORS = (NotFoundError, OfferGoneError, BusyError)
STEP_ERRORS = (NotFoundError, ImpossibleStepError, BusyError)
ORDER_STEP_ERRORS = (*STEP_ERRORS, ImpossibleMoveError)


@api.get("/v1/courier", rights.COURIER_READ, errors=(NotFoundError,))
def read_courier(caller: Caller) -> SignedUp:
    """Read how one is known as a courier, and what is in the way of working, if anything is."""
    return profile.read(caller)


@api.put("/v1/courier", rights.COURIER_SET, errors=(BusyError,))
def set_courier(caller: Caller, body: SigningUp) -> SignedUp:
    """Say what customers and stores call one, what one rides, and in which city one works."""
    return profile.put(caller, body)


@api.get("/v1/courier/rating", rights.COURIER_READ)
def read_courier_rating(caller: Caller) -> CourierRating:
    """Read what customers think of one as a courier, once enough have said so."""
    return rating.read(caller)


@api.get("/v1/duty", rights.DUTY_READ)
def read_duty(caller: Caller) -> DutyView:
    """Read whether one is on duty, where, and with which deliveries in hand."""
    return duty.read(caller)


@api.post(
    "/v1/duty/start", rights.DUTY_START,
    errors=(
        NoProfileError, OnDutyElsewhereError, SuspendedError, OnboardingError,
        DocumentsExpiredError, HoursUsedError, BusyError,
    ),
)  # fmt: skip
def start_duty(caller: Caller, body: DutyRequest) -> DutyView:
    """Go on duty in a zone: offers may come. Repeating it changes nothing.

    Only who is `active` may: `GET /v1/courier` says what is in the way.
    """
    return duty.start(caller, body)


@api.post("/v1/duty/end", rights.DUTY_END, errors=(BusyError,))
def end_duty(caller: Caller) -> DutyView:
    """Go off duty: at once, or when the delivery in hand is done. No further offer comes."""
    return duty.end(caller)


@api.get("/v1/offers", rights.OFFER_LIST)
def list_offers(caller: Caller) -> OfferList:
    """List the offers that one may still answer."""
    return answering.live(caller)


@api.post("/v1/offers/{offer_id}/view", rights.OFFER_VIEW, errors=OFFER_ERRORS)
def view_offer(caller: Caller, offer_id: str) -> OfferView:
    """Say that one has seen an offer."""
    return answering.look(offer_id, caller)


@api.post(
    "/v1/offers/{offer_id}/accept", rights.OFFER_ACCEPT,
    errors=(*OFFER_ERRORS, AlreadyTakenError, OnAJobError, OffDutyError),
)  # fmt: skip
def accept_offer(caller: Caller, offer_id: str) -> DeliveryView:
    """Take a delivery. Of several couriers exactly one gets it; repeating it changes nothing."""
    return reading.view(claiming.accept(offer_id, caller), caller)


@api.post("/v1/offers/{offer_id}/decline", rights.OFFER_DECLINE, errors=OFFER_ERRORS)
def decline_offer(caller: Caller, offer_id: str) -> OfferView:
    """Say no to an offer, which costs nothing."""
    return answering.decline(offer_id, caller)


@api.get("/v1/deliveries/{delivery_id}", rights.DELIVERY_READ, errors=(NotFoundError,))
def read_delivery(caller: Caller, delivery_id: str) -> DeliveryView:
    """Read a delivery of one's own. Where it goes is shown while one brings it."""
    return reading.view(reading.demand(delivery_id, caller), caller)


@api.post(
    "/v1/deliveries/{delivery_id}/heading-to-store", rights.DELIVERY_CARRY, errors=STEP_ERRORS
)
def head_to_store(caller: Caller, delivery_id: str) -> DeliveryView:
    """Say that one is on the way to the store."""
    return _step(delivery_id, DeliveryCommand.HEAD_TO_STORE, caller)


@api.post(
    "/v1/deliveries/{delivery_id}/arrived-at-store", rights.DELIVERY_CARRY, errors=STEP_ERRORS
)
def arrive_at_store(caller: Caller, delivery_id: str) -> DeliveryView:
    """Say that one is at the store."""
    return _step(delivery_id, DeliveryCommand.ARRIVE_AT_STORE, caller)


@api.post(
    "/v1/deliveries/{delivery_id}/picked-up", rights.DELIVERY_CARRY,
    errors=(*ORDER_STEP_ERRORS, NotReadyError, NotHandedOverError),
)  # fmt: skip
def pick_up_delivery(caller: Caller, delivery_id: str) -> DeliveryView:
    """Say that one has the order. It is dispatched, and its customer sees where it is."""
    return _shown(steps.pick_up(delivery_id, caller), caller)


@api.post(
    "/v1/deliveries/{delivery_id}/heading-to-customer", rights.DELIVERY_CARRY, errors=STEP_ERRORS
)
def head_to_customer(caller: Caller, delivery_id: str) -> DeliveryView:
    """Say that one is on the way to the customer."""
    return _step(delivery_id, DeliveryCommand.HEAD_TO_CUSTOMER, caller)


@api.post(
    "/v1/deliveries/{delivery_id}/arrived-at-customer", rights.DELIVERY_CARRY, errors=STEP_ERRORS
)
def arrive_at_customer(caller: Caller, delivery_id: str) -> DeliveryView:
    """Say that one is at the customer's door."""
    return _step(delivery_id, DeliveryCommand.ARRIVE_AT_CUSTOMER, caller)


@api.post(
    "/v1/deliveries/{delivery_id}/delivered", rights.DELIVERY_HAND_OVER,
    errors=(
        *ORDER_STEP_ERRORS, WrongPinError, PinLockedError, AgeNotCheckedError, PinNeededError,
    ),
)  # fmt: skip
def hand_over_delivery(caller: Caller, body: Handover, delivery_id: str) -> DeliveryView:
    """Hand the order over to whoever knows its PIN, within five tries. It is then paid for.

    Without a PIN where it is to be left at the door; with `age_checked` where it is not for
    everybody.
    """
    return _shown(steps.deliver(delivery_id, body, caller), caller)


@api.post(
    "/v1/deliveries/{delivery_id}/undeliverable", rights.DELIVERY_BRING_BACK,
    errors=ORDER_STEP_ERRORS,
)  # fmt: skip
def bring_back_delivery(caller: Caller, body: ReturnRequest, delivery_id: str) -> DeliveryView:
    """Say why the order cannot be handed over. It is given up, and goes back to its store."""
    return _shown(returning.bring_back(delivery_id, body.code, caller), caller)


@api.post("/v1/deliveries/{delivery_id}/returned", rights.DELIVERY_BRING_BACK, errors=STEP_ERRORS)
def return_delivery(caller: Caller, delivery_id: str) -> DeliveryView:
    """Say that the store has the order again. The way is paid."""
    return _shown(returning.hand_back(delivery_id, caller), caller)


@api.post("/v1/deliveries/{delivery_id}/release", rights.DELIVERY_RELEASE, errors=STEP_ERRORS)
def release_delivery(caller: Caller, body: ReleaseRequest, delivery_id: str) -> DeliveryView:
    """Give a delivery back before pick-up. Another courier is looked for."""
    return _shown(releasing.release(delivery_id, body.code, caller), caller)


@api.post("/v1/deliveries/{delivery_id}/reassign", rights.DELIVERY_REASSIGN, errors=STEP_ERRORS)
def reassign_delivery(caller: Caller, body: ReleaseRequest, delivery_id: str) -> DeliveryView:
    """Take a delivery from its courier before pick-up, as an operator."""
    return _shown(releasing.reassign(delivery_id, body.code, caller), caller)


@api.post(
    "/v1/deliveries/{delivery_id}/complete", rights.DELIVERY_COMPLETE, errors=ORDER_STEP_ERRORS
)
def complete_delivery(caller: Caller, body: Completion, delivery_id: str) -> DeliveryView:
    """Complete a delivery at its customer's door without a PIN, as an operator, saying why."""
    return _shown(steps.complete(delivery_id, body, caller), caller)


@api.get("/v1/earnings", rights.EARNING_LIST)
def list_earnings(caller: Caller, query: EarningQuery) -> EarningPage:
    """List what one has earned, newest first."""
    return earning.listing(caller.id, limit=query.limit, cursor=query.cursor)


@api.get("/v1/orders/{order_id}/delivery", rights.ORDER_READ_DELIVERY, errors=(NotFoundError,))
def read_order_delivery(caller: Caller, order_id: str) -> OrderDeliveryView:
    """Read how an order is brought: by whom, with which PIN, and what one may choose."""
    return reading.of_order(order_id, caller)


@api.post(
    "/v1/orders/{order_id}/no-courier", rights.ORDER_CHOOSE,
    errors=(NotFoundError, NoChoiceError, BusyError, ImpossibleMoveError),
)  # fmt: skip
def choose_without_courier(caller: Caller, body: ChoiceRequest, order_id: str) -> OrderDeliveryView:
    """Wait on, collect the order oneself, or give it up for nothing, since no courier was found."""
    delivery = choosing.choose(order_id, body.choice, caller)
    order = orders.demand(order_id, caller, rights.ORDER_CHOOSE)
    return reading.order_view(order, delivery, caller)


def _step(delivery_id: str, command: DeliveryCommand, caller: Caller) -> DeliveryView:
    return _shown(steps.step(delivery_id, command, caller), caller)


def _shown(delivery: DeliveryHead, caller: Caller) -> DeliveryView:
    return reading.view(delivery, caller)
