"""What the till's restaurant says of itself: a small document, as the protocol's file has it."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

EVERY_DAY = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
ALL_DAY = {"startTime": "00:00:00.000Z", "endTime": "23:59:00.000Z"}
LATITUDE, LONGITUDE = 37.5621, 126.9236
MORE = ("Rice", 1000, ["SESAME_SEEDS"])
DISHES = (("Bibimbap", 9000, ["SESAME_SEEDS", "SOYBEANS"]), ("Mandu", 7000, ["WHEAT"]))


def ident(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"till:{name}"))


def merchant(merchant_id: str, currency: str = "KRW") -> dict[str, Any]:
    """The document that GET /v1/merchant answers with."""
    picture = {"URL": "https://till.example.com/logo.png", "CRC-32": "0"}
    return {
        "lastUpdate": "2026-01-01T00:00:00Z",
        "TTL": 600,
        "id": merchant_id,
        "status": "AVAILABLE",
        "basicInfo": {
            "name": "Han",
            "document": "22815773000169",
            "corporateName": "Han Ltd.",
            "description": "Rice and dumplings.",
            "averagePreparationTime": 15,
            "minOrderValue": {"value": 0, "currency": currency},
            "merchantType": "RESTAURANT",
            "merchantCategories": ["COMFORT_FOOD"],
            "address": {
                "country": "KR",
                **dict.fromkeys(("state", "city", "district"), "Seoul"),
                "street": "Yeonnam-dong",
                "number": "1",
                "postalCode": "03990",
                "complement": "",
                "latitude": LATITUDE,
                "longitude": LONGITUDE,
            },
            "contactEmails": ["han@example.com"],
            "contactPhones": {"commercialNumber": "+8225550100"},
            "logoImage": picture,
        },
        "services": [_service("TAKEOUT"), _service("DELIVERY", serviceArea=_area(currency))],
        "menus": [
            {
                "id": ident("menu"),
                "name": "All day",
                "externalCode": "1",
                "categoryId": [ident("rice")],
            }
        ],
        "categories": [
            {
                "id": ident("rice"),
                "index": 0,
                "name": "Rice",
                "externalCode": "1",
                "status": "AVAILABLE",
                "itemOfferId": [ident(f"offer {name}") for name, _, _ in DISHES],
            }
        ],
        "itemOffers": [
            {
                "id": ident(f"offer {name}"),
                "itemId": ident(name),
                "index": place,
                "price": {"value": price, "originalValue": price, "currency": currency},
                "availabilityId": [ident("always")],
                "optionGroupsId": [ident("more")],
            }
            for place, (name, price, _) in enumerate(DISHES)
        ],
        "items": [
            {
                "id": ident(name),
                "name": name,
                "description": f"{name}, as ever.",
                "externalCode": name,
                "unit": "UN",
                "nutritionalInfo": {
                    "description": "",
                    "calories": "600 kcal",
                    "allergen": allergens,
                },
            }
            for name, _, allergens in (*DISHES, MORE)
        ],
        "optionGroups": [
            {
                "id": ident("more"),
                "index": 0,
                "name": "More of it",
                "externalCode": "more",
                "status": "AVAILABLE",
                "minPermitted": 0,
                "maxPermitted": 2,
                "options": [
                    {
                        "id": ident("more rice"),
                        "itemId": ident(MORE[0]),
                        "index": 0,
                        "status": "AVAILABLE",
                        "price": {"value": MORE[1], "originalValue": MORE[1], "currency": currency},
                        "maxPermitted": 2,
                    }
                ],
            }
        ],
        "availabilities": [
            {
                "id": ident("always"),
                "hours": [{"dayOfWeek": EVERY_DAY, "timePeriods": ALL_DAY}],
            }
        ],
    }


def _service(kind: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {
        "id": ident(kind),
        "status": "AVAILABLE",
        "serviceType": kind,
        "menuId": ident("menu"),
        "serviceHours": {
            "id": ident("hours"),
            "weekHours": [{"dayOfWeek": EVERY_DAY, "timePeriods": ALL_DAY}],
        },
        **more,
    }


def _area(currency: str) -> dict[str, Any]:
    """Two kilometres around the restaurant."""
    fee = {"value": 3000, "currency": currency}
    return {
        "id": ident("area"),
        "geoRadius": {
            "geoMidpointLatitude": LATITUDE,
            "geoMidpointLongitude": LONGITUDE,
            "radius": [{"size": 2000, "price": fee, "estimateDeliveryTime": 20}],
        },
    }
