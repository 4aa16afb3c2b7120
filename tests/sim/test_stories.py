"""Small dense stories, told step by step, that shrink to what breaks a law.

Each rule is one thing that somebody does; between rules little or much time passes. Faults are put
at the calls of one step at a time, so that what hypothesis finds is short.
"""

import random
from collections.abc import Callable

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.sim import story
from tests.sim.acts import aftermath, customers, kitchens, operators, purses
from tests.sim.town import Town
from tests.sim.world import Options, World

SEEDS = st.integers(0, 2**16)
RATES = st.sampled_from((0.0, 0.1, 0.3))
PAUSES = st.sampled_from((0.5, 5.0, 60.0, 700.0))

type Do = Callable[[Town, random.Random], object]


class Stories(RuleBasedStateMachine):
    """One town, in which anything may follow anything."""

    world: World
    town: Town

    @initialize(seed=SEEDS)
    def settle(self, seed: int) -> None:
        self.world = World(Options(seed=seed, rate=0.0)).__enter__()
        self.world.plan.calm = True
        self.town = Town(self.world, chance=self.world.chance)
        self.world.act("settling", self.town.settle)
        self.world.run(300)
        assert self.town.customers
        self.world.plan.calm = False
        self.town.serve = kitchens.serving(self.town)
        self.steps = 0

    def _do(self, what: Do, seed: int, rate: float, pause: float) -> None:
        self.steps += 1
        self.world.plan.rate = rate
        rng = random.Random(seed)  # noqa: S311 - no secret depends on it
        self.world.act(f"step {self.steps}", lambda: what(self.town, rng))
        self.world.run(pause)

    @rule(seed=SEEDS, rate=RATES, pause=PAUSES)
    def somebody_orders(self, seed: int, rate: float, pause: float) -> None:
        self._do(customers.order, seed, rate, pause)

    @rule(seed=SEEDS, rate=RATES, pause=PAUSES)
    def somebody_pays_cash(self, seed: int, rate: float, pause: float) -> None:
        self._do(purses.pay_cash, seed, rate, pause)

    @rule(seed=SEEDS, rate=RATES, pause=PAUSES)
    def a_till_looks_at_its_board(self, seed: int, rate: float, pause: float) -> None:
        self._do(kitchens.look, seed, rate, pause)

    @rule(seed=SEEDS, rate=RATES, pause=PAUSES)
    def an_operator_cancels(self, seed: int, rate: float, pause: float) -> None:
        self._do(operators.cancel, seed, rate, pause)

    @rule(seed=SEEDS, rate=RATES, pause=PAUSES)
    def money_goes_back(self, seed: int, rate: float, pause: float) -> None:
        if self.town.orders:
            self._do(aftermath.refund, seed, rate, pause)

    @rule(seed=SEEDS)
    def a_release_goes_out(self, seed: int) -> None:
        self._do(operators.deploy, seed, 0.0, 1.0)

    @rule(pause=PAUSES)
    def time_passes(self, pause: float) -> None:
        self.world.run(pause)

    @invariant()
    def every_law_holds(self) -> None:
        if hasattr(self, "world") and self.world.broken:
            raise self.world.broken

    def teardown(self) -> None:
        """The faults end: everything comes to rest, and is judged."""
        if not hasattr(self, "world"):
            return
        try:
            if not self.world.broken:
                story.finish(self.world, self.town)
            if self.world.broken:
                raise self.world.broken
        finally:
            self.world.__exit__(None, None, None)


TestStories = Stories.TestCase
TestStories.settings = settings(
    max_examples=6,
    stateful_step_count=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
