"""One story: a seed, told from the first quote to the day when nothing is open any more."""

import gc
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

from tests.sim import rare
from tests.sim.acts import all_acts, couriers, fetching, kitchens, operators, registry, tills
from tests.sim.faults import Place
from tests.sim.invariants import all_laws, promises
from tests.sim.invariants import registry as laws
from tests.sim.invariants.registry import Violation
from tests.sim.receivers import Manner
from tests.sim.swizzle import swizzle
from tests.sim.town import Town
from tests.sim.world import Options, World

type Mode = Literal["safety", "liveness", "swizzle"]

MODES: tuple[Mode, ...] = ("safety", "safety", "liveness", "swizzle")
RATES = (0.0, 0.02, 0.04, 0.04, 0.06, 0.08, 0.1, 0.15)
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
DAYS_WITH_FAULTS = 27 * HOUR
"""What is charged a day before its moment is charged within these."""
DEAF = 12
"""In one story of so many streams lose every second event, and nothing else fails."""
NOBODY_AT_FIRST = (0.0, 0.0, 0.0, 30 * MINUTE)
"""When couriers begin where a story looks for what is rare: nobody may be found."""
LONGER = (0.0, 0.0, HOUR, 4 * HOUR)
"""How much longer faults go on there: sweeps that look after an hour meet them, too."""
assert all_acts.MODULES
assert all_laws.MODULES


@dataclass(frozen=True)
class Script:
    """What a seed says before anything happens."""

    seed: int
    mode: Mode
    rate: float
    orders: int
    others: int
    minutes: float
    spared_faults: frozenset[Place] = frozenset()
    spared_acts: frozenset[int] = frozenset()
    tables: str = "memory"
    steered: bool = False
    deaf: bool = False


@dataclass
class Told:
    """What came of a story."""

    script: Script
    hash: str
    orders: int
    calls: int
    faults: int
    seconds: float
    violation: Violation | None
    lines: list[str] = field(default_factory=list)
    met: list[tuple[str, int, str, str]] = field(default_factory=list)
    hits: dict[tuple[str, str], int] = field(default_factory=dict)
    sites: dict[str, int] = field(default_factory=dict)
    acts: int = 0
    chosen: frozenset[str] = frozenset()
    reached: frozenset[str] = frozenset()


def script(seed: int, tables: str = "memory") -> Script:
    """The script of a seed."""
    rng = random.Random(f"{seed}:script")  # noqa: S311 - no secret depends on it
    steered, is_deaf = rare.is_steered(seed), seed % DEAF == 0
    told = Script(
        seed=seed,
        mode=rng.choice(MODES),
        rate=rng.choice(RATES) or (0.02 if steered else 0.0),
        orders=rng.choice((3, 3, 4, 4, 5)),
        others=rng.randint(2, 6) * (2 if steered else 1),
        minutes=rng.choice((8.0, 20.0, 40.0)),
        tables=tables,
        steered=steered,
    )
    return replace(told, mode="safety", rate=0.0, steered=False, deaf=True) if is_deaf else told


def clean(seed: int) -> Script:
    """The script of a seed in which nothing fails: its calls are those that faults have to meet."""
    return replace(script(seed), mode="safety", rate=0.0, deaf=False)


def tell(given: Script, *, lines: bool = False) -> Told:
    """Tell a story, and judge it. Raises only what is wrong with the world itself."""
    began = time.process_time()
    with _left_alone():
        told = _told(given, lines=lines)
    return replace(told, seconds=time.process_time() - began)


@contextmanager
def _left_alone() -> Iterator[None]:
    """A story is short: what it leaves behind is collected at its end, and nothing older sought."""
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()
        gc.enable()


def _told(given: Script, *, lines: bool) -> Told:
    options = Options(
        given.seed, given.rate, given.spared_faults, given.tables, given.steered, given.deaf
    )
    with World(options) as world:
        town = Town(world, chance=world.chance)
        town.seeks_rare = given.steered
        acts = _play(world, town, given)
        return Told(
            given,
            world.trace.hash,
            sum(1 for _ in world.shadow.partitions("orders", "ORDER#")),
            world.caller.count,
            sum(world.plan.hits.values()),
            0.0,
            world.broken,
            list(world.trace.lines()) if lines else [],
            world.plan.met,
            dict(world.plan.hits),
            dict(world.plan.sites),
            len(acts),
            frozenset(acts),
        )


def _play(world: World, town: Town, given: Script) -> list[str]:
    """Everything in its order. The acts that were chosen."""
    world.plan.calm = world.bank.calm = not given.steered
    settled = world.act("settling", town.settle)
    world.run((40 if given.steered else 5) * MINUTE)
    assert settled.done or world.broken, "the town was not settled"
    if world.broken:
        return []
    world.plan.calm = world.bank.calm = False
    town.serve = kitchens.serving(town)
    acts = _begin(world, town, given)
    if given.mode == "swizzle":
        world.memory["swizzled"] = True
        world.act("swizzle", lambda: swizzle(world, world.chance.stream("swizzle"), given.minutes))
    world.run(given.minutes * MINUTE * (0.5 if given.mode == "liveness" else 1.5))
    if given.steered and given.mode != "liveness":
        world.run(world.chance.stream("longer").choice(LONGER))
    if given.mode != "liveness":
        world.run(max(0.0, town.trouble_until - world.scheduler.now))
    if town.later and given.mode != "liveness":
        world.run(DAYS_WITH_FAULTS)
    finish(world, town)
    return acts


