"""How one case is run: act under a fault, let the caller repeat or not, let time pass, judge.

Random bits come from a seed that every run begins anew, so that equal histories leave equal states:
a state that was once judged need not be judged again.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from chalicelib.core import ids, sessions
from chalicelib.orders import stopping
from chalicelib.payments import guarding
from tests import faults, laws
from tests.crash import states
from tests.crash.flows import Facts, Flow
from tests.crash.states import State
from tests.faults import Script
from tests.world import Reply, World

WAITS = (700, 1000, 90_000)
TRIES = 30
TRY_AGAIN = frozenset({409, 429, 503})
DONE = frozenset({200, 201, 204})


READS = ("GetItem", "Query", "BatchGetItem", "GET ")


@dataclass(frozen=True)
class Moment:
    """Before or after one external call, and how the world then was."""

    number: int
    call: str
    state: State
    digest: str
    effect: bool = False


@dataclass
class Stage:
    """A flow in its world, ready to be run from the same state again and again."""

    world: World
    flow: Flow
    facts: Facts = field(default_factory=dict)
    judged: set[tuple[str, bool]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.facts = self.flow.arrange(self.world)
        self.state = states.take(self.world)
        self.flow.act(self.world, self.facts)  # what is loaded once is loaded now

    def calls(self) -> list[str]:
        """The external calls of a run in which nothing breaks; its end is judged, too."""
        script = Script()
        with self._again(script):
            self.flow.act(self.world, self.facts)
        self.judge(again=False)
        return script.calls

    def moments(self) -> list[Moment]:
        """The world before and after each external call of one run: where a function may die.

        A function that is killed unwinds nothing, so the world that it leaves behind is the one
        of that moment. A call that only reads leaves the world as it was.
        """
        script, found = Script(), list[Moment]()

        def before(call: str) -> None:
            number = len(script.calls) - 1
            here = states.take(self.world)
            found.append(Moment(number, call, here, states.digest(self.world)))

        def after(call: str) -> None:
            last = found[-1]
            if only_reads(call):
                found.append(replace(last, effect=True))
                return
            here = states.take(self.world)
            now = states.digest(self.world)
            found.append(Moment(last.number, call, here, now, effect=True))

        script.before, script.after = before, after
        with self._again(script):
            self.flow.act(self.world, self.facts)
        return found

    def die(self, moment: Moment) -> int:
        """Go on from where a function died; its caller never repeats, or does. How many cases."""
        variants = (False, True) if self.flow.request else (False,)
        for again in variants:
            self._judge_at(moment.state, moment.digest, again=again)
        return len(variants) + self._die_unheard(moment)

    def _die_unheard(self, moment: Moment) -> int:
        """As before, and payments' queue loses what it had: sweepers are alone with the money."""
        states.put_back(self.world, moment.state)
        if not self.world.bells.lose():
            return 0
        self.judge(again=False, unheard=True)
        return 1

    def endure(self, script: Script) -> None:
        """Run while the network breaks; a caller who is told to try again does."""
        with self._again(script):
            reply = self._run()
        if reply is None:
            self.judge(again=False)
            return
        assert reply.status in DONE | TRY_AGAIN, reply.text
        self.judge(again=reply.status in TRY_AGAIN)

    def judge(self, *, again: bool, unheard: bool = False) -> None:
        """From the present state let all come to rest, and demand what must be true."""
        state, digest = states.take(self.world), states.digest(self.world)
        self._judge_at(state, digest, again=again, unheard=unheard)

    def _judge_at(self, state: State, digest: str, *, again: bool, unheard: bool = False) -> None:
        if (digest, again) in self.judged:
            return
        self.judged.add((digest, again))
        states.put_back(self.world, state)
        if again:
            self._insist()
        for seconds in WAITS:
            self.world.tick(seconds)
        laws.demand(self.world)
        if self.flow.law and not unheard:
            self.flow.law(self.world, self.facts, again=again)

    @contextmanager
    def noting(self, what: str) -> Iterator[None]:
        """Say with a broken law which case broke it."""
        try:
            yield
        except AssertionError as error:
            error.add_note(what)
            raise

    @contextmanager
    def _again(self, script: Script) -> Iterator[None]:
        states.put_back(self.world, self.state)
        stopping.forget()
        sessions.forget()
        guarding.forget()
        source = random.Random(7)  # noqa: S311 - no secret depends on it
        self.world.stripe_ids.begin_again()
        with ids.drawn_from(source.getrandbits), faults.following(script):
            yield

    def _run(self) -> Reply | None:
        """What the surroundings do not finish they do again later: an exception is no news."""
        if self.flow.request is not None:
            return self.flow.act(self.world, self.facts)
        try:
            self.flow.act(self.world, self.facts)
        except AssertionError:
            raise
        except Exception:  # noqa: BLE001, S110 - Lambda itself takes whatever a function raises
            pass
        return None

    def _insist(self) -> None:
        """The caller repeats the request, as its answers advise, until it is answered."""
        for _ in range(TRIES):
            reply = self.flow.act(self.world, self.facts)
            assert reply is not None
            if reply.status in DONE:
                return
            assert reply.status in TRY_AGAIN, reply.text
            self.world.clock.move(int(reply.headers.get("Retry-After", 1)))
        raise AssertionError("the caller was never answered")


def only_reads(call: str) -> bool:
    return call.rpartition(".")[2].startswith(READS)
