"""Pictures of dishes over HTTP."""

from chalicelib.catalog import images, rights
from chalicelib.catalog.errors import ImageNotFoundError, ImageNotThereError, StoreNotFoundError
from chalicelib.catalog.image_schemas import ImageView, NewImage
from chalicelib.catalog.routes import REPLAYED
from chalicelib.core.errors import KeyReusedError
from chalicelib.core.idempotency import Key
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller
from chalicelib.core.routing import Answer
from chalicelib.core.web import Api

api = Api(__name__)

IMAGES = Limit("images", calls=300, seconds=3600)


@api.post(
    "/v1/stores/{store_id}/images",
    rights.MENU_PUBLISH,
    status=201,
    limit=IMAGES,
    errors=(StoreNotFoundError, KeyReusedError),
)
def create_image(caller: Caller, body: NewImage, store_id: str, key: Key) -> Answer[ImageView]:
    """Announce a picture: the answer says where to put it, within a quarter of an hour."""
    view, repeated = images.begin(caller, store_id, body, key)
    return Answer(view, headers=REPLAYED if repeated else {})


@api.post(
    "/v1/stores/{store_id}/images/{image_id}/sent",
    rights.MENU_PUBLISH,
    errors=(StoreNotFoundError, ImageNotFoundError, ImageNotThereError),
)
def send_image(caller: Caller, store_id: str, image_id: str) -> ImageView:
    """Say that the picture was put: it is looked at within a minute or two."""
    return images.sent(caller, store_id, image_id)


@api.get(
    "/v1/stores/{store_id}/images/{image_id}",
    rights.MENU_PUBLISH,
    errors=(StoreNotFoundError, ImageNotFoundError),
)
def read_image(caller: Caller, store_id: str, image_id: str) -> ImageView:
    """Read how a picture stands; ready, it has an address to be shown from."""
    return images.read(caller, store_id, image_id)
