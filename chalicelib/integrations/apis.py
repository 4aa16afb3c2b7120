"""What this domain answers over HTTP: all of its routes."""

from chalicelib.integrations.routes import api as integrations_api
from chalicelib.integrations.tablet_routes import api as tablets_api

APIS = (
    integrations_api,
    tablets_api,
)
