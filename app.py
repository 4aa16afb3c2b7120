"""Ieum: creates the application and registers every domain's routes and handlers."""

from chalicelib.core import events as core_events
from chalicelib.core.web import Ieum

app = Ieum(app_name="ieum")
app.serve()
app.register_blueprint(core_events.bp)
