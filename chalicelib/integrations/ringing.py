"""Bells for lanes and watches: messages on the sender's own queue, at once or later.

Each lane has a message of its own, so that a slow endpoint holds up no other. A bell that cannot
be rung is no loss: what it is for is due in the index, and the sweep rings again.
"""

from collections.abc import Mapping, Sequence

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core import aws, clock
from chalicelib.core.settings import settings
from chalicelib.core.telemetry import alarm, name_of
from chalicelib.integrations.lanes import Place

KIND, WATCHED = "message", "watch"
LONGEST_DELAY = 900.0


def ring(places: Sequence[Place]) -> None:
    """Have lanes looked at now."""
    _send(places, 0)


def ring_after(place: Place, seconds: float) -> None:
    """Have a lane looked at after so many seconds of the city. Longer waits are the sweep's."""
    if seconds <= LONGEST_DELAY:
        _send([place], clock.wall(seconds))


def ring_for_watches(store_ids: Sequence[str]) -> None:
    """Have stores looked at now whose app may be missing."""
    _put([{"kind": WATCHED, "subject": store_id} for store_id in store_ids], 0)


def place_of(message: Mapping[str, str]) -> Place:
    return Place(message["subject"], message["lane"])


def _send(places: Sequence[Place], delay: int) -> None:
    _put(
        [{"kind": KIND, "subject": place.endpoint_id, "lane": place.name} for place in places],
        delay,
    )


def _put(bells: Sequence[Mapping[str, str]], delay: int) -> None:
    if not bells:
        return
    try:
        aws.send_all(settings().webhook_queue, bells, delay=delay)
    except (BotoCoreError, ClientError, aws.QueueRefusedError) as error:
        alarm("Webhook bells did not ring", code=name_of(error), count=len(bells))
