"""HTTP of how a store is watched: its app's heartbeat, and what asks for its attention."""

from chalicelib.core.errors import BusyError
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api
from chalicelib.integrations import attention, rights, watching
from chalicelib.integrations.routes import STORE_ERRORS
from chalicelib.integrations.watch_schemas import HeartbeatView, StoreAttention

api = Api(__name__)


@api.post(
    "/v1/stores/{store_id}/heartbeat", rights.STORE_HEARTBEAT, errors=(*STORE_ERRORS, BusyError)
)
def send_heartbeat(caller: Caller, store_id: str) -> HeartbeatView:
    """Say every minute that the store's app is there, from any of its devices.

    After five minutes of silence in its hours the store is paused, unless a webhook reaches it; the
    next beat ends that pause.
    """
    return watching.beat(caller, store_id)


@api.delete("/v1/stores/{store_id}/heartbeat", rights.STORE_HEARTBEAT, errors=STORE_ERRORS)
def end_heartbeat(caller: Caller, store_id: str) -> None:
    """Put the store's app away: its silence means nothing until it beats again."""
    watching.put_away(caller, store_id)


@api.get("/v1/stores/{store_id}/attention", rights.STORE_ATTENTION, errors=STORE_ERRORS)
def read_attention(caller: Caller, store_id: str) -> StoreAttention:
    """Read what asks for a store's attention: orders that wait, those it missed, and its app."""
    return attention.of_store(caller, store_id)
