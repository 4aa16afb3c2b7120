"""Pictures of dishes: what is going to be sent, where to, and what became of it."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core import ids
from chalicelib.core.schemas import Moment, Wire

IMAGE = "img"
LARGEST_IMAGE = 8_000_000

ImageId = Annotated[
    str, Field(pattern=ids.pattern(IMAGE), examples=["img_01JDB6Y0Q4ZJ8W6N3V5K7M9P2R"])
]
MediaType = Literal["image/jpeg", "image/png", "image/webp"]


class ImageStatus(StrEnum):
    """How a picture stands. `ready` and `refused` are for good."""

    AWAITED = "awaited"
    WAITING = "waiting"
    READY = "ready"
    REFUSED = "refused"


class ImageProblem(StrEnum):
    """Why a picture was refused."""

    NOT_A_PICTURE = "not_a_picture"
    DAMAGED = "damaged"
    TOO_SMALL = "too_small"
    TOO_MANY_PIXELS = "too_many_pixels"
    GAVE_UP = "gave_up"


class NewImage(Wire):
    """A picture that is going to be sent: its type, and how many bytes it has."""

    media_type: Annotated[MediaType, Field(examples=["image/jpeg"])]
    bytes: Annotated[int, Field(ge=1, le=LARGEST_IMAGE, examples=[284_113])]


class Put(Wire):
    """Where to put the file, with just these headers, until when: `PUT` it there."""

    url: Annotated[
        str, Field(examples=["https://ieum-images.s3.us-east-1.amazonaws.com/received/img?sig"])
    ]
    headers: Annotated[
        dict[str, str],
        Field(examples=[{"Content-Type": "image/jpeg", "Content-Length": "284113"}]),
    ]
    expires_at: Moment


class ImageView(Wire):
    """A picture. `upload` while it is awaited; `url` once it is ready, for a menu's `image_url`."""

    id: ImageId
    store_id: Annotated[str, Field(examples=["sto_01JDB6Y0Q4ZJ8W6N3V5K7M9P2R"])]
    status: ImageStatus
    problem: ImageProblem | None = None
    upload: Put | None = None
    url: Annotated[
        str | None,
        Field(examples=["https://images.example.com/images/img_01JDB6Y0Q4ZJ8W6N3V5K7M9P2R.webp"]),
    ] = None
    width: Annotated[int | None, Field(examples=[1600])] = None
    height: Annotated[int | None, Field(examples=[1200])] = None
