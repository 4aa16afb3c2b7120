"""What this domain answers over HTTP: all of its routes."""

from chalicelib.insights.deletion_routes import api as deletion_api
from chalicelib.insights.routes import api as export_api

APIS = (
    deletion_api,
    export_api,
)
