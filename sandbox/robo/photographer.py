"""An owner who puts a picture of a dish on the menu: announced, sent, shown once it is ready."""

import copy
import io
from http import HTTPStatus
from urllib.request import Request, urlopen

from PIL import Image

from sandbox.robo.caller import Caller
from sandbox.robo.line import Json, Lost
from sandbox.robo.pace import Pace

SIZE = (640, 480)
LOOKS = 120  # wall seconds in all, one look a second
TIMEOUT = 30.0


def hang(owner: Caller, pace: Pace, store_id: str, menu: Json, hue: int) -> str:
    """Give the first dish of a menu a picture, and publish it. The picture's address.

    Raises Refused, and Lost where the picture was refused or is not ready in two minutes.
    """
    content = _picture(hue)
    body = {"media_type": "image/png", "bytes": len(content)}
    path = f"/v1/stores/{store_id}/images"
    image = owner.post(path, body, key=f"picture-{store_id}")
    _put(image["upload"], content)
    owner.post(f"{path}/{image['id']}/sent")
    url = _ready(owner, pace, f"{path}/{image['id']}")
    owner.call("PUT", f"/v1/stores/{store_id}/menu", _with_picture(menu, url))
    with urlopen(url, timeout=TIMEOUT) as shown:  # noqa: S310 - the sandbox's own address
        if shown.status != HTTPStatus.OK or not shown.read(4) == b"RIFF":
            raise Lost(f"{url} shows no picture")
    return url


def _ready(owner: Caller, pace: Pace, path: str) -> str:
    for _ in range(LOOKS):
        image = owner.get(path)
        if image["status"] == "ready":
            return str(image["url"])
        if image["status"] == "refused":
            raise Lost(f"a picture was refused: {image['problem']}")
        pace.rest(1.0)
    raise Lost(f"{path} is not ready")


def _put(upload: Json, content: bytes) -> None:
    told = Request(upload["url"], content, upload["headers"], method="PUT")  # noqa: S310 - as above
    with urlopen(told, timeout=TIMEOUT):  # noqa: S310 - as above
        return


def _with_picture(menu: Json, url: str) -> Json:
    changed = copy.deepcopy(menu)
    changed["categories"][0]["items"][0]["image_url"] = url
    return changed


def _picture(hue: int) -> bytes:
    """A plate in a colour: no two stores' are alike."""
    image = Image.new("HSV", SIZE, (hue % 256, 90, 240)).convert("RGB")
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()
