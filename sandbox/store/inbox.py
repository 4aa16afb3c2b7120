"""What a store's system keeps: secrets, the last messages, how it has been told to behave.

Every change is a line appended to a file before anybody hears of it, so that a `kill -9` loses
nothing that was acknowledged. A line that was cut off in the middle is passed over.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError
from standardwebhooks.webhooks import EmptyWebhookSecretError

MOST_MESSAGES = 500
SECRETS_KEPT = 2  # the newest and the one before: they overlap while a secret is changed
SLACK = 1_000

type Json = dict[str, Any]


class Mode(StrEnum):
    """How a store's system answers messages that are in order."""

    OK = "ok"
    FAILS = "500"
    SLOW = "slow"
    GONE = "410"
    REDIRECTS = "redirect"


class UnknownStore(Exception):  # noqa: N818 - it names what happened
    """Nobody has registered a secret for this store."""


class Forged(Exception):  # noqa: N818 - it names what happened
    """The signature does not fit, or its time is not now."""


@dataclass(frozen=True)
class Message:
    """One message as it was verified. `body` is what the sender signed."""

    id: str
    received_at: str
    body: Json

    @property
    def type(self) -> str:
        return str(self.body.get("type", ""))

    @property
    def subject(self) -> str:
        """The id of what it is about: of an order, but for a test message."""
        subject = self.body.get("subject")
        return str(subject.get("id", "")) if isinstance(subject, dict) else ""

    @property
    def sequence(self) -> int:
        sequence = self.body.get("sequence")
        return sequence if isinstance(sequence, int) else 0

    @property
    def status(self) -> str:
        data = self.body.get("data")
        return str(data.get("status", "")) if isinstance(data, dict) else ""


@dataclass
class _Store:
    name: str = ""
    secrets: tuple[str, ...] = ()
    mode: Mode = Mode.OK
    messages: dict[str, Message] = field(default_factory=dict)


class Inbox:
    """The messages of every store. Safe to use from many threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stores: dict[str, _Store] = {}
        self._changed = threading.Condition()
        self._lines = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        for line in _read(path):
            self._apply(line)
        self._rewrite()

    def register(self, store_id: str, secret: str, name: str = "") -> None:
        """Believe messages that this secret has signed. Raises ValueError where it is none."""
        _verifier(secret)
        with self._changed:
            known = self._stores.get(store_id)
            if known and known.secrets[:1] == (secret,) and known.name == name:
                return
            self._write({"secret": {"store": store_id, "secret": secret, "name": name}})

    def behave(self, store_id: str, mode: Mode) -> None:
        """How to answer the store's messages from now on."""
        with self._changed:
            self._write({"mode": {"store": store_id, "mode": mode}})

    def mode(self, store_id: str) -> Mode:
        with self._changed:
            return self._stores[store_id].mode if store_id in self._stores else Mode.OK

    def verify(self, store_id: str, headers: Mapping[str, str], body: bytes) -> Json:
        """What a message says, if one of the store's secrets has signed it.

        Raises UnknownStore and Forged.
        """
        with self._changed:
            if store_id not in self._stores or not self._stores[store_id].secrets:
                raise UnknownStore(store_id)
            secrets = self._stores[store_id].secrets
        for secret in secrets:
            try:
                said = _verifier(secret).verify(body, dict(headers))
            except (WebhookVerificationError, ValueError):
                continue
            if isinstance(said, dict):
                return said
        raise Forged(store_id)

    def take(self, store_id: str, message: Message) -> bool:
        """Keep a message; False where it was there already."""
        with self._changed:
            if message.id in self._stores[store_id].messages:
                return False
            self._write({"message": {"store": store_id, **asdict(message)}})
            self._changed.notify_all()
            return True

    def messages(self, store_id: str) -> list[Message]:
        """The last messages of a store, the oldest first. Raises UnknownStore."""
        with self._changed:
            if store_id not in self._stores:
                raise UnknownStore(store_id)
            return list(self._stores[store_id].messages.values())

    def await_order(self, store_id: str, order_id: str, seconds: float) -> list[Message]:
        """The messages about an order, as soon as there is one, or none after so many seconds."""

        def about() -> list[Message]:
            return [one for one in self.messages(store_id) if one.subject == order_id]

        with self._changed:
            self._changed.wait_for(about, seconds)
            return about()

    def name(self, store_id: str) -> str:
        """What the store is called, or its id."""
        with self._changed:
            known = self._stores.get(store_id)
            return known.name if known and known.name else store_id

    def stores(self) -> list[str]:
        with self._changed:
            return list(self._stores)

    def _write(self, line: Json) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(_line(line))
        self._lines += 1
        self._apply(line)
        kept = sum(2 + len(store.messages) for store in self._stores.values())
        if self._lines > 2 * kept + SLACK:
            self._rewrite()

    def _apply(self, line: Json) -> None:
        (kind, told), *_ = line.items()
        store = self._stores.setdefault(told["store"], _Store())
        if kind == "secret":
            others = (secret for secret in store.secrets if secret != told["secret"])
            store.secrets = (told["secret"], *others)[:SECRETS_KEPT]
            store.name = told["name"]
        elif kind == "mode":
            store.mode = Mode(told["mode"])
        else:
            message = Message(told["id"], told["received_at"], told["body"])
            store.messages[message.id] = message
            while len(store.messages) > MOST_MESSAGES:
                del store.messages[next(iter(store.messages))]

    def _rewrite(self) -> None:
        """Leave in the file what is still known, whole or not at all."""
        lines = [_line(line) for line in self._known()]
        fresh = self._path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text("".join(lines), encoding="utf-8")
        fresh.replace(self._path)
        self._lines = len(lines)

    def _known(self) -> Iterator[Json]:
        for store_id, store in self._stores.items():
            for secret in reversed(store.secrets):
                yield {"secret": {"store": store_id, "secret": secret, "name": store.name}}
            if store.mode is not Mode.OK:
                yield {"mode": {"store": store_id, "mode": store.mode}}
            for message in store.messages.values():
                yield {"message": {"store": store_id, **asdict(message)}}


def _line(line: Json) -> str:
    return json.dumps(line, ensure_ascii=False) + "\n"


def _read(path: Path) -> Iterator[Json]:
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            yield json.loads(line)
        except ValueError:  # the last words of a process that was killed
            continue


def _verifier(secret: str) -> Webhook:
    try:
        return Webhook(secret)
    except (EmptyWebhookSecretError, RuntimeError, ValueError) as error:
        raise ValueError("not a secret of Standard Webhooks") from error
