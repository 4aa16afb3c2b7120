"""HTTP of signing in by a code, and staying signed in."""

from chalicelib.core.errors import BusyError, TooManyError
from chalicelib.core.limits import Limit
from chalicelib.core.routing import Answer
from chalicelib.core.web import Api
from chalicelib.people import admitting, codes, rights
from chalicelib.people.code_schemas import CodeProof, CodeRequest, CodeView, Renewal, Tokens
from chalicelib.people.errors import ChannelClosedError, CodeRefusedError, SessionOverError
from chalicelib.people.guest_routes import NO_STORE

api = Api(__name__)

ASKED = Limit("sign-in-codes", calls=30, seconds=600)
CONFIRMED = Limit("sign-in-tries", calls=60, seconds=600)
RENEWED = Limit("session-tokens", calls=600, seconds=60)


@api.post(
    "/v1/sign-in/codes", rights.SIGN_IN_ASK, status=201, limit=ASKED,
    errors=(ChannelClosedError, TooManyError, BusyError),
)  # fmt: skip
def ask_for_code(body: CodeRequest) -> Answer[CodeView]:
    """Have a code sent to your e-mail address or phone: to sign in, or up.

    The answer does not tell whether somebody has an account. A code is good for ten minutes, five
    tries and one sign-in.
    """
    return Answer(codes.ask(body), headers=NO_STORE)


@api.post(
    "/v1/sign-in/codes/{code_id}/confirm", rights.SIGN_IN_CONFIRM, limit=CONFIRMED,
    errors=(CodeRefusedError, TooManyError, BusyError),
)  # fmt: skip
def confirm_code(body: CodeProof, code_id: str) -> Answer[Tokens]:
    """Sign in by the code that came. Whoever had no account has one now."""
    return Answer(codes.confirm(code_id, body), headers=NO_STORE)


@api.post(
    "/v1/sign-in/token", rights.SESSION_RENEW, limit=RENEWED,
    errors=(SessionOverError, TooManyError),
)  # fmt: skip
def renew_session(body: Renewal) -> Answer[Tokens]:
    """Get the next access token of a session, however it began."""
    return Answer(admitting.renew(body.refresh_token), headers=NO_STORE)
