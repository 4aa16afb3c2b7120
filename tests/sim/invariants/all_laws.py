"""Every module of laws, imported so that its laws are known."""

from tests.sim.invariants import bringing, lives, money, telling

MODULES = (money, lives, bringing, telling)
