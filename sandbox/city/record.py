"""What of the city is there already: a small file, rewritten whole after every step."""

import json
import threading
from pathlib import Path
from typing import Any

type Json = dict[str, Any]


class Record:
    """`.run/city.json`: ids, and the secrets that the API shows only once.

    {"seed": 7, "merchant_id": "mer_...", "stores": {"<slug>": {"id", "name", "client_id",
    "client_secret", "webhook_id", "webhook_secret", ...}}}
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._known: Json = _read(path)

    @property
    def merchant_id(self) -> str | None:
        known: str | None = self._known.get("merchant_id")
        return known

    def store(self, slug: str) -> Json:
        """A copy of what is known of a store; {} for a new one."""
        with self._lock:
            return dict(self._known.get("stores", {}).get(slug, {}))

    def began(self, seed: int, merchant_id: str) -> None:
        with self._lock:
            self._known |= {"seed": seed, "merchant_id": merchant_id}
            self._write()

    def note(self, slug: str, **facts: str) -> None:
        """Add to what is known of a store."""
        with self._lock:
            self._known.setdefault("stores", {}).setdefault(slug, {}).update(facts)
            self._write()

    def forget(self, slug: str) -> None:
        with self._lock:
            self._known.get("stores", {}).pop(slug, None)
            self._write()

    def _write(self) -> None:
        """Whole or not at all, and for its owner's eyes: secrets of the sandbox's stores."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(self._known, ensure_ascii=False, indent=2), encoding="utf-8")
        fresh.replace(self._path)


def _read(path: Path) -> Json:
    if not path.exists():
        return {}
    known: Json = json.loads(path.read_text(encoding="utf-8"))
    return known