def finish(world: World, town: Town) -> None:
    """Faults end; everything comes to rest, and is judged."""
    _calm(world)
    _come_to_rest(world, town)


def _begin(world: World, town: Town, given: Script) -> list[str]:
    """Choose the acts and their times. Orders come first, so that a story has some."""
    rng = world.chance.stream("workload")
    chosen: list[tuple[float, registry.Act]] = []
    placed, weights = 0, rare.LIKELIER if given.steered else None
    while placed < given.orders:
        one = registry.choose(rng, orders=True, weights=weights)
        placed += one.orders
        chosen.append((_when(rng, given), one))
    chosen += [
        (_when(rng, given), registry.choose(rng, orders=False, weights=weights))
        for _ in range(given.others)
    ]
    if given.steered and given.rate:
        chosen += [(_when(rng, given), one) for one in rare.aimed(world.chance.stream("aim"))]
    for number, (at, one) in enumerate(chosen):
        mine = world.chance.stream(f"act {number}")
        if number not in given.spared_acts:
            world.act(f"{one.name}#{number}", partial(one.do, town, mine), after=at)
    for store in town.stores:
        if not store.webhook_id:
            world.act(f"{store.machine.name} polls", partial(kitchens.poll, town, store))
    for courier in town.couriers:
        shift = world.chance.stream(f"shift {courier.person.name}")
        work = partial(couriers.work, town, courier, shift)
        late = rng.choice(NOBODY_AT_FIRST) if given.steered else 0.0
        world.act(f"{courier.person.name} works", work, after=late + rng.uniform(0, 60))
    return [one.name for _, one in chosen]


def _when(rng: random.Random, given: Script) -> float:
    """In bursts: what happens at once is what races."""
    burst = rng.choice((0.0, 0.0, 0.3, 0.6)) * given.minutes * MINUTE
    return burst + rng.choice((0.0, 1.0, 30.0, 200.0)) * rng.random()


def _calm(world: World) -> None:
    """Faults end, everything is up again."""
    if world.broken:
        return
    world.plan.calm = world.bank.calm = True
    world.caller.down.clear()
    for pump in world.pumps:
        pump.down = False
        pump.ring()
    for receiver in world.receivers.by_url.values():
        receiver.behaves(Manner.WELL)


def _come_to_rest(world: World, town: Town) -> None:
    """From the last fault to the day when nothing is open any more."""
    world.run(10 * MINUTE)
    _judge_deadlines(world)
    _look_after(world, town)
    for courier in town.couriers:
        rng = world.chance.stream(f"evening {courier.person.name}")
        _act(
            world,
            f"{courier.person.name} works on",
            partial(couriers.work, town, courier, rng, late=True),
        )
    world.run(35 * MINUTE)
    town.closing = True
    world.run(10 * MINUTE)
    for courier in town.couriers:
        work = partial(couriers.finish, town, courier)
        _act(world, f"{courier.person.name} finishes", work)
    world.run(15 * MINUTE)
    _act(world, "closing", lambda: operators.close(town))
    for store in town.stores:
        _act(world, f"{store.machine.name} is put away", partial(tills.put_away, town, store))
    world.run(5 * MINUTE)
    world.queues.redrive()
    world.run(20 * MINUTE)
    _judge(world, "settled")
    world.run(26 * HOUR)
    _act(world, "enabling", lambda: _enable(town))
    world.run(3 * DAY)
    world.queues.redrive()
    for reader in town.readers.values():
        _act(world, "fetching all", partial(fetching.fetch_all, town, reader))
    world.run(HOUR)
    _judge(world, "rested")
    if town.forgetting:
        world.run(12 * DAY)
        _judge(world, "forgotten")


def _look_after(world: World, town: Town) -> None:
    for store in town.stores:
        _act(world, f"{store.machine.name} looks", partial(kitchens.look_at, town, store))


def _enable(town: Town) -> None:
    for endpoint in town.endpoints:
        endpoint.owner.post(f"{endpoint.path}/enable")


def _act(world: World, name: str, work: Callable[[], object]) -> None:
    if not world.broken:
        world.act(name, work)


def _judge_deadlines(world: World) -> None:
    if world.broken:
        return
    try:
        promises.deadlines_are_met(world)
    except Violation as violation:
        world.broken = violation


def _judge(world: World, when: str) -> None:
    if world.broken:
        return
    world.memory["when"] = when
    try:
        laws.when_at_rest(world)
    except Violation as violation:
        world.broken = violation
