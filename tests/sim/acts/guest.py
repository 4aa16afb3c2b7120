"""A guest with an app: begins without an account, and turns tokens as the API has it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.sim.acts.person import AGAIN, EARLY, Person

if TYPE_CHECKING:
    from tests.sim.world import World

TRIES = 6
REFUSED = frozenset({401, 404, 409})


@dataclass
class Guest(Person):
    """A person whose name is the id that the API gave them. `tokens` are their present ones."""

    tokens: Any = None
    over: bool = False

    @classmethod
    def begin(cls, world: "World", who: str, device: str) -> "Guest | None":
        """A new guest, or None where no answer came."""
        for attempt in range(TRIES):
            reply = world.request(who, "POST", "/v1/guests")
            if reply is not None and reply.status == 201:
                tokens = reply.json
                until = world.scheduler.now + EARLY
                return cls(
                    world, tokens["guest_id"], "customer", device=device, tokens=tokens,
                    _token=(until, tokens["access_token"]),
                )  # fmt: skip
            world.scheduler.pause(1.0 + attempt)
        return None

    @property
    def token(self) -> str:
        """Where it is time for another, it is asked for with the refresh token that they have."""
        now = self.world.scheduler.now
        until, token = self._token
        if until >= now or self.over:
            return token
        self._token = (now + 5.0, token)
        for attempt in range(TRIES):
            given = {"refresh_token": self.tokens["refresh_token"]}
            reply = self.world.request(self.name, "POST", "/v1/guests/token", given)
            if reply is not None and reply.status == 200:
                self.tokens = reply.json
                self._token = (self.world.scheduler.now + EARLY, self.tokens["access_token"])
                break
            if reply is not None and reply.status in REFUSED and reply.status not in AGAIN:
                self.over = reply.status == 401
                break
            self.world.scheduler.pause(1.0 + attempt)
        return self._token[1]
