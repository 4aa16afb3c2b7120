"""What can go wrong where a store's systems are joined."""

from chalicelib.core.errors import (
    BadRequestError,
    ConflictError,
    InvalidError,
    NotFoundError,
    UnauthenticatedError,
)


class StoreUnknownError(NotFoundError):
    code = "store_not_found"
    sentence = "There is no such store here, or it is not yours."


class ClientLimitError(ConflictError):
    code = "client_limit"
    sentence = "A store has at most five clients: revoke one first."


class TabletLimitError(ConflictError):
    code = "tablet_limit"
    sentence = "A store has at most ten tablets: unpair one first."


class PairingCodeError(NotFoundError):
    code = "pairing_code_refused"
    sentence = "The code is wrong, over, or used. Make another one."


class TabletTokenError(UnauthenticatedError):
    code = "tablet_refused"
    sentence = "The tablet is not paired, or its token is not the present one. Pair it again."


class WebhookLimitError(ConflictError):
    code = "webhook_limit"
    sentence = "A store or a merchant has at most three webhooks: remove one first."


class WebhookUrlError(InvalidError):
    code = "webhook_url_refused"
    sentence = "This address cannot be called: a public https address is needed."


class WebhookDisabledError(ConflictError):
    code = "webhook_disabled"
    sentence = "The webhook is disabled or paused: enable it first."


class WebhookUnverifiedError(ConflictError):
    code = "webhook_unverified"
    sentence = "The webhook has not answered its challenge yet. Enable it to get another one."


class ReplayRangeError(InvalidError):
    code = "replay_range_refused"
    sentence = "A replay is of at most 10,000 messages, and of those that there are."


class NotYetSentError(ConflictError):
    code = "position_not_reached"
    sentence = "The feed has not reached this position yet: there is nothing to acknowledge."


class OAuthRequestError(BadRequestError):
    oauth = True
    code = "invalid_request"
    sentence = "The token request is malformed."


class UnsupportedGrantError(BadRequestError):
    oauth = True
    code = "unsupported_grant_type"
    sentence = "Only the grant type client_credentials is served."


class InvalidClientError(UnauthenticatedError):
    oauth = True
    code = "invalid_client"
    sentence = "There is no such client, or the secret is wrong."
