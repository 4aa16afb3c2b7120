"""What the stores of the test world sell and say of themselves."""

REVIEWED = {"reason": "Looked at, and found in order."}
HOURS = [
    {"day": day, "opens": "00:00", "closes": "23:59"}
    for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
]


def item(ident: str, price: int, **more: object) -> dict[str, object]:
    """An item of a menu."""
    said = {"id": ident, "names": {"en": ident}, "price": price, "allergens": [], "diets": []}
    return {**said, **more}


SIZES = {
    "id": "size",
    "names": {"en": "Size"},
    "min": 0,
    "max": 1,
    "options": [{"id": "large", "names": {"en": "Large"}, "price": 2000}],
}
SAUCES = {
    "id": "sauce",
    "names": {"en": "Sauce"},
    "min": 1,
    "max": 1,
    "options": [{"id": "soy", "names": {"en": "Soy"}, "price": 0}],
}
MENU = {
    "categories": [
        {
            "id": "rice",
            "names": {"en": "Rice", "ko": "밥"},
            "items": [
                item("bibimbap", 9000, option_groups=[SIZES]),
                item("mandu", 7000, option_groups=[SAUCES]),
                item("water", 0),
                item("eel", 20_000, available=False),
                item("gift-box", 12_000, tax_basis_points=0),
            ],
        }
    ]
}


def store(merchant_id: str, **changed: object) -> dict[str, object]:
    """What a merchant says of a new store."""
    return {
        "merchant_id": merchant_id,
        "kind": "restaurant",
        "city": "seoul",
        "timezone": "Asia/Seoul",
        "currency": "KRW",
        "names": {"en": "Yeonnam Bibim", "ko": "연남비빔"},
        "location": {"type": "Point", "coordinates": [126.9236, 37.5621]},
        "address": "Yeonnam-dong 1",
        "hours": HOURS,
        "zones": [
            {
                "area": {"type": "Radius", "metres": 2000},
                "fee": 3000,
                "minimum": 8000,
                "eta_minutes": 20,
            }
        ],
        "fulfilment": ["takeaway", "delivery", "dine_in"],
        "preparation_minutes": 15,
        "tax": {"included": True, "basis_points": 1000},
        **changed,
    }


DOOR = {
    "location": {"type": "Point", "coordinates": [126.9240, 37.5625]},
    "address": "Yanghwa-ro 45",
}
FAR_AWAY = {"location": {"type": "Point", "coordinates": [127.5, 37.5]}, "address": "Far away"}
