"""How a tablet stays signed in: each refresh token is good for one exchange.

An answer may be lost, so the token exchanged last may come again for a minute and gets the very
same answer: the next token is derived from it. Later it can only be a copy, and the tablet is
unpaired: https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2
"""

import hashlib
import hmac
from hmac import compare_digest

from chalicelib.core import auth, clock, dynamo, ids, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.telemetry import about, alarm
from chalicelib.integrations.errors import TabletTokenError
from chalicelib.integrations.making import strike
from chalicelib.integrations.models import Roster
from chalicelib.integrations.tablet_models import TabletItem, tablet_key
from chalicelib.integrations.tablet_schemas import TabletTokens

SECRET_BYTES = 32
REPEAT_SECONDS = 60
RACES = 4


def new_secret() -> str:
    return ids.secret_bytes(SECRET_BYTES).hex()


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def given(tablet: TabletItem, secret: str) -> TabletTokens:
    """What a tablet is given: an access token for its store, and a refresh token."""
    return TabletTokens(
        tablet_id=tablet.id,
        store_id=tablet.store_id,
        access_token=auth.issue(tablet.id, [tablet.store_id], tablet=True),
        expires_in=auth.TOKEN_SECONDS,
        refresh_token=f"{tablet.id}.{secret}",
    )


def renew(refresh_token: str) -> TabletTokens:
    """The next tokens for a refresh token. The same again within a minute gets the same ones.

    Raises TabletTokenError (401) for a tablet that is unpaired and for a token that is not its
    present one. One that was exchanged more than a minute ago unpairs the tablet.
    """
    tablet_id, _, secret = refresh_token.partition(".")
    for _ in range(RACES):
        tablet = dynamo.get(TabletItem, tablet_key(tablet_id))
        if tablet is None or tablet.unpaired_at:
            raise TabletTokenError
        about(client=tablet.id, store=tablet.store_id)
        if not compare_digest(hashed(secret), tablet.token_hash):
            return _again(tablet, secret)
        try:
            return given(tablet, _turned(tablet, secret))
        except BusyError:
            continue
    raise BusyError


def _turned(tablet: TabletItem, secret: str) -> str:
    """The next secret, which stands once this returns. Raises BusyError for who comes second."""
    nonce = new_secret()
    derived = _derived(secret, nonce)
    parts.commit(
        parts.update(
            tablet,
            [
                TabletItem.token_hash.set(hashed(derived)),
                TabletItem.previous_hash.set(tablet.token_hash),
                TabletItem.nonce.set(nonce),
                TabletItem.turned_at.set(int(clock.wall_now())),
                TabletItem.last_seen_at.set(clock.stamp(clock.now())),
            ],
            BusyError(),
            (TabletItem.token_hash == tablet.token_hash) & TabletItem.unpaired_at.does_not_exist(),
        )
    )
    return derived


def _again(tablet: TabletItem, secret: str) -> TabletTokens:
    if not compare_digest(hashed(secret), tablet.previous_hash or ""):
        raise TabletTokenError
    if clock.wall_now() - float(tablet.turned_at) > REPEAT_SECONDS:
        end(tablet)
        alarm("An old token of a tablet came again", client=tablet.id, store=tablet.store_id)
        raise TabletTokenError
    return given(tablet, _derived(secret, str(tablet.nonce)))


def _derived(secret: str, nonce: str) -> str:
    return hmac.new(bytes.fromhex(secret), bytes.fromhex(nonce), hashlib.sha256).hexdigest()


def end(tablet: TabletItem) -> None:
    """Unpair a tablet: whatever it exchanges from now on is refused. Safe to repeat."""
    if tablet.unpaired_at:
        return
    parts.commit(
        parts.update(
            tablet,
            [TabletItem.unpaired_at.set(clock.stamp(clock.now()))],
            BusyError(),
            TabletItem.unpaired_at.does_not_exist(),
        ),
        strike(tablet.store_id, Roster.tablets, tablet.id, BusyError()),
    )
