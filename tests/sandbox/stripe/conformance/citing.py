"""What a conformance case rests on: a page of Stripe's documentation, and what it says there.

A case that takes a `port` is put to the fake and, with a key, to Stripe's test mode. One that needs
what Stripe's API cannot do for us (let time pass, act as a bank) is put to the fake alone, and says
why.
"""

import pytest


def rests_on(page: str, says: str = "", *, fake_only: str = "") -> pytest.MarkDecorator:
    """The page, its words where they are short, and why Stripe itself cannot be asked."""
    return pytest.mark.conformance(page=page, says=says, fake_only=fake_only)
