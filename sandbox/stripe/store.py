"""Everything the account knows, as plain JSON, and which of it has just changed."""

import copy
from typing import Any

type Json = dict[str, Any]
type Change = tuple[str, str, Json | None]


class Store:
    """Objects by kind and id, in order of creation. What changed since `drain` is remembered."""

    def __init__(self) -> None:
        self._kinds: dict[str, dict[str, Json]] = {}
        self._changed: dict[tuple[str, str], None] = {}

    def get(self, kind: str, ident: str) -> Json | None:
        return self._kinds.get(kind, {}).get(ident)

    def put(self, kind: str, ident: str, value: Json) -> None:
        self._kinds.setdefault(kind, {})[ident] = value
        self._changed[kind, ident] = None

    def delete(self, kind: str, ident: str) -> None:
        if self._kinds.get(kind, {}).pop(ident, None) is not None:
            self._changed[kind, ident] = None

    def all(self, kind: str) -> list[Json]:
        return list(self._kinds.get(kind, {}).values())

    def items(self, kind: str) -> list[tuple[str, Json]]:
        return list(self._kinds.get(kind, {}).items())

    def drain(self) -> list[Change]:
        """What changed since the last call; None stands for deleted."""
        changes = [(kind, ident, self.get(kind, ident)) for kind, ident in self._changed]
        self._changed.clear()
        return changes

    def apply(self, changes: list[Change]) -> None:
        for kind, ident, value in changes:
            if value is None:
                self._kinds.get(kind, {}).pop(ident, None)
            else:
                self._kinds.setdefault(kind, {})[ident] = value

    def snapshot(self) -> Json:
        return copy.deepcopy(self._kinds)

    def restore(self, kinds: Json) -> None:
        self._kinds = copy.deepcopy(kinds)
        self._changed.clear()
