"""Signatures, against the published vector and against the library that receivers use."""

import base64
import random
from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from chalicelib.integrations import signing

VECTOR_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
VECTOR_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
VECTOR_AT = 1614265330
VECTOR_BODY = b'{"test": 2432232314}'


def test_the_published_vector_is_signed_as_published() -> None:
    signature = signing.sign(VECTOR_SECRET, VECTOR_ID, VECTOR_AT, VECTOR_BODY)

    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_fresh_secret_holds_256_random_bits_from_the_one_source(
    known_ids: random.Random,
) -> None:
    first, second = signing.new_secret(), signing.new_secret()

    assert first != second
    assert len(base64.b64decode(first.removeprefix("whsec_"))) == 32
    known_ids.seed(1)
    assert signing.new_secret() == first


def test_the_library_of_receivers_accepts_what_we_sign() -> None:
    secret = signing.new_secret()
    now = int(datetime.now(UTC).timestamp())

    headers = signing.headers([secret], VECTOR_ID, now, VECTOR_BODY)

    assert Webhook(secret).verify(VECTOR_BODY.decode(), headers) == {"test": 2432232314}


def test_we_sign_what_the_library_signs() -> None:
    secret = signing.new_secret()
    moment = datetime.fromtimestamp(VECTOR_AT, UTC)

    ours = signing.sign(secret, VECTOR_ID, VECTOR_AT, VECTOR_BODY)

    assert ours == Webhook(secret).sign(VECTOR_ID, moment, VECTOR_BODY.decode())


@pytest.mark.parametrize("changed", ["webhook-id", "webhook-timestamp"])
def test_a_changed_header_spoils_the_signature(changed: str) -> None:
    secret = signing.new_secret()
    now = int(datetime.now(UTC).timestamp())
    headers = signing.headers([secret], VECTOR_ID, now, VECTOR_BODY)
    headers[changed] = str(now + 1)

    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(VECTOR_BODY.decode(), headers)


def test_a_secret_has_32_random_bytes() -> None:
    first, second = signing.new_secret(), signing.new_secret()

    assert first != second
    assert len(base64.b64decode(first.removeprefix("whsec_"))) == 32
