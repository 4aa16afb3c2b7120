"""The planted bugs of money and of what surrounds it, in four files."""

from tests.sim.mutants.planted_around import AROUND
from tests.sim.mutants.planted_bargains import BARGAINS
from tests.sim.mutants.planted_limits import LIMITS
from tests.sim.mutants.planted_money import MONEY

PLANTED = (*MONEY, *AROUND, *LIMITS, *BARGAINS)
