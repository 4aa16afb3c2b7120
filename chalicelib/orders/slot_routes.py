"""HTTP of slots."""

from chalicelib.catalog.errors import StoreNotFoundError
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api
from chalicelib.orders import rights, slots
from chalicelib.orders.slot_schemas import SlotList, SlotQuery

api = Api(__name__)


@api.get("/v1/stores/{store_id}/slots", rights.SLOT_LIST, errors=(StoreNotFoundError,))
def list_slots(caller: Caller, query: SlotQuery, store_id: str) -> SlotList:
    """List the moments of a day for which a store can promise an order now.

    By its hours, holidays and pauses, by what its kitchen takes then, and by what places it has
    left. Nothing is kept for who looks: the order takes the place.
    """
    return slots.listing(caller, store_id, query)
