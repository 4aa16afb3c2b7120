"""Is a webhook from Ieum? Standard Webhooks, with Python's own library alone.

python verify.py SECRETS ID TIMESTAMP SIGNATURES BODY [NOW]
"""

import base64
import hmac
import re
import sys
import time

TOLERANCE = 300  # seconds, into the past and into the future


def verify(
    secrets: list[str], ident: str, timestamp: str, signatures: str, body: bytes, now: float
) -> bool:
    """Whether one of the secrets has signed exactly these bytes, not long ago."""
    if not re.fullmatch("[0-9]{1,12}", timestamp):
        return False
    if abs(now - int(timestamp)) > TOLERANCE:
        return False
    signed = f"{ident}.{timestamp}.".encode() + body
    keys = [base64.b64decode(one.removeprefix("whsec_")) for one in secrets]
    expected = [b"v1," + base64.b64encode(hmac.digest(key, signed, "sha256")) for key in keys]
    given = [one.encode() for one in signatures.split(" ")]
    return any(hmac.compare_digest(one, other) for one in given for other in expected)


if __name__ == "__main__":
    secrets, ident, timestamp, signatures, body, *now = sys.argv[1:]
    moment = float(now[0]) if now else time.time()
    is_valid = verify(secrets.split(), ident, timestamp, signatures, body.encode(), moment)
    print("valid" if is_valid else "invalid")
