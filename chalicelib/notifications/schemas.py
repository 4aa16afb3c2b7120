"""Devices, as they cross the border. The push token comes in and never goes out."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from chalicelib.core import ids
from chalicelib.core.schemas import Moment, Wire

SAMPLE = "01JD9Z6M7Q3W8K5N2R4T6V8X0Y"


class Platform(StrEnum):
    """Whose push service reaches a device: Google's (Firebase) or Apple's."""

    FCM = "fcm"
    APNS = "apns"


class Language(StrEnum):
    """What a person reads."""

    KO = "ko"
    EN = "en"


class Unreached(StrEnum):
    """Why a notice is left to a person."""

    UNREACHED = "unreached"
    UNKNOWN = "unknown"


class NewDevice(Wire):
    """How a device is reached. Sent at every start of the app: tokens change without notice."""

    platform: Annotated[Platform, Field(examples=["fcm"])]
    token: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9_:.=-]{8,1024}$",
            description="The push service's. Never shown again.",
            examples=["fZ1kQm0aT5:APA91bHun4MxP5egoKMwt2KZFBaFUH"],
        ),
    ]
    language: Annotated[Language, Field(examples=["ko"])]


class DeviceView(Wire):
    """A device of the caller's. `alive` is false once its push service knows it no more."""

    id: Annotated[str, Field(pattern=ids.pattern("dev"), examples=[f"dev_{SAMPLE}"])]
    platform: Platform
    language: Language
    alive: bool
    registered_at: Moment


class DeviceList(Wire):
    """Every device that the caller is signed in on, by id."""

    items: list[DeviceView]


class UnreachedNotice(Wire):
    """What somebody was to be told of a decision, and could not be."""

    id: Annotated[str, Field(examples=[f"evt_{SAMPLE}"])]
    recipient: Annotated[
        str,
        Field(
            description="Whom it is for: a person, a store's owners, or whoever was invited.",
            examples=["6f1c2f0e-3a55-4b1e-9d0a-5f6d2c7b8a90"],
        ),
    ]
    type: Annotated[str, Field(examples=["notice.application_approved"])]
    why: Annotated[
        Unreached,
        Field(
            description="`unreached`: no service took it. `unknown`: one may have taken it.",
            examples=["unreached"],
        ),
    ]
    decided_at: Moment


class UnreachedList(Wire):
    """The oldest hundred of those that are left to a person."""

    items: list[UnreachedNotice]
