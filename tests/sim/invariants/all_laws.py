"""Every module of laws, imported so that its laws are known."""

from tests.sim.invariants import money

MODULES = (money,)
