"""HTTP of the devices that people are reached on, and of what nobody could be told."""

from chalicelib.core.errors import BusyError, NotFoundError, TooManyError, UnavailableError
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api
from chalicelib.notifications import devices, noticing, rights, signing_out
from chalicelib.notifications.errors import DeviceLimitError, TokenRefusedError
from chalicelib.notifications.schemas import DeviceList, DeviceView, NewDevice, UnreachedList

api = Api(__name__)

REGISTRATIONS = Limit("devices", calls=30, seconds=60)


@api.put(
    "/v1/devices/{device_id}", rights.DEVICE_REGISTER, limit=REGISTRATIONS,
    errors=(
        NotFoundError, DeviceLimitError, TokenRefusedError, BusyError, TooManyError,
        UnavailableError,
    ),
)  # fmt: skip
def register_device(caller: Caller, body: NewDevice, device_id: str) -> DeviceView:
    """Be reached on this device, at each start of the app and whenever its token changes.

    The app makes the id once and keeps it: `dev_` and 26 characters, as all ids here. Who signs in
    on a phone is reached on it from then on, and who was signed in there before no longer.
    """
    return devices.register(caller.id, device_id, body)


@api.get("/v1/devices", rights.DEVICE_LIST)
def list_devices(caller: Caller) -> DeviceList:
    """List the caller's own devices, without their tokens."""
    return devices.listing(caller.id)


@api.delete(
    "/v1/devices/{device_id}", rights.DEVICE_REMOVE, errors=(NotFoundError, BusyError)
)  # fmt: skip
def remove_device(caller: Caller, device_id: str) -> None:
    """Sign out: be reached on this device no more."""
    devices.remove(caller.id, device_id)


@api.post("/v1/sign-out", rights.SIGN_OUT, errors=(BusyError,))
def sign_out_everywhere(caller: Caller) -> None:
    """Sign out everywhere: every token ends within seconds, this one too, on every device."""
    signing_out.everywhere(caller)


@api.get("/v1/notices/unreached", rights.NOTICE_UNREACHED)
def list_unreached_notices() -> UnreachedList:
    """List the decisions that somebody could not be told: for a person to tell them."""
    return noticing.unreached()
