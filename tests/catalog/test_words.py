"""How a question finds a text: in Korean, by initial consonants, in English."""

import pytest

from chalicelib.catalog import words


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("양념 치킨", "양념치킨"),
        ("양념치킨", "치킨"),
        ("양념치킨", "양념 치킨"),
        ("양념치킨", "치킨 양념"),
        ("떡볶이", "떡"),
        ("떡볶이", "ㄸㅂ"),
        ("매운 떡볶이", "ㄸㅂㅇ"),
        ("치킨 BBQ", "bbq 치킨"),
        ("Cheese Burgers", "burger"),
        ("Cheese Burger", "burgers"),
        ("Berries", "berry"),
        ("Lunch boxes", "box"),
        ("Crème brûlée", "creme brulee"),
        ("Creme brulee", "CRÈME"),
        ("Pizza Margherita", "marg"),
        ("豚骨ラーメン", "ラーメン"),
        ("7-Up", "7"),
    ],
)
def test_a_question_finds_a_text(text: str, question: str) -> None:
    asked = words.terms(question)

    assert asked
    assert all(words.holds([text], term) for term in asked)
    assert all({*term.keys} <= words.keys(text) for term in asked)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("양념 치킨", "후라이드"),
        ("양념 치킨", "ㅊㄱ"),
        ("볶음밥", "밥볶"),
        ("Pizza", "izza"),
        ("Miso", "misos x"),
    ],
)
def test_a_question_does_not_find_another_text(text: str, question: str) -> None:
    assert not all(words.holds([text], term) for term in words.terms(question))


@pytest.mark.parametrize("question", ["", " ", "!?", "\u0301"])
def test_a_question_without_words_asks_for_nothing(question: str) -> None:
    assert words.terms(question) == []
