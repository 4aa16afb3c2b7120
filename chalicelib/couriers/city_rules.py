"""What a city asks of its couriers: said by an operator, nothing by default."""

from chalicelib.catalog.cities import CITY
from chalicelib.core import audit, dynamo, parts
from chalicelib.core.errors import BusyError, NotFoundError
from chalicelib.core.rights import Caller, Role
from chalicelib.couriers import working
from chalicelib.couriers.standing_models import CityRules, city_key
from chalicelib.couriers.standing_schemas import CourierRules, CourierRulesView, NewCourierRules

NOTHING = CourierRules()


def read(city: str) -> CourierRulesView:
    """What a city asks; nothing, where nobody has said anything. Raises NotFoundError (404)."""
    if not CITY.fullmatch(city):
        raise NotFoundError
    item = dynamo.get(CityRules, city_key(city), CityRules.SK)
    said = CourierRules.model_validate_json(item.rules, extra="ignore") if item else NOTHING
    return CourierRulesView(**dict(said), city=city, version=int(item.version) if item else 0)


def put(caller: Caller, city: str, new: NewCourierRules) -> CourierRulesView:
    """Ask this of couriers, and nothing else. Safe to repeat. Raises NotFoundError (404)."""
    actor = caller.acting_as(Role.OPERATOR)
    rules = CourierRules.model_validate(new.model_dump(exclude={"reason"}))

    def decide() -> tuple[parts.Part, ...]:
        before = read(city)
        if before.model_dump(exclude={"city", "version"}) == rules.model_dump():
            return ()
        made = CityRules(
            city_key(city), CityRules.SK,
            version=before.version + 1, rules=rules.model_dump_json(),
        )  # fmt: skip
        as_read = CityRules.version == before.version if before.version else None
        data = {"version": before.version + 1}
        return (
            parts.put(made, BusyError(), as_read),
            audit.entry(actor, "courier_rules.set", city, new.reason, data),
        )

    working.settle(decide)
    return read(city)
