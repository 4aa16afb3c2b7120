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


def whose(address: str) -> list[str]:
    """The ids of the people who have proven to have this address. Raises UnavailableError (503)."""
    name = "email" if "@" in address else "phone_number"
    found = [_attributes(user) for user in _users(name, address)]
    return sorted(one["sub"] for one in found if one.get(VERIFIED[name]) == "true")


def add_to(person_id: str, role: Role) -> None:
    """Let a person be of a group, from their next token on. Safe to repeat.

    Who is of no group is a customer, and would be none any more: they join that one, too.
    Raises NotFoundError (404) for somebody whom the pool does not know.
    """
    name = _name(person_id)
    has_any = _ask("admin_list_groups_for_user", Username=name)["Groups"]
    for group in (role,) if has_any else (Role.CUSTOMER, role):
        _ask("admin_add_user_to_group", Username=name, GroupName=group.value)


def known(person_ids: list[str]) -> list[str]:
    """Those of these ids whom the pool knows."""
    return [one for one in person_ids if _users("sub", one)]


def sign_out(person_id: str) -> None:
    """End every refresh token of a person. Of whom the pool does not know there is none."""
    for user in _users("sub", person_id):
        _ask("admin_user_global_sign_out", Username=user["Username"])


def disable(person_id: str) -> None:
    """Let somebody sign in no more, and end their refresh tokens. Raises NotFoundError (404)."""
    name = _name(person_id)
    _ask("admin_disable_user", Username=name)
    _ask("admin_user_global_sign_out", Username=name)


def shut_out(person_id: str) -> None:
    """The same of somebody whom the pool may have forgotten already. Safe to repeat."""
    for user in _users("sub", person_id):
        _ask("admin_disable_user", Username=user["Username"])
        _ask("admin_user_global_sign_out", Username=user["Username"])


def forget(person_id: str) -> None:
    """Remove somebody from the pool for good. Safe to repeat."""
    for user in _users("sub", person_id):
        _ask("admin_delete_user", Username=user["Username"])


def enable(person_id: str) -> None:
    """Let somebody sign in again. Raises NotFoundError (404)."""
    _ask("admin_enable_user", Username=_name(person_id))


def _name(person_id: str) -> str:
    """What the pool calls a person: of who came by another provider it is not their id."""
    for user in _users("sub", person_id):
        return str(user["Username"])
    raise NotFoundError


def _users(name: str, value: str) -> list[dict[str, Any]]:
    """Those of whom this attribute is exactly that. What is found is looked at once more."""
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    found: list[dict[str, Any]] = _ask(
        "list_users", Filter=f'{name} = "{quoted}"', Limit=MOST_FOUND
    )["Users"]
    return [one for one in found if _attributes(one).get(name, "").casefold() == value.casefold()]


def _attributes(user: dict[str, Any]) -> dict[str, str]:
    return {one["Name"]: one["Value"] for one in user["Attributes"]}


def _ask(operation: str, **said: Any) -> Any:  # noqa: ANN401 - boto3 builds its clients at run time
    try:
        return getattr(aws.client("cognito-idp"), operation)(
            UserPoolId=settings().user_pool, **said
        )
    except (BotoCoreError, ClientError) as error:
        raise UnavailableError from error
