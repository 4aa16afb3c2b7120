"""The user pool of the tests: moto's, under the id that the settings name."""

from collections import defaultdict
from typing import Any

import boto3
from moto.cognitoidp.models import (
    CognitoIdpBackend,
    CognitoIdpGroup,
    CognitoIdpUser,
    CognitoIdpUserPool,
    CognitoIdpUserPoolClient,
    cognitoidp_backends,
)

from chalicelib.core.settings import settings
from tests.tables import ACCOUNT, REGION

GROUPS = ("customer", "courier", "merchant", "operator")


def settle(**people: str) -> None:
    """People by their ids, with the address that each has proven to have."""
    pool = _pool()
    for person_id, address in people.items():
        name = "email" if "@" in address else "phone_number"
        said = {name: address, f"{name}_verified": "true"}
        add(person_id, pool=pool, **said)


def add(person_id: str, *, pool: CognitoIdpUserPool | None = None, **said: str) -> None:
    """Somebody, with what the pool knows of them."""
    attributes = [{"Name": name, "Value": value} for name, value in said.items()]
    pool = pool or _pool()
    user = CognitoIdpUser(pool.id, person_id, None, "CONFIRMED", attributes)
    user.id = person_id
    user.update_attributes([{"Name": "sub", "Value": person_id}])
    pool.users[person_id] = user


def _pool() -> CognitoIdpUserPool:
    backend: CognitoIdpBackend = cognitoidp_backends[ACCOUNT][REGION]
    pool_id = settings().user_pool
    if pool_id not in backend.user_pools:
        named_by = {"UsernameAttributes": ["email", "phone_number"]}
        made = backend.create_user_pool("people", named_by)
        del backend.user_pools[made.id]
        made.id = pool_id
        backend.user_pools[pool_id] = made
        app = CognitoIdpUserPoolClient(pool_id, generate_secret=False, extended_config={})
        app.id = settings().user_pool_client
        made.clients[app.id] = app
        for group in GROUPS:
            made.groups[group] = CognitoIdpGroup(pool_id, group, "", "", 1)
    return backend.user_pools[pool_id]


def asked(operation: str, **said: Any) -> Any:  # noqa: ANN401 - boto3 builds its clients at run time
    """What the pool answers to who administers it."""
    client = boto3.client("cognito-idp", region_name=REGION)
    return getattr(client, operation)(UserPoolId=settings().user_pool, **said)


def groups_of(person_id: str) -> set[str]:
    """The groups of a person, as their next token will say them."""
    found = asked("admin_list_groups_for_user", Username=person_id)["Groups"]
    return {group["GroupName"] for group in found}


def renew() -> None:
    """Forget the pool and everybody in it."""
    cognitoidp_backends[ACCOUNT][REGION].user_pools.pop(settings().user_pool, None)


def begin_session(refresh_token: str, person_id: str) -> None:
    """Let a refresh token be a person's, and any other nobody's."""
    known: defaultdict[str, Any] = defaultdict(lambda: None)
    known[refresh_token] = (settings().user_pool_client, person_id, "origin")
    _pool().refresh_tokens = known


def end_session(refresh_token: str) -> None:
    """Let a refresh token be one that was revoked."""
    _pool().refresh_tokens[refresh_token] = None
