"""Forgetting somebody: no phone of theirs is known any more."""

from chalicelib.core import dynamo, parts
from chalicelib.notifications import devices
from chalicelib.notifications.models import PersonHead, person_key


def phones(person_id: str) -> None:
    """Reach somebody on no device any more. Safe to repeat.

    Raises UnavailableError (503) where SNS does not answer.
    """
    for device in devices.of_person(person_id):
        devices.remove(person_id, device.id)
    parts.commit(parts.forget(PersonHead(person_key(person_id), dynamo.HEAD)))
