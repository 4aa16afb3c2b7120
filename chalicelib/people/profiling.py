"""What people say of themselves: a name, a language, and what they agree to. Theirs alone.

But for the first word of the name, which a store that brings an order itself is told meanwhile.

Each consent keeps the moment at which it was last given or taken back; nothing is agreed to before
somebody has said so.
"""

from chalicelib.core import clock, dynamo, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.rights import Caller
from chalicelib.people.models import PROFILE, Profile, person_key
from chalicelib.people.schemas import Consent, NewProfile, ProfileView, Purpose

RACES = 4


def read(caller: Caller) -> ProfileView:
    """The caller's profile; an empty one before the first was written (1 read)."""
    return _view(_find(caller.id))


def write(caller: Caller, new: NewProfile) -> ProfileView:
    """Replace the caller's profile. Consents that stay as they were keep their moment.

    Safe to repeat. Raises BusyError (409) after lost races.
    """
    for _ in range(RACES):
        before = _find(caller.id)
        consents = _consents(before, new)
        same = before is not None and (before.name, before.language) == (new.name, new.language)
        if before is not None and same and consents == before.consents:
            return _view(before)
        made = Profile(
            person_key(caller.id),
            PROFILE,
            version=int(before.version) + 1 if before else 1,
            name=new.name,
            language=new.language,
            consents=consents,
        )
        try:
            parts.commit(
                parts.put(made, BusyError(), Profile.version == before.version if before else None)
            )
        except BusyError:
            continue
        return _view(made)
    raise BusyError


def language_of(person_id: str) -> str | None:
    """In which language somebody wants to be spoken to, where they have said so (1 read)."""
    found = _find(person_id)
    return found.language if found else None


def called(person_id: str) -> str | None:
    """The first word of how somebody wishes to be called, where they have said so (1 read)."""
    found = _find(person_id)
    return found.name.split()[0] if found and found.name else None


def _find(person_id: str) -> Profile | None:
    return dynamo.get(Profile, person_key(person_id), PROFILE)


def _consents(before: Profile | None, new: NewProfile) -> dict[str, dict[str, object]]:
    said = dict(before.consents) if before else {}
    now = clock.stamp(clock.now())
    for purpose, granted in new.consents.items():
        if said.get(purpose, {}).get("granted", False) is not granted:
            said[purpose] = {"granted": granted, "at": now}
    return said


def _view(found: Profile | None) -> ProfileView:
    """A purpose that newer code has added is passed over."""
    said = dict(found.consents) if found else {}
    return ProfileView(
        name=found.name if found else None,
        language=found.language if found else None,
        consents={
            purpose: Consent(
                granted=said.get(purpose, {}).get("granted", False),
                at=said.get(purpose, {}).get("at"),
            )
            for purpose in Purpose
        },
    )
