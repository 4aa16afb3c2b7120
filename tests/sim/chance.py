"""All chance of one seed, apart by concern, so that one more fault does not reshuffle the rest."""

import hashlib
import random


class Chance:
    """Chance of two kinds: streams, drawn in order, and draws that depend on their place alone.

    A draw by place is the same whatever else was drawn: to leave a fault out changes no other one.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._key = seed.to_bytes(8, "big", signed=True)

    def stream(self, concern: str) -> random.Random:
        return random.Random(f"{self.seed}:{concern}")  # noqa: S311 - no secret depends on it

    def at(self, concern: str, *place: object) -> float:
        """A number from 0 up to 1 that belongs to a place."""
        text = "|".join((concern, *map(str, place))).encode()
        digest = hashlib.blake2b(text, digest_size=7, key=self._key).digest()
        return int.from_bytes(digest) / 2**56
