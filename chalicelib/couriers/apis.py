"""What this domain answers over HTTP: all of its routes."""

from chalicelib.couriers.assignment_routes import api as assignments_api
from chalicelib.couriers.routes import api as couriers_api
from chalicelib.couriers.standing_routes import api as standing_api
from chalicelib.couriers.statement_routes import api as statement_api
from chalicelib.couriers.tracking import api as tracking_api

APIS = (
    couriers_api,
    assignments_api,
    standing_api,
    statement_api,
    tracking_api,
)
