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
