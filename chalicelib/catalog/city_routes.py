"""HTTP of cities."""

from chalicelib.catalog import cities, rights
from chalicelib.catalog.city_schemas import CityList, CityView, NewCity
from chalicelib.catalog.errors import CityFixedError
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.rights import Caller
from chalicelib.core.web import Api

api = Api(__name__)


@api.get("/v1/cities", rights.CITY_READ)
def list_cities() -> CityList:
    """List the cities in which there may be stores."""
    return cities.listing()


@api.get("/v1/cities/{city}", rights.CITY_READ, errors=(NotFoundError,))
def read_city(city: str) -> CityView:
    """Read a city: its names, time zone, currency, languages and bounds."""
    return cities.read(city)


@api.put(
    "/v1/cities/{city}", rights.CITY_SET, errors=(NotFoundError, CityFixedError, BusyError)
)  # fmt: skip
def put_city(caller: Caller, body: NewCity, city: str) -> CityView:
    """Open a city, or change it. Its time zone and currency stay what they are."""
    return cities.put(caller, city, body)
