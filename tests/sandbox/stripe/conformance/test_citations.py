"""Every case says on which page of Stripe's it rests, and why where Stripe cannot be asked."""

import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sandbox.stripe.port import StripePort

HERE = Path(__file__).parent
PAGES = "https://docs.stripe.com/"


def _cases() -> Iterator[tuple[str, Callable[..., None], dict[str, str]]]:
    for path in sorted(HERE.glob("test_*.py")):
        if path.name == Path(__file__).name:
            continue
        module = importlib.import_module(f"tests.sandbox.stripe.conformance.{path.stem}")
        for name, case in vars(module).items():
            if name.startswith("test_"):
                marks = [
                    one.kwargs
                    for one in getattr(case, "pytestmark", [])
                    if one.name == "conformance"
                ]
                yield f"{path.stem}.{name}", case, marks[0] if marks else {}


def test_every_case_rests_on_a_page_of_stripes() -> None:
    without = [name for name, _, mark in _cases() if not mark.get("page", "").startswith(PAGES)]

    assert without == []


def test_a_case_is_put_to_stripe_too_or_says_why_not() -> None:
    wrong = [
        name
        for name, case, mark in _cases()
        if ("port" in inspect.signature(case).parameters) == bool(mark["fake_only"])
    ]

    assert wrong == []


def test_there_are_eighty_cases_and_more() -> None:
    assert len(list(_cases())) >= 80


@pytest.mark.parametrize("key", ["sk_live_abc", "rk_live_abc", "pk_test_abc", "nonsense"])
def test_no_key_but_one_of_test_mode_is_used(key: str) -> None:
    with pytest.raises(ValueError, match="test mode"):
        StripePort(key)
