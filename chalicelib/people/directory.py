"""The user pool as a directory: whose an address is, and to which groups somebody belongs.

What stands there stays there: nothing of it is copied to our tables.
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
"""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core import aws
from chalicelib.core.errors import NotFoundError, UnavailableError
from chalicelib.core.rights import Role
from chalicelib.core.settings import settings

VERIFIED = {"email": "email_verified", "phone_number": "phone_number_verified"}
MOST_FOUND = 10


def find(address: str) -> list[str]:
    """The ids of the people who have this e-mail address or phone number, verified or not.

    Raises UnavailableError (503).
    """
    name = "email" if "@" in address else "phone_number"
    return sorted(_attributes(user)["sub"] for user in _users(name, address))


def addresses(person_id: str) -> list[str]:
    """The addresses that a person has proven to have; none of somebody whom the pool never saw."""
    said = [_attributes(user) for user in _users("sub", person_id)]
    return [one[name] for one in said for name in VERIFIED if one.get(VERIFIED[name]) == "true"]


def add_to(person_id: str, role: Role) -> None:
    """Let a person be of a group, from their next token on. Safe to repeat.

    Raises NotFoundError (404) for somebody whom the pool does not know.
    """
    _ask("admin_add_user_to_group", Username=_name(person_id), GroupName=role.value)


def _name(person_id: str) -> str:
    """What the pool calls a person: of who came by another provider it is not their id."""
    for user in _users("sub", person_id):
        return str(user["Username"])
    raise NotFoundError


def _users(name: str, value: str) -> list[dict[str, Any]]:
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    found: list[dict[str, Any]] = _ask(
        "list_users", Filter=f'{name} = "{quoted}"', Limit=MOST_FOUND
    )["Users"]
    return found


def _attributes(user: dict[str, Any]) -> dict[str, str]:
    return {one["Name"]: one["Value"] for one in user["Attributes"]}


def _ask(operation: str, **said: Any) -> Any:  # noqa: ANN401 - boto3 builds its clients at run time
    try:
        return getattr(aws.client("cognito-idp"), operation)(
            UserPoolId=settings().user_pool, **said
        )
    except (BotoCoreError, ClientError) as error:
        raise UnavailableError from error
