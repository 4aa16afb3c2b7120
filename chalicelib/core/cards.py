"""Card numbers must never come here: whoever sends one is told so, and it reaches no log.

A run of digits counts as a card number when it has an issuer's prefix and length and passes the
Luhn check (ISO/IEC 7812-1).
"""

import re

RUN = re.compile(r"(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d.]*\d)")
ESCAPE = re.compile(r"\\u00([0-9A-Fa-f]{2})")
ISSUERS = re.compile(
    r"4\d{12}(?:\d{3}){0,2}"  # Visa
    r"|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|3(?:0[0-5]|[68]\d)\d{11,13}"  # Diners Club
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}"  # Discover
    r"|35(?:2[89]|[3-8]\d)\d{12}"  # JCB
    r"|62\d{14,17}"  # UnionPay
    r"|9\d{15}"  # Korean domestic cards
)


def holds_card_number(text: str) -> bool:
    """Whether a text holds what looks like a payment card's number, escapes of JSON read."""
    plain = ESCAPE.sub(_character, text)
    return any(_is_card(re.sub(r"\D", "", run)) for run in RUN.findall(plain))


def _character(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16))


def _is_card(digits: str) -> bool:
    return ISSUERS.fullmatch(digits) is not None and _luhn(digits)


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - the check's own rule
    return total % 10 == 0
