"""The story of one order, as the actors live it: who wants what, and what has become of it.

Actors meet here as people do at a counter and at a door; what only computers know they learn from
the API, from pushes and from webhooks.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sandbox.robo.line import Json
from sandbox.robo.scripts import CASTINGS, Script


@dataclass(frozen=True)
class Wish:
    """What somebody will order: when (city seconds after the play begins), from whom, and how.

    `cooks` is how long the kitchen takes, in city seconds from the moment it is placed; `walks` is
    how long the customer takes to the counter, where it is collected. `named` is the store's name
    as it is searched for in its city, `least` what it brings at least.
    """

    number: int
    script: Script
    at: float
    store: str
    customer: str
    fulfilment: str
    items: Sequence[Json]
    cooks: float
    drop_off: Json | None = None
    walks: float = 180.0
    named: str = ""
    city: str = ""
    least: int = 0
    published: str = ""
    """Its name in the published day that is replayed."""


@dataclass
class Story:
    """What has become of a wish. Times are city seconds since the epoch."""

    wish: Wish
    order_id: str = ""
    total: int = 0
    currency: str = ""
    clicked_at: float = 0.0
    wanted_at: float = 0.0
    """When it should be there, of an order for later."""
    stages: dict[str, float] = field(default_factory=dict)
    status: str = ""
    code: str = ""
    fee: int = 0
    owed: int | None = None
    trouble: list[str] = field(default_factory=list)
    """Why somebody could not go on."""
    oddities: list[str] = field(default_factory=list)
    """What should not have been, though everybody went on."""
    done: bool = False
    happened: set[str] = field(default_factory=set)
    """Mishaps that come once only: a phone that dies, a PIN misheard."""
    bag: threading.Event = field(default_factory=threading.Event)
    """Set once the kitchen has put it on the counter."""
    collector: threading.Event = field(default_factory=threading.Event)
    """Set once somebody stands at the counter to take it away."""
    pin: Callable[[], str] = lambda: ""
    """What the customer says at the door, when asked for the PIN."""

    @property
    def as_scripted(self) -> bool:
        """Whether it ended as its script says, and for the reason that it says."""
        casting = CASTINGS[self.wish.script]
        ended = "DELIVERED" if self.status == "CONCLUDED" else self.status
        return ended == casting.ends and (not casting.code or self.code == casting.code)

    @property
    def twice(self) -> bool:
        """Whether everybody's finger hits each button twice."""
        return self.wish.script is Script.DOUBLE_TAPS


class Street:
    """All stories, found by their order. Safe to use from many threads."""

    def __init__(self) -> None:
        self._by_order: dict[str, Story] = {}
        self._shunned: dict[str, int] = {}
        self._tills: dict[str, Callable[[str], None]] = {}
        self._riding = 0
        self._lock = threading.Lock()

    def placed(self, story: Story, order_id: str) -> None:
        """From now on the story is known by its order's id."""
        with self._lock:
            story.order_id = order_id
            self._by_order[order_id] = story

    def story(self, order_id: str) -> Story | None:
        """None for an order that none of us has placed."""
        with self._lock:
            return self._by_order.get(order_id)

    def at_the_till(self, store_id: str, run_out: Callable[[str], None]) -> None:
        """Who tells, in this store, that a dish is gone."""
        self._tills[store_id] = run_out

    def runs_out(self, store_id: str, item_id: str) -> None:
        """Somebody else has had the last of a dish."""
        self._tills[store_id](item_id)

    @property
    def riding(self) -> int:
        """How many couriers have a job in hand."""
        return self._riding

    @contextmanager
    def ride(self) -> Iterator[None]:
        """While a courier has a job in hand."""
        with self._lock:
            self._riding += 1
        try:
            yield
        finally:
            with self._lock:
                self._riding -= 1

    def shun(self, store_id: str) -> None:
        """No courier wants to ride to this store, for now."""
        with self._lock:
            self._shunned[store_id] = self._shunned.get(store_id, 0) + 1

    def welcome(self, store_id: str) -> None:
        """Take back one `shun`."""
        with self._lock:
            self._shunned[store_id] = max(0, self._shunned.get(store_id, 0) - 1)

    def is_shunned(self, store_id: str) -> bool:
        with self._lock:
            return self._shunned.get(store_id, 0) > 0
