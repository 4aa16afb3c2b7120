"""Menus in bulk over HTTP."""

from chalicelib.catalog import rights, uploading
from chalicelib.catalog.errors import MenuTooLargeError, StoreNotFoundError, UploadNotFoundError
from chalicelib.catalog.routes import LARGEST_MENU_BODY, REPLAYED
from chalicelib.catalog.upload_schemas import NewUpload, UploadView
from chalicelib.core.errors import KeyReusedError
from chalicelib.core.idempotency import Key
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller
from chalicelib.core.routing import Answer
from chalicelib.core.web import Api

api = Api(__name__)

UPLOADS = Limit("menu_uploads", calls=20, seconds=3600)


@api.post(
    "/v1/stores/{store_id}/menu-uploads",
    rights.MENU_PUBLISH,
    status=202,
    limit=UPLOADS,
    largest=LARGEST_MENU_BODY,
    errors=(StoreNotFoundError, MenuTooLargeError, KeyReusedError),
)
def upload_menu(caller: Caller, body: NewUpload, store_id: str, key: Key) -> Answer[UploadView]:
    """Send many items at once. They are worked within a minute or two: ask for the result."""
    view, repeated = uploading.receive(caller, store_id, body, key)
    return Answer(view, headers=REPLAYED if repeated else {})


@api.get(
    "/v1/stores/{store_id}/menu-uploads/{upload_id}",
    rights.MENU_PUBLISH,
    errors=(StoreNotFoundError, UploadNotFoundError),
)
def read_menu_upload(caller: Caller, store_id: str, upload_id: str) -> UploadView:
    """Read what became of an upload: how it stands, and a result for each line."""
    return uploading.read(caller, store_id, upload_id)
