"""HTTP of a store's tablets: paired by a code, signed in without a person's password."""

from chalicelib.core.errors import BusyError, KeyReusedError, NotFoundError, TooManyError
from chalicelib.core.idempotency import Key
from chalicelib.core.limits import Limit
from chalicelib.core.rights import Caller
from chalicelib.core.routing import Answer
from chalicelib.core.web import Api
from chalicelib.integrations import oauth, pairing, rights, tablet_tokens
from chalicelib.integrations.errors import PairingCodeError, TabletLimitError, TabletTokenError
from chalicelib.integrations.routes import REPLAYED, STORE_ERRORS
from chalicelib.integrations.tablet_schemas import (
    NewPairing,
    PairingView,
    PairRequest,
    RenewRequest,
    TabletList,
    TabletTokens,
)

api = Api(__name__)

PAIRINGS = Limit("pairings", calls=20, seconds=600)
RENEWALS = Limit("tablet-tokens", calls=600, seconds=60)


@api.post(
    "/v1/stores/{store_id}/pairings", rights.TABLET_PAIR, status=201,
    errors=(*STORE_ERRORS, KeyReusedError, BusyError),
)  # fmt: skip
def begin_pairing(caller: Caller, key: Key, body: NewPairing, store_id: str) -> Answer[PairingView]:
    """Make a code that pairs one tablet with the store, good for ten minutes and five tries."""
    made, repeated = pairing.begin(caller, store_id, body, key)
    return Answer(made, headers=oauth.NO_STORE | (REPLAYED if repeated else {}))


@api.get("/v1/stores/{store_id}/tablets", rights.TABLET_READ, errors=STORE_ERRORS)
def list_tablets(caller: Caller, store_id: str) -> TabletList:
    """List the tablets that are paired with a store."""
    return pairing.listing(caller, store_id)


@api.delete(
    "/v1/stores/{store_id}/tablets/{tablet_id}", rights.TABLET_UNPAIR,
    errors=(*STORE_ERRORS, NotFoundError, BusyError),
)  # fmt: skip
def unpair_tablet(caller: Caller, store_id: str, tablet_id: str) -> None:
    """End a tablet. Its next exchange is refused; the token it has ends within 15 minutes."""
    pairing.unpair(caller, store_id, tablet_id)


@api.post(
    "/v1/tablets", rights.TABLET_JOIN, status=201, limit=PAIRINGS,
    errors=(PairingCodeError, TabletLimitError, TooManyError, BusyError),
)  # fmt: skip
def pair_tablet(body: PairRequest) -> Answer[TabletTokens]:
    """Become a tablet of the store whose code somebody has typed: no sign-in is needed."""
    return Answer(pairing.pair(body.code), headers=oauth.NO_STORE)


@api.post(
    "/v1/tablets/token", rights.TABLET_RENEW, limit=RENEWALS,
    errors=(TabletTokenError, TooManyError, BusyError),
)  # fmt: skip
def renew_tablet(body: RenewRequest) -> Answer[TabletTokens]:
    """Get the next tokens of a tablet for its refresh token, which is good for one exchange.

    The same token again within a minute gets the same answer. Later it unpairs the tablet.
    """
    return Answer(tablet_tokens.renew(body.refresh_token), headers=oauth.NO_STORE)
