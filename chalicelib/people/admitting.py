"""Sessions of the user pool for who has proven their address: the pool issues them, as to anybody.

Each sign-in sets a password of 256 random bits, uses it at once, and forgets it. Nobody else knows
it, and it opens nothing that the address does not open (docs/decisions/sign-in.md).
"""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core import aws, ids
from chalicelib.core.errors import BusyError, UnavailableError
from chalicelib.core.rights import Role
from chalicelib.core.settings import settings
from chalicelib.people.code_schemas import Tokens
from chalicelib.people.errors import CodeRefusedError, SessionOverError

RACES = 4
PASSWORD_BITS = 256
ELSEWHERE = "EXTERNAL_PROVIDER"
"""An account of somebody who comes by Google, Apple or Kakao: their address opens it to nobody."""
UNUSED = "FORCE_CHANGE_PASSWORD"


def admit(address: str) -> Tokens:
    """Tokens for whose sign-in an address is; somebody new where it is nobody's.

    Raises CodeRefusedError (401) for an operator, for who is shut out, for whose account is another
    provider's, and for an address that nobody has proven; UnavailableError (503); BusyError (409)
    where others sign in by the same address at the same moment.
    """
    name = "email" if "@" in address else "phone_number"
    known = _ask("admin_get_user", "UserNotFoundException", Username=address)
    if known is None:
        _ask(
            "admin_create_user",
            "UsernameExistsException",  # another request was faster: then it is theirs, too
            Username=address,
            MessageAction="SUPPRESS",
            UserAttributes=_verified(name, address),
        )
    elif not known["Enabled"] or not _may(known):
        raise CodeRefusedError
    elif not _is_verified(known, name):
        _verify(known, name, address)
    return _signed_in(address)


def _verify(known: Any, name: str, address: str) -> None:  # noqa: ANN401 - boto3's
    """An operator has made this account for the address: now it is proven.

    Of any other account it may be what somebody else has written into it: that opens nothing.
    """
    if known["UserStatus"] != UNUSED:
        raise CodeRefusedError
    proven = [{"Name": f"{name}_verified", "Value": "true"}]
    _ask("admin_update_user_attributes", Username=address, UserAttributes=proven)


def renew(refresh_token: str) -> Tokens:
    """The next access token of a session. Raises SessionOverError (401), UnavailableError (503)."""
    answer = _begin("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=refresh_token)
    if answer is None:
        raise SessionOverError
    return _tokens(answer)


def _signed_in(address: str) -> Tokens:
    for _ in range(RACES):
        password = f"{ids.token(PASSWORD_BITS)}-a1"  # of every class that a pool may demand
        _ask("admin_set_user_password", Username=address, Password=password, Permanent=True)
        answer = _begin("ADMIN_USER_PASSWORD_AUTH", USERNAME=address, PASSWORD=password)
        if answer is not None:  # else another sign-in has set another password in between
            return _tokens(answer)
    raise BusyError


def _tokens(answer: Any) -> Tokens:  # noqa: ANN401 - boto3's
    given = answer.get("AuthenticationResult")
    if given is None:  # the pool asks for more than we know to answer
        raise CodeRefusedError
    return Tokens(
        access_token=given["AccessToken"],
        expires_in=given["ExpiresIn"],
        refresh_token=given.get("RefreshToken"),
    )


def _begin(flow: str, **said: str) -> Any:  # noqa: ANN401 - boto3's
    client = settings().user_pool_client
    return _ask(
        "admin_initiate_auth",
        "NotAuthorizedException",
        ClientId=client,
        AuthFlow=flow,
        AuthParameters=said,
    )


def _may(known: Any) -> bool:  # noqa: ANN401 - boto3's
    """Whether an account is one that an address opens: no operator's, and of the pool's own."""
    if known["UserStatus"] == ELSEWHERE:
        return False
    groups = _ask("admin_list_groups_for_user", Username=known["Username"])["Groups"]
    return all(group["GroupName"] != Role.OPERATOR for group in groups)


def _verified(name: str, address: str) -> list[dict[str, str]]:
    return [{"Name": name, "Value": address}, {"Name": f"{name}_verified", "Value": "true"}]


def _is_verified(user: Any, name: str) -> bool:  # noqa: ANN401 - boto3's
    said = {one["Name"]: one["Value"] for one in user["UserAttributes"]}
    return said.get(f"{name}_verified") == "true"


def _ask(operation: str, absent: str = "", **said: Any) -> Any:  # noqa: ANN401 - boto3's
    """What the pool answers; None where it says that (`absent`)."""
    try:
        return getattr(aws.client("cognito-idp"), operation)(
            UserPoolId=settings().user_pool, **said
        )
    except ClientError as error:
        if absent and error.response["Error"]["Code"] == absent:
            return None
        raise UnavailableError from error
    except BotoCoreError as error:
        raise UnavailableError from error
