import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import cards, clock, ids

CARDS = [
    # Stripe's test numbers: https://docs.stripe.com/testing
    "4242424242424242",
    "4000056655665556",
    "5555555555554444",
    "2223003122003222",
    "5200828282828210",
    "5105105105105100",
    "378282246310005",
    "371449635398431",
    "6011111111111117",
    "6011000990139424",
    "3056930009020004",
    "36227206271667",
    "3566002020360505",
    "6200000000000005",
    "4000000000000002",
    "4000002500003155",
    "6205500000000000004",
    "4222222222222",
]
HARMLESS = {
    "phone in Korea": "+82 10-1234-5678",
    "phone in Brazil": "+55 11 91234-5678",
    "phones in a row": "010-1234-5678 010-8765-4321",
    "milliseconds": "1732300000000",
    "microseconds": "1732300000000000",
    "stamp": "2026-11-22T18:30:00.000Z",
    "coordinates": "37.566535123456 126.977969123456",
    "south and west": "-23.5505199123456,-46.6333094123456",
    "largest amount": "1000000000000",
    "amounts": '{"amount":900000,"total":1200000}',
    "many nines": "9999999999",
    "uuid": "550e8400-e29b-41d4-a716-446655440000",
    "wrong check digit": "4242424242424241",
    "no issuer": "1234567812345670",
    "too long": "42424242424242424242424",
    "registration": "123-45-67890",
    "barcode": "8801234567893",
}


@pytest.mark.parametrize("number", CARDS)
def test_a_card_number_is_known_however_it_is_written(number: str) -> None:
    grouped = " ".join(number[start : start + 4] for start in range(0, len(number), 4))

    assert cards.holds_card_number(number)
    assert cards.holds_card_number(grouped)
    assert cards.holds_card_number(grouped.replace(" ", "-"))
    assert cards.holds_card_number(f'{{"note":"my card is {number}, thanks"}}')
    assert cards.holds_card_number(f'{{"number":{number}}}')


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS.keys())
def test_other_numbers_are_no_card_numbers(text: str) -> None:
    assert not cards.holds_card_number(text)


@given(st.integers(0, 10**12))
def test_no_amount_is_a_card_number(amount: int) -> None:
    assert not cards.holds_card_number(f'{{"amount": {amount}, "currency": "KRW"}}')


@given(st.floats(-180, 180, allow_nan=False), st.floats(-90, 90, allow_nan=False))
def test_no_place_is_a_card_number(lng: float, lat: float) -> None:
    assert not cards.holds_card_number(f'{{"lng": {lng:.15f}, "lat": {lat:.15f}}}')


def test_our_own_ids_and_stamps_are_no_card_numbers() -> None:
    for _ in range(2_000):
        assert not cards.holds_card_number(ids.new("ord"))
    assert not cards.holds_card_number(clock.stamp(clock.now()))


@given(st.text(alphabet="0123456789 -.,", max_size=300))
def test_any_digits_are_read_without_breaking(text: str) -> None:
    assert cards.holds_card_number(text) in {True, False}
