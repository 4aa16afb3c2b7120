"""The picture of a terminal."""

from xml.etree import ElementTree as ET

from sandbox.demo.picture import COLUMNS, GREEN, picture


def test_every_line_is_shown_as_it_was_said_and_long_ones_are_cut() -> None:
    drawn = ET.fromstring(picture(["a < b & c", "x" * 200]))  # noqa: S314 - our own

    texts = [one.text for one in drawn if one.tag.endswith("text")]
    assert texts == ["a < b & c", "x" * COLUMNS]


def test_bars_and_verdicts_stand_out() -> None:
    drawn = picture(["[###...]", "All of it holds.", "minutes"])

    assert drawn.count(GREEN) == 2
