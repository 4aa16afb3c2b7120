"""The planted bugs of money and of what surrounds it, in seven files."""

from tests.sim.mutants.planted_around import AROUND
from tests.sim.mutants.planted_bargains import BARGAINS
from tests.sim.mutants.planted_dispatch import DISPATCH
from tests.sim.mutants.planted_guests import GUESTS
from tests.sim.mutants.planted_hooks import HOOKS
from tests.sim.mutants.planted_limits import LIMITS
from tests.sim.mutants.planted_money import MONEY

PLANTED = (*MONEY, *AROUND, *LIMITS, *BARGAINS, *DISPATCH, *HOOKS, *GUESTS)
