"""The laws, by when they are asked: after a step, after an invocation, when all is at rest."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.sim.gateway import Reply
    from tests.sim.shadow import Change
    from tests.sim.world import World


class Violation(Exception):  # noqa: N818 - it is one
    """A law is broken: which, and how."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(f"{name}: {detail}")
        self.name, self.detail = name, detail


type StepLaw = Callable[["World", Sequence["Change"]], None]
type Law = Callable[["World"], None]

STEP_LAWS: list[tuple[str, StepLaw]] = []
LAWS: list[tuple[str, Law]] = []
REST_LAWS: list[tuple[str, Law]] = []


def step(name: str) -> Callable[[StepLaw], StepLaw]:
    """A law about the items that one call has changed. It is asked after every call."""

    def register(law: StepLaw) -> StepLaw:
        STEP_LAWS.append((name, law))
        return law

    return register


def always(name: str) -> Callable[[Law], Law]:
    """A law about the whole world. It is asked at the end of every invocation."""

    def register(law: Law) -> Law:
        LAWS.append((name, law))
        return law

    return register


def at_rest(name: str) -> Callable[[Law], Law]:
    """A law that holds when faults have ended and everything has come to rest."""

    def register(law: Law) -> Law:
        REST_LAWS.append((name, law))
        return law

    return register


def demand(name: str, holds: object, detail: str) -> None:
    """Raise Violation unless it holds."""
    if not holds:
        raise Violation(name, detail)


def after_step(world: "World", news: Sequence["Change"]) -> None:
    if news:
        for _, law in STEP_LAWS:
            law(world, news)


def after_invocation(world: "World") -> None:
    for _, law in LAWS:
        law(world)


def when_at_rest(world: "World") -> None:
    for _, law in (*LAWS, *REST_LAWS):
        law(world)


def answered(world: "World", name: str, reply: "Reply") -> None:
    """No request ends as a fault of ours, whatever goes wrong around it."""
    if reply.status in {500, 502}:
        alarms = [one for one in world.alarms if one.said == "A request broke"]
        said = alarms[-1].facts.get("code") if alarms else ""
        world.stop(Violation("A1", f"{name} was answered {reply.status}: {said}"))
