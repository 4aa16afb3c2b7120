"""Korean addresses: by road name and building number, or by district and lot number.

Both stay in use; a place mostly has both, under one postal code of five digits.
https://www.juso.go.kr (Ministry of the Interior and Safety, road name addresses)
"""

import re

HANGUL = re.compile("[가-힣]")
ROAD = re.compile(
    r"[가-힣0-9·]+(?:로|길)(?:\s?[0-9가-힣]*길)?\s+(?:지하\s?)?\d+(?:-\d+)?(?![0-9-])"
)
LOT = re.compile(r"[가-힣0-9]+(?:동|리|가|읍|면)\s+(?:산\s?)?\d+(?:-\d+)?(?:번지)?(?![0-9-])")


def is_road_address(text: str) -> bool:
    """Whether it names a road and a building: 서울 마포구 양화로 45, 테헤란로4길 8-1."""
    return ROAD.search(text) is not None


def is_lot_address(text: str) -> bool:
    """Whether it names a district and a lot: 서울 마포구 서교동 395-43, 남면 산 12-1."""
    return LOT.search(text) is not None


def is_korean(text: str) -> bool:
    """Whether it is written in Hangul: of other writings no form is known here."""
    return HANGUL.search(text) is not None
