"""The simulated world: the whole product in one process, with everything around it, from a seed."""

from tests.sim import environment

environment.dress()
