"""Ieum: creates the application and registers every domain's routes and handlers."""

from chalicelib.catalog import apis as catalog_apis
from chalicelib.catalog import events as catalog_events
from chalicelib.core import events as core_events
from chalicelib.core.about import api as about_api
from chalicelib.core.web import Ieum
from chalicelib.couriers import apis as couriers_apis
from chalicelib.couriers import events as courier_events
from chalicelib.insights import apis as insights_apis
from chalicelib.insights import events as insights_events
from chalicelib.integrations import apis as integrations_apis
from chalicelib.integrations import events as integration_events
from chalicelib.integrations import hooks
from chalicelib.notifications import events as notification_events
from chalicelib.notifications.routes import api as notifications_api
from chalicelib.orders import apis as orders_apis
from chalicelib.orders import events as order_events
from chalicelib.payments import apis as payments_apis
from chalicelib.payments import events as payment_events
from chalicelib.people import apis as people_apis

app = Ieum(app_name="ieum")
app.serve(
    about_api,
    *people_apis.APIS,
    *insights_apis.APIS,
    *catalog_apis.APIS,
    *orders_apis.APIS,
    *payments_apis.APIS,
    *couriers_apis.APIS,
    *integrations_apis.APIS,
    notifications_api,
    hooks=hooks.HOOKS,
)
for events in (
    core_events,
    catalog_events,
    order_events,
    payment_events,
    courier_events,
    integration_events,
    notification_events,
    insights_events,
):
    app.register_blueprint(events.bp)
