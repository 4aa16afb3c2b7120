"""From what age on goods may be sold that are not for everybody, where nothing else is said.

The ages are those for spirits in shops, the highest where a country has several; an item may say
its own. They are a beginning and no legal advice: an operator checks those of its own city. A
store's country is that of its time zone, by the time zone database's own list; one that is not in
either list gets the strictest age.
"""

from functools import cache
from importlib.resources import files

from chalicelib.catalog.menu_schemas import MenuItem

STRICTEST = 21
LEGAL_AGES = {
    **dict.fromkeys(("AT", "AU", "BE", "BR", "CH", "CL", "DE", "DK", "ES", "FR"), 18),
    **dict.fromkeys(("GB", "HK", "IE", "IT", "MX", "NL", "NZ", "PT", "SG", "VN"), 18),
    **dict.fromkeys(("CA", "KR"), 19),
    **dict.fromkeys(("FI", "IS", "JP", "NO", "SE", "TH"), 20),
    "US": 21,
}


def minimum_age(item: MenuItem, timezone: str) -> int | None:
    """From what age on an item is sold; None: to everybody.

    Its own word comes first. What is alcoholic is restricted though the menu forgot to say so.
    """
    if item.minimum_age is not None:
        return item.minimum_age
    alcoholic = item.nutrition is not None and item.nutrition.alcoholic
    return legal_age(timezone) if item.age_restricted or alcoholic else None


def legal_age(timezone: str) -> int:
    """The age of the country in which a time zone is."""
    return LEGAL_AGES.get(country(timezone) or "", STRICTEST)


def country(timezone: str) -> str | None:
    """The country (ISO 3166) in which a time zone is; None: it has none of its own."""
    return _countries().get(timezone)


@cache
def _countries() -> dict[str, str]:
    """The country (ISO 3166) of each time zone that has one of its own."""
    lines = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {row[2]: row[0] for row in rows}
