"""Being written."""

from dataclasses import dataclass


@dataclass
class Reply:
    status: int
    body: bytes


class Refused(Exception): ...


class Unreachable(Exception): ...


class Egress:
    def __init__(self, *, allow: frozenset[str] = frozenset()) -> None: ...
    def request(self, method: str, url: str) -> Reply:
        raise Unreachable
