"""Cities: said by an operator, held against by stores.

A city that nobody has said anything of has no rules: stores of older releases stay as they are.
"""

import re
from collections.abc import Iterator

from chalicelib.catalog import rights
from chalicelib.catalog.city_models import CITIES, CityItem
from chalicelib.catalog.city_schemas import CityDetails, CityList, CityView, NewCity
from chalicelib.catalog.errors import CityFixedError, CityMismatchError
from chalicelib.catalog.schemas import NewStore, StoreDetails
from chalicelib.catalog.status import DeliveredBy
from chalicelib.catalog.zones import TRUSTED, Point, within
from chalicelib.core import audit, dynamo, parts
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.rights import Caller

CITY = re.compile(r"[a-z0-9-]{2,40}")
RACES = 4


def put(caller: Caller, city: str, new: NewCity) -> CityView:
    """Open a city, or change what is said of it. Safe to repeat.

    Raises CityFixedError (409) for another time zone or currency: its stores have them.
    """
    role = rights.CITY_SET.demand(caller, own=False)
    _demand_name(city)
    details = CityDetails.model_validate(new.model_dump(exclude={"reason"}))
    for _ in range(RACES):
        item = dynamo.get(CityItem, CITIES, city)
        if item is not None:
            before = _of(item)
            if before.model_dump(exclude={"city", "version"}) == details.model_dump():
                return before
            if (before.timezone, before.currency) != (details.timezone, details.currency):
                raise CityFixedError
        version = int(item.version) + 1 if item else 1
        made = CityItem(CITIES, city, version=version, details=details.model_dump_json())
        as_read = CityItem.version == item.version if item else None
        actor = caller.acting_as(role)
        try:
            parts.commit(
                parts.put(made, BusyError(), as_read),
                audit.entry(actor, "city.set", city, new.reason, {"version": version}),
            )
        except BusyError:
            continue
        return _of(made)
    raise BusyError


def listing() -> CityList:
    """Every city, by its name in addresses."""
    return CityList(items=[_of(item) for item in dynamo.items(CityItem, CITIES)])


def read(city: str) -> CityView:
    """Raises NotFoundError (404)."""
    _demand_name(city)
    found = find(city)
    if found is None:
        raise NotFoundError
    return found


def find(city: str) -> CityView | None:
    """What is said of a city, if anything is (1 read)."""
    item = dynamo.get(CityItem, CITIES, city)
    return _of(item) if item else None


def demand_store(new: NewStore) -> None:
    """Raises CityMismatchError (400) for a store that does not fit into its city."""
    city = find(new.city)
    if city is None:
        return
    errors = [
        {"pointer": f"/{name}", "detail": f"not the city's {name}"}
        for name in _mismatches(new, city)
    ]
    errors += _dear(city, new)
    if errors:
        raise CityMismatchError(errors=errors)


def demand_fees(city_name: str, details: StoreDetails) -> None:
    """Raises CityMismatchError (400) for fees that the store's part of its city does not allow."""
    city = find(city_name)
    if city is not None and (errors := _dear(city, details)):
        raise CityMismatchError(errors=errors)


def _dear(city: CityView, details: StoreDetails) -> list[dict[str, str]]:
    """Where a store whose orders the platform brings asks for too much or too little. Pure."""
    place = details.location.coordinates
    found = (zone.fees for zone in city.zones if within(zone.area, place))
    rule = next(found, None)
    if rule is None or details.delivered_by is not DeliveredBy.PLATFORM:
        return []
    errors = []
    for number, zone in enumerate(details.zones):
        if not rule.least <= zone.fee <= rule.most:
            detail = f"a delivery costs {rule.least} to {rule.most} here"
            errors.append({"pointer": f"/zones/{number}/fee", "detail": detail})
        if rule.most_minimum is not None and zone.minimum > rule.most_minimum:
            detail = f"the smallest order is at most {rule.most_minimum} here"
            errors.append({"pointer": f"/zones/{number}/minimum", "detail": detail})
    return errors


def demand_place(city_name: str, place: Point) -> None:
    """Raises CityMismatchError (400) for a place that is not in the city."""
    city = find(city_name)
    if city is not None and not city.bounds.hold(*place.coordinates):
        raise CityMismatchError(errors=[{"pointer": "/location", "detail": "not in the city"}])


def _mismatches(new: NewStore, city: CityView) -> Iterator[str]:
    if new.timezone != city.timezone:
        yield "timezone"
    if new.currency != city.currency:
        yield "currency"
    if not city.bounds.hold(*new.location.coordinates):
        yield "location"


def _demand_name(city: str) -> None:
    if not CITY.fullmatch(city):
        raise NotFoundError


def _of(item: CityItem) -> CityView:
    details = CityDetails.model_validate_json(item.details, extra="ignore", context=TRUSTED)
    return CityView(**dict(details), city=item.sk, version=int(item.version))
