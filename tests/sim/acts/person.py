"""Somebody with an app: sends requests, and tries again as a real client does."""

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import jwt

from chalicelib.core.auth import ACCESS, AUDIENCE, CLIENT
from tests import people
from tests.sim import environment, state
from tests.sim.gateway import Reply
from tests.sim.invariants import promises
from tests.sim.invariants.registry import Violation

if TYPE_CHECKING:
    from tests.sim.world import World

AGAIN = frozenset({429, 503})
GIVE_UP_AFTER = 8
PATIENCE = 3
"""So often somebody tries all over again who cannot do without."""
TOKEN_SECONDS = 900
EARLY = 600


@cache
def _signing() -> Any:  # noqa: ANN401 - the library's own
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    return load_pem_private_key(state.machine_key().encode(), None)


@dataclass
class Person:
    """A person, or a store's machine, with a token of their own."""

    world: "World"
    name: str
    role: str
    stores: tuple[str, ...] = ()
    _token: tuple[float, str] = (0.0, "")
    _keys: int = field(default=0)
    device: str = ""
    """What their app says of itself where it orders."""

    @property
    def token(self) -> str:
        now = self.world.scheduler.now
        until, token = self._token
        if until < now:
            token = self._signed(int(now))
            self._token = (now + EARLY, token)
        return token

    def _signed(self, now: int) -> str:
        variables = environment.variables()
        times = {"iat": now, "exp": now + TOKEN_SECONDS, "sub": self.name}
        if self.role == "store":
            claims = {
                "iss": variables["ISSUER"], "aud": AUDIENCE, "token_use": CLIENT,
                "stores": sorted(self.stores), **times,
            }  # fmt: skip
            return jwt.encode(claims, _signing(), algorithm="ES256", headers={"kid": "own-1"})
        claims = {
            "iss": variables["USER_POOL_ISSUER"], "client_id": variables["USER_POOL_CLIENT_ID"],
            "token_use": ACCESS, "cognito:groups": [self.role], **times,
        }  # fmt: skip
        return jwt.encode(
            claims, people.pool_key(), algorithm="RS256", headers={"kid": people.POOL_KID}
        )

    def new_key(self) -> str:
        """As everybody counts: others use the same keys."""
        self._keys += 1
        return f"key-{self._keys:08d}"

    def once(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        by_url: bool = False,
    ) -> Reply | None:
        """One request. None: no answer came."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if key:
            headers["Idempotency-Key"] = key
        if self.role == "operator":
            headers["Operator-Reason"] = "Asked%20for."
        if self.device and path in {"/v1/orders", "/v1/appeals"}:
            headers["Device-Id"] = self.device
        reply = self.world.request(self.name, method, path, body, headers=headers, by_url=by_url)
        if reply is not None:
            promises.key_is_new(self.name, key, reply)
        return reply

    def send(
        self, method: str, path: str, body: object = None, *, key: str | None = None
    ) -> Reply | None:
        """A request, again and again under the same key until it is answered, or patience ends."""
        for attempt in range(GIVE_UP_AFTER):
            reply = self.once(method, path, body, key=key)
            if reply is not None and not _try_again(reply):
                return reply
            asked = float(reply.headers.get("Retry-After", 1)) if reply else 1.0
            noise = self.world.noise("retry", self.name, path, attempt)
            self.world.scheduler.pause(max(asked, min(30.0, 2.0**attempt)) * (0.8 + 0.4 * noise))
        return None

    def post(self, path: str, body: object = None, *, key: str | None = None) -> Reply | None:
        return self.send("POST", path, body, key=key)

    def get(self, path: str) -> Any:  # noqa: ANN401 - any JSON
        """What is there, or None where it cannot be read."""
        reply = self.send("GET", path)
        return reply.json if reply is not None and reply.status == 200 else None

    def must(self, method: str, path: str, body: object = None, *, key: str | None = None) -> Any:  # noqa: ANN401 - any JSON
        """A request that cannot but succeed: for what a story stands on."""
        reply = self.send(method, path, body, key=key)
        for _ in range(PATIENCE):
            if reply is None:
                reply = self.send(method, path, body, key=key)
        if reply is None or reply.status // 100 != 2:
            said = f"{reply.status} {reply.text[:200]}" if reply else "nothing"
            raise Violation("A2", f"{method} {path} of {self.name} was answered {said}")
        return reply.json


def _try_again(reply: Reply) -> bool:
    return reply.status in AGAIN or (
        reply.status == 409 and bool((reply.json or {}).get("retryable"))
    )
