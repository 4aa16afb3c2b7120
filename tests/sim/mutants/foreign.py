"""Bugs by somebody who has not read the simulator, and by nobody else."""

from tests.sim.mutants.mutant import Mutant

FOREIGN: tuple[Mutant, ...] = ()
