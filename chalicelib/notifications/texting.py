"""The second channel: a text message to a store's people whom no push has reached.

Only of orders that wait for their store for a minute and a half and longer. A text is noted before
it is sent: it costs money, and who gets it twice thinks of two orders. What is lost in between is
lost; the next reminder follows within minutes.
"""

from chalicelib.core import clock, limits, parts
from chalicelib.core.errors import TooManyError, UnavailableError
from chalicelib.core.limits import Limit
from chalicelib.core.telemetry import log, name_of
from chalicelib.notifications import matrix, wording
from chalicelib.notifications.matrix import Audience
from chalicelib.notifications.models import REMEMBERED, Told, event_key
from chalicelib.notifications.sifting import Happening
from chalicelib.people import directory, profiling, sending
from chalicelib.people.errors import ChannelClosedError, PerhapsSentError

FROM_REMINDER = 2
DEFAULT_LANGUAGE = "en"
TEXTS_OF_A_DAY = Limit("order-texts", calls=20, seconds=86_400)
"""So many a person gets of orders that wait, however many wait."""


class ToldBeforeError(Exception):
    """Somebody has sent this text, or is about to."""


def is_due(happening: Happening, audience: Audience) -> bool:
    """Whether who got no push is sent a text."""
    number = happening.data.get("reminder")
    reminded = isinstance(number, int | float) and number >= FROM_REMINDER
    return happening.type == matrix.OVERDUE and audience is Audience.STORE and reminded


def send(happening: Happening, text_key: str, person_id: str) -> bool:
    """Text somebody of an event, at most once. Whether it was handed over now."""
    try:
        address = _phone_of(person_id)
        if address is None:
            return False
        limits.spend(TEXTS_OF_A_DAY, person_id)
        parts.commit(parts.put(_mark(happening.id, person_id), ToldBeforeError()))
        language = profiling.language_of(person_id) or DEFAULT_LANGUAGE
        sending.send_once(address, *wording.say(language, text_key, happening.store_names))
    except (UnavailableError, TooManyError, PerhapsSentError, ChannelClosedError) as error:
        log("A text was not sent for sure", event=happening.id, code=name_of(error))
        return False
    except ToldBeforeError:
        return False
    return True


def _phone_of(person_id: str) -> str | None:
    """A number that they have proven to have, and to which this stack sends."""
    found = directory.addresses(person_id)
    return next((one for one in found if "@" not in one and sending.is_open(one)), None)


def _mark(event_id: str, person_id: str) -> Told:
    now = clock.now()
    return Told(
        event_key(event_id),
        f"TEXT#{person_id}",
        told_at=clock.stamp(now),
        expires_at=clock.forget_at(now + REMEMBERED),
    )
