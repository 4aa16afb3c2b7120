"""The short words of the store files, and what each of them says on a menu.

A file says "jang" where a dish holds soy sauce or one of the fermented pastes: soybeans and wheat.
It says "kimchi" where there is fish sauce and salted shrimp. So nothing is left out by habit.
"""

from collections.abc import Iterable, Mapping

ALLERGENS: Mapping[str, tuple[str, ...]] = {
    "alcohol": ("ALCOHOL",),
    "almond": ("ALMONDS", "TREE_NUTS"),
    "barley": ("BARLEY", "GLUTEN"),
    "carrot": ("CARROTS",),
    "cashew": ("CASHEW_NUTS", "TREE_NUTS"),
    "celery": ("CELERY",),
    "cocoa": ("COCOA",),
    "coriander": ("CORIANDER",),
    "corn": ("CORN",),
    "coumarin": ("COUMARIN",),
    "crustaceans": ("CRUSTACEANS",),
    "egg": ("EGGS",),
    "fish": ("FISH",),
    "jang": ("GLUTEN", "SOYBEANS", "WHEAT"),
    "kimchi": ("CRUSTACEANS", "FISH"),
    "milk": ("LACTOSE", "MILK"),
    "molluscs": ("MOLLUSCS",),
    "mustard": ("MUSTARD",),
    "nut-traces": ("TREE_NUT_TRACES",),
    "oat": ("OAT",),
    "peanut": ("PEANUTS",),
    "peas": ("PEAS",),
    "rye": ("GLUTEN", "RYE"),
    "sesame": ("SESAME_SEEDS",),
    "soy": ("SOYBEANS",),
    "sulphites": ("SULPHUR_DIOXIDE",),
    "walnut": ("TREE_NUTS", "WALNUTS"),
    "wheat": ("GLUTEN", "WHEAT"),
}
DIETS: Mapping[str, tuple[str, ...]] = {
    "gf": ("GLUTEN_FREE",),
    "halal": ("HALAL",),
    "hindu": ("HINDU",),
    "lowfat": ("LOW_FAT",),
    "vegan": ("VEGAN", "VEGETARIAN"),
    "veggie": ("VEGETARIAN",),
}


def allergens(texts: Iterable[str]) -> list[str]:
    """All that the words hold, each once, in order. Raises KeyError for an unknown word."""
    return _said(ALLERGENS, texts)


def diets(text: str) -> list[str]:
    """What the words suit, each once, in order. Raises KeyError for an unknown word."""
    return _said(DIETS, [text])


def both(text: str) -> dict[str, str]:
    """Korean and English of "한국어 | English"."""
    korean, english = text.split(" | ")
    return {"ko": korean, "en": english}


def _said(meanings: Mapping[str, tuple[str, ...]], texts: Iterable[str]) -> list[str]:
    words = [word for text in texts for word in text.split()]
    return sorted({meaning for word in words for meaning in meanings[word]})
