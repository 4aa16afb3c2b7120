"""The people who sign in to the sandbox: made in the user pool by its admin API, known to all.

Their password is printed in the tour. It opens nothing but a pool on this machine.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

PASSWORD = "walk-the-forest-path"  # noqa: S105 - public, of the sandbox only

type Client = Any
"""boto3 makes its clients' methods at run time."""


@dataclass(frozen=True)
class Person:
    """Somebody with a sign-in. The role is a group of the pool."""

    email: str
    name: str
    role: str


CUSTOMERS = (
    Person("mina@example.com", "김미나", "customer"),
    Person("jun@example.com", "이준", "customer"),
    Person("sora@example.com", "박소라", "customer"),
)
COURIERS = (
    Person("rider-woo@example.com", "우성민", "courier"),
    Person("rider-dahye@example.com", "한다혜", "courier"),
)
OWNER = Person("owner@example.com", "문소영", "merchant")
OPERATOR = Person("operator@example.com", "서지훈", "operator")
EVERYBODY = (*CUSTOMERS, *COURIERS, OWNER, OPERATOR)


def create(cognito: Client, pool_id: str, who: Iterable[Person] = EVERYBODY) -> None:
    """Make their sign-ins, with the password and the group of each. Safe to repeat.

    Each of the three steps is made anew, so that an attempt that was cut off is completed.
    """
    for person in who:
        _create(cognito, pool_id, person)


def sign_in(cognito: Client, client_id: str, email: str, password: str = PASSWORD) -> str:
    """An access token, good for 15 minutes. Raises ClientError where the password is wrong."""
    answer = cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": email, "PASSWORD": password},
    )
    token: str = answer["AuthenticationResult"]["AccessToken"]
    return token


def _create(cognito: Client, pool_id: str, person: Person) -> None:
    who = {"UserPoolId": pool_id, "Username": person.email}
    attributes = {"email": person.email, "email_verified": "true", "name": person.name}
    try:
        cognito.admin_create_user(
            **who,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "UsernameExistsException":
            raise
    cognito.admin_set_user_password(**who, Password=PASSWORD, Permanent=True)
    cognito.admin_add_user_to_group(**who, GroupName=person.role)
