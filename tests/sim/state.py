"""What a process keeps between invocations: forgotten between seeds and by releases."""

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from uuid import UUID

import boto3
import botocore.endpoint
import stripe._http_client
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from chalicelib.core import auth, aws, clock, dynamo, ids, secrets
from chalicelib.core.settings import settings
from chalicelib.integrations import posting
from chalicelib.orders import stopping
from chalicelib.payments import gateway, guarding
from sandbox.cloud import phones
from tests import people
from tests.sim import lighter

SHARDS = 2
"""Of whatever has sixteen or four: two show what sixteen show, at an eighth of the reads."""
SHARDED = ("SHARDS", "ZONE_SHARDS")
FOREVER = 10**12


def machine_key() -> str:
    """The key that signs machines' tokens: a known one, since PINs are derived from it."""
    key = ec.derive_private_key(20_261_122, ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def forget() -> None:
    """Whatever a new process would not have: secrets, keys, clients of Stripe."""
    secrets.forget()
    auth.forget()
    gateway._client.cache_clear()
    guarding.forget()
    stopping.forget()
    auth._pool[:] = [auth._Fetched({people.POOL_KID: people.pool_key().public_key()}, FOREVER)]


def forget_clients() -> None:
    """Clients that were made before the world's hook was there."""
    boto3.DEFAULT_SESSION = None
    dynamo.forget_connections()
    aws.client.cache_clear()


@contextmanager
def apart(
    *,
    time: Callable[[], float],
    pause: Callable[[float], None],
    bits: Callable[[int], int],
    numbers: Callable[[], int],
    http: stripe.HTTPClient,
    post: posting.Post,
) -> Iterator[None]:
    """The product's seams lead into the world; the libraries' own time and chance do too."""
    standing = SimpleNamespace(sleep=pause)
    counted = SimpleNamespace(uuid4=lambda: UUID(int=numbers()))
    settings.cache_clear()
    forget()
    before = random.getstate()
    random.seed(numbers())
    with ExitStack() as stack:
        for context in (
            clock.running_on(time),
            clock.pausing_with(pause),
            ids.drawn_from(bits),
            gateway.speaking_through(http),
            posting.posting_through(post),
            patch.object(botocore.endpoint, "time", standing),
            patch.object(stripe._http_client, "time", SimpleNamespace(sleep=_no_sleep, time=time)),
            patch.object(phones, "uuid", counted),
            *lighter.patches(),
            *fewer_shards(),
        ):
            stack.enter_context(context)
        try:
            yield
        finally:
            random.setstate(before)
            settings.cache_clear()
            forget()
            auth.forget()


def _no_sleep(seconds: float) -> None:
    assert not seconds, "the library would really sleep"


def fewer_shards() -> Iterator[Any]:
    """The patches that make do with two, for all that has been imported."""
    for name, module in sorted(sys.modules.items()):
        for constant in SHARDED if name.startswith("chalicelib.") else ():
            if constant in vars(module):
                yield patch.object(module, constant, SHARDS)
