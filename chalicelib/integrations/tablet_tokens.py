"""How a tablet stays signed in: each refresh token is good for one exchange (`core/rotating.py`).

The one exchanged last may come again for a minute. Later it can only be a copy, and the tablet is
unpaired.
"""

from chalicelib.core import auth, clock, dynamo, parts, rotating
from chalicelib.core.errors import BusyError
from chalicelib.core.rotating import CopiedError
from chalicelib.core.telemetry import about, alarm
from chalicelib.integrations.errors import TabletTokenError
from chalicelib.integrations.making import strike
from chalicelib.integrations.models import Roster
from chalicelib.integrations.tablet_models import TabletItem, tablet_key
from chalicelib.integrations.tablet_schemas import TabletTokens

REPEAT_SECONDS = 60
RACES = 4


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
        if not rotating.is_present(tablet, secret):
            return _again(tablet, secret)
        seen = TabletItem.last_seen_at.set(clock.stamp(clock.now()))
        try:
            turned = rotating.turned(tablet, secret, TabletItem.unpaired_at.does_not_exist(), seen)
        except BusyError:
            continue
        return given(tablet, turned)
    raise BusyError


def _again(tablet: TabletItem, secret: str) -> TabletTokens:
    if not rotating.is_last(tablet, secret):
        raise TabletTokenError
    try:
        return given(tablet, rotating.again(tablet, secret, REPEAT_SECONDS))
    except CopiedError:
        end(tablet)
        alarm("An old token of a tablet came again", client=tablet.id, store=tablet.store_id)
        raise TabletTokenError from None


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
