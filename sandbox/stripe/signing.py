"""`Stripe-Signature`, as a receiver checks it. https://docs.stripe.com/webhooks#verify-manually."""

import hashlib
import hmac
from collections.abc import Sequence


def signature_header(secrets: Sequence[str], timestamp: int, payload: bytes) -> str:
    """Sign for every secret: an endpoint has two while its secret is being rolled."""
    signed = str(timestamp).encode() + b"." + payload
    marks = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={timestamp}", *(f"v1={mark}" for mark in marks)])
