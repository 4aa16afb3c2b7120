"""Where identifiers come from: counted (the same every run) or random (a sandbox that restarts)."""

import itertools
import secrets
from collections.abc import Callable

type NewId = Callable[[str], str]


def counted_ids() -> NewId:
    """Identifiers that a seed can replay: `pi_00000001`, `ch_00000002`, ..."""
    numbers = itertools.count(1)
    return lambda prefix: f"{prefix}_{next(numbers):08d}"


def random_ids() -> NewId:
    """Identifiers that never repeat, not even after a restart: 120 random bits each."""
    return lambda prefix: f"{prefix}_{secrets.token_hex(15)}"
