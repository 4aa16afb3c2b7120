"""What this domain answers over HTTP: all of its routes."""

from chalicelib.integrations.feed_routes import api as feed_api
from chalicelib.integrations.merchant_webhook_routes import api as merchant_webhooks_api
from chalicelib.integrations.opendelivery.routes import api as open_delivery_api
from chalicelib.integrations.routes import api as integrations_api
from chalicelib.integrations.tablet_routes import api as tablets_api
from chalicelib.integrations.watch_routes import api as watch_api
from chalicelib.integrations.webhook_routes import api as webhooks_api

APIS = (
    integrations_api,
    webhooks_api,
    merchant_webhooks_api,
    feed_api,
    tablets_api,
    watch_api,
    open_delivery_api,
)
