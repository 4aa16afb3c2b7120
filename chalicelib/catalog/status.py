"""The life of a store, as one table. A pause is no state: it stands beside it, and may end."""

from enum import StrEnum


class StoreStatus(StrEnum):
    DRAFT = "draft"
    LIVE = "live"
    SUSPENDED = "suspended"


class StoreCommand(StrEnum):
    APPROVE = "approve"
    SUSPEND = "suspend"


class StoreKind(StrEnum):
    RESTAURANT = "restaurant"
    GROCERY = "grocery"


class Fulfilment(StrEnum):
    """How an order reaches its customer."""

    DELIVERY = "delivery"
    TAKEAWAY = "takeaway"
    DINE_IN = "dine_in"


class DeliveredBy(StrEnum):
    """Who brings a store's orders: the platform's couriers, or its own people."""

    PLATFORM = "platform"
    STORE = "store"


class StaffRole(StrEnum):
    """What somebody is to one store, or to a merchant (there only owner)."""

    OWNER = "owner"
    MANAGER = "manager"
    TILL = "till"


class PauseReason(StrEnum):
    BUSY = "busy"
    EQUIPMENT = "equipment"
    STAFF = "staff"
    STOCK = "stock"
    OTHER = "other"
    NO_RESPONSE = "no_response"
    NO_HEARTBEAT = "no_heartbeat"


class SoldOutReason(StrEnum):
    SOLD_OUT = "sold_out"
    QUALITY = "quality"
    EQUIPMENT = "equipment"
    STAFF = "staff"
    OTHER = "other"


class Returns(StrEnum):
    """When what is sold out comes back by itself; `by_hand`: somebody has to say so."""

    AT = "at"
    NEXT_SERVICE_DAY = "next_service_day"
    NEXT_OPENING = "next_opening"
    BY_HAND = "by_hand"


STORE_MOVES: dict[tuple[StoreStatus, StoreCommand], StoreStatus] = {
    (StoreStatus.DRAFT, StoreCommand.APPROVE): StoreStatus.LIVE,
    (StoreStatus.SUSPENDED, StoreCommand.APPROVE): StoreStatus.LIVE,
    (StoreStatus.LIVE, StoreCommand.SUSPEND): StoreStatus.SUSPENDED,
}

REACHED_BY: dict[StoreCommand, StoreStatus] = {
    command: target for (_, command), target in STORE_MOVES.items()
}


def allowed_commands(status: StoreStatus) -> list[str]:
    """What an operator can do with a store in this state."""
    return sorted(command for at, command in STORE_MOVES if at is status)
