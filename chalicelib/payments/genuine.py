"""Whether an event is Stripe's: signed by it, over these very bytes, at this moment.

https://docs.stripe.com/webhooks#verify-official-libraries
"""

import re

from chalicelib.core import clock, secrets
from chalicelib.payments import gateway

TOLERANCE = 300
EPOCH_SECONDS = re.compile("[0-9]{1,12}")


class ForgedError(Exception):
    """The signature of an event does not fit, or its time is not now."""


def demand_genuine(body: bytes, signature: str) -> None:
    """Raises ForgedError unless one of our secrets signed these bytes within 300 s of now.

    Stripe's library accepts times from the future; we do not.
    """
    stamps = [part[2:] for part in signature.split(",") if part.startswith("t=")]
    if not signature.isascii() or len(stamps) != 1 or not EPOCH_SECONDS.fullmatch(stamps[0]):
        raise ForgedError
    if abs(int(stamps[0]) - clock.wall_now()) > TOLERANCE:
        raise ForgedError
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise ForgedError from error
    for secret in secrets.read("stripe")["webhook_secrets"]:
        if gateway.is_signed(text, signature, secret):
            return
    raise ForgedError
