"""How one case is run: act under a fault, let the caller repeat or not, let time pass, judge."""

from dataclasses import dataclass, field

from tests import faults, laws
from tests.crash import states
from tests.crash.flows import Facts, Flow
from tests.faults import Crash, Script
from tests.world import Reply, World

WAITS = (31, 130, 700, 3600, 90_000)
TRIES = 30
TRY_AGAIN = frozenset({409, 429, 503})


@dataclass
class Stage:
    """A flow in its world, ready to be run from the same state again and again."""

    world: World
    flow: Flow
    facts: Facts = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.facts = self.flow.arrange(self.world)
        self.state = states.take(self.world)
        self.flow.act(self.world, self.facts)  # what is loaded once is loaded now

    def clean(self) -> list[str]:
        """The external calls of a run in which nothing breaks."""
        script = Script()
        states.put_back(self.world, self.state)
        with faults.following(script):
            self.flow.act(self.world, self.facts)
        return script.calls

    def crash(self, number: int, *, effect: bool, again: bool) -> None:
        """Die at one call, let the caller repeat the request or never, and judge."""
        script = Script()
        script.crash_at(number, effect=effect)
        states.put_back(self.world, self.state)
        died = False
        with faults.following(script):
            try:
                self.flow.act(self.world, self.facts)
            except Crash:
                died = True
        assert died, "the call of that number was not made"
        if again:
            self.insist()
        self.judge()

    def broken(self, breaking: Script, *, again: bool = True) -> None:
        """Run while the network breaks, and once more after it is whole, if it was told no."""
        states.put_back(self.world, self.state)
        with faults.following(breaking):
            reply = self._without_crash()
        if reply is not None:
            assert reply.status != 500, reply.text
            if again and reply.status in TRY_AGAIN:
                self.insist()
        self.judge()

    def _without_crash(self) -> Reply | None:
        """What the surroundings do not finish, they do again later: an exception is no news."""
        if self.flow.request is not None:
            return self.flow.act(self.world, self.facts)
        try:
            self.flow.act(self.world, self.facts)
        except Exception as error:  # noqa: BLE001 - Lambda itself takes whatever a function raises
            assert not isinstance(error, AssertionError), error
        return None

    def insist(self) -> None:
        """The caller repeats the request, as its answers advise, until it is answered."""
        for _ in range(TRIES):
            reply = self.flow.act(self.world, self.facts)
            assert reply is not None
            if reply.status not in TRY_AGAIN:
                assert reply.status in {200, 201}, reply.text
                return
            self.world.clock.move(int(reply.headers.get("Retry-After", 1)))
        raise AssertionError(f"never answered: {reply.text}")

    def judge(self) -> None:
        for seconds in WAITS:
            self.world.tick(seconds)
        laws.demand(self.world)
