"""What this domain answers over HTTP: all of its routes."""

from chalicelib.people.guest_routes import api as guests_api
from chalicelib.people.operator_routes import api as operators_api
from chalicelib.people.routes import api as people_api

APIS = (
    operators_api,
    people_api,
    guests_api,
)
