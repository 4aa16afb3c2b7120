"""Every module of laws, imported so that its laws are known."""

from tests.sim.invariants import (
    asking,
    bargains,
    bringing,
    delivering,
    fetching,
    giving,
    guests,
    limits,
    lives,
    money,
    opinions,
    owed,
    promises,
    reaching,
    telling,
    waiting,
)

MODULES = (
    money,
    owed,
    giving,
    lives,
    bringing,
    asking,
    telling,
    promises,
    limits,
    bargains,
    opinions,
    guests,
    reaching,
    delivering,
    fetching,
    waiting,
)
