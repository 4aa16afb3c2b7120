"""Ieum: creates the application and registers every domain's routes and handlers."""

from chalicelib.catalog import events as catalog_events
from chalicelib.catalog.application_routes import api as applications_api
from chalicelib.catalog.city_routes import api as cities_api
from chalicelib.catalog.image_routes import api as images_api
from chalicelib.catalog.routes import api as catalog_api
from chalicelib.catalog.staff_routes import api as staff_api
from chalicelib.catalog.upload_routes import api as uploads_api
from chalicelib.core import events as core_events
from chalicelib.core.about import api as about_api
from chalicelib.core.web import Ieum
from chalicelib.couriers import events as courier_events
from chalicelib.couriers.routes import api as couriers_api
from chalicelib.couriers.tracking import api as tracking_api
from chalicelib.insights.routes import api as insights_api
from chalicelib.integrations import events as integration_events
from chalicelib.integrations.routes import api as integrations_api
from chalicelib.integrations.tablet_routes import api as tablets_api
from chalicelib.notifications import events as notification_events
from chalicelib.notifications.routes import api as notifications_api
from chalicelib.orders import events as order_events
from chalicelib.orders.address_routes import api as addresses_api
from chalicelib.orders.again_routes import api as again_api
from chalicelib.orders.cancel_routes import api as cancel_api
from chalicelib.orders.diet_routes import api as diet_api
from chalicelib.orders.late_routes import api as late_api
from chalicelib.orders.operator_routes import api as orders_by_hand_api
from chalicelib.orders.promotion_routes import api as promotions_api
from chalicelib.orders.routes import api as orders_api
from chalicelib.orders.slot_routes import api as slots_api
from chalicelib.payments import events as payment_events
from chalicelib.payments.balance_routes import api as balances_api
from chalicelib.payments.refund_routes import api as refunds_api
from chalicelib.payments.routes import api as payments_api
from chalicelib.payments.wallet_routes import api as wallet_api
from chalicelib.people.operator_routes import api as operators_api
from chalicelib.people.routes import api as people_api

app = Ieum(app_name="ieum")
app.serve(
    about_api,
    operators_api,
    people_api,
    insights_api,
    catalog_api,
    uploads_api,
    images_api,
    staff_api,
    applications_api,
    cities_api,
    orders_api,
    orders_by_hand_api,
    cancel_api,
    addresses_api,
    slots_api,
    late_api,
    again_api,
    promotions_api,
    diet_api,
    payments_api,
    refunds_api,
    balances_api,
    wallet_api,
    couriers_api,
    tracking_api,
    integrations_api,
    tablets_api,
    notifications_api,
)
for events in (
    core_events,
    catalog_events,
    order_events,
    payment_events,
    courier_events,
    integration_events,
    notification_events,
):
    app.register_blueprint(events.bp)
