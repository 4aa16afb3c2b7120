"""Forgetting somebody: what they said of themselves, and that they were shut out."""

from chalicelib.core import parts
from chalicelib.people.models import PROFILE, STANDING, Profile, Standing, person_key


def profile(person_id: str) -> None:
    """Keep nothing that somebody said of themselves. Safe to repeat."""
    pk = person_key(person_id)
    parts.commit(parts.forget(Profile(pk, PROFILE)), parts.forget(Standing(pk, STANDING)))
