"""HTTP of what people say of themselves."""

from chalicelib.core.errors import BusyError
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api
from chalicelib.people import profiling, rights
from chalicelib.people.schemas import NewProfile, ProfileView

api = Api(__name__)


@api.get("/v1/profile", rights.PROFILE_READ)
def read_profile(caller: Caller) -> ProfileView:
    """Read what the caller says of themselves, and what they agree to."""
    return profiling.read(caller)


@api.put("/v1/profile", rights.PROFILE_WRITE, errors=(BusyError,))
def write_profile(caller: Caller, body: NewProfile) -> ProfileView:
    """Replace it. A consent that is not named stays as it is; repeating it changes nothing."""
    return profiling.write(caller, body)
