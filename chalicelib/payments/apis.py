"""What this domain answers over HTTP: all of its routes."""

from chalicelib.payments.balance_routes import api as balances_api
from chalicelib.payments.refund_routes import api as refunds_api
from chalicelib.payments.routes import api as payments_api
from chalicelib.payments.wallet_routes import api as wallet_api

APIS = (
    payments_api,
    refunds_api,
    balances_api,
    wallet_api,
)
