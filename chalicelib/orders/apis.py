"""What this domain answers over HTTP: all of its routes."""

from chalicelib.orders.address_routes import api as addresses_api
from chalicelib.orders.again_routes import api as again_api
from chalicelib.orders.appeal_routes import api as appeals_api
from chalicelib.orders.cancel_routes import api as cancel_api
from chalicelib.orders.counter_routes import api as counter_api
from chalicelib.orders.diet_routes import api as diet_api
from chalicelib.orders.guest_routes import api as guests_api
from chalicelib.orders.late_routes import api as late_api
from chalicelib.orders.operator_routes import api as orders_by_hand_api
from chalicelib.orders.promotion_routes import api as promotions_api
from chalicelib.orders.rating_routes import api as ratings_api
from chalicelib.orders.routes import api as orders_api
from chalicelib.orders.slot_routes import api as slots_api

APIS = (
    orders_api,
    orders_by_hand_api,
    cancel_api,
    counter_api,
    addresses_api,
    slots_api,
    late_api,
    again_api,
    promotions_api,
    diet_api,
    guests_api,
    ratings_api,
    appeals_api,
)
