"""Every module of laws, imported so that its laws are known."""

from tests.sim.invariants import bringing, giving, limits, lives, money, promises, telling

MODULES = (money, giving, lives, bringing, telling, promises, limits)
