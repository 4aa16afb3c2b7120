"""Every module of laws, imported so that its laws are known."""

from tests.sim.invariants import (
    asking,
    bargains,
    bringing,
    deciding,
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
)

MODULES = (
    money,
    owed,
    giving,
    lives,
    bringing,
    deciding,
    asking,
    telling,
    promises,
    limits,
    bargains,
    opinions,
    guests,
    reaching,
)
