"""What this domain answers over HTTP: all of its routes."""

from chalicelib.catalog.application_routes import api as applications_api
from chalicelib.catalog.city_routes import api as cities_api
from chalicelib.catalog.image_routes import api as images_api
from chalicelib.catalog.routes import api as catalog_api
from chalicelib.catalog.staff_routes import api as staff_api
from chalicelib.catalog.upload_routes import api as uploads_api

APIS = (
    catalog_api,
    uploads_api,
    images_api,
    staff_api,
    applications_api,
    cities_api,
)
