"""Twenty ways in which messages come, and what a good endpoint answers to each.

A scenario returns why the answer was wrong, or nothing. What it asks for is in
docs/guides/webhooks.md.
"""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from sandbox.certify.sender import PATIENCE, Answer, Json, Letter, Sender, new_order

OTHER_SECRET = "whsec_" + "AAAA" * 8
TOO_OLD, TOO_NEW = 301.0, -310.0  # a future moment comes nearer on its way
BIG_BYTES = 200 * 1024
LOST = 1_000
TOKEN = "7K2M9Q4T1V5X8Z3B0F6H2J8M4P7R1S5W"  # noqa: S105 - to be echoed, and good for nothing

type Fault = str | None


@dataclass(frozen=True)
class Pace:
    """How hard a run presses."""

    burst: int = 50
    pieces: int = 4
    pause: float = 0.75


@dataclass(frozen=True)
class Scenario:
    """What it is called, what a good endpoint does, and how to see whether this one does."""

    name: str
    wanted: str
    play: Callable[[Sender, Pace], Fault]


def valid(sender: Sender, _: Pace) -> Fault:
    return taken(sender.send(sender.sign(sender.message("order.created"))))


def wrong_signature(sender: Sender, _: Pace) -> Fault:
    letter = sender.sign(sender.message("order.confirmed"), secrets=[OTHER_SECRET])
    return refused(sender.send(letter))


def altered_body(sender: Sender, _: Pace) -> Fault:
    message = sender.message("order.confirmed")
    letter = sender.sign(message)
    other = {**message, "sequence": 3}
    return refused(sender.send(replace(letter, body=json.dumps(other).encode())))


def old_timestamp(sender: Sender, _: Pace) -> Fault:
    return refused(sender.send(sender.sign(sender.message("order.confirmed"), age=TOO_OLD)))


def future_timestamp(sender: Sender, _: Pace) -> Fault:
    return refused(sender.send(sender.sign(sender.message("order.confirmed"), age=TOO_NEW)))


def duplicate_id(sender: Sender, _: Pace) -> Fault:
    message = sender.message("order.confirmed")
    return taken(*(sender.send(sender.sign(message)) for _ in range(2)))


def out_of_order(sender: Sender, _: Pace) -> Fault:
    order = new_order()
    return taken(*_told(sender, order, ("order.preparing", 4), ("order.confirmed", 3)))


def cancelled_before_created(sender: Sender, _: Pace) -> Fault:
    order = new_order()
    return taken(*_told(sender, order, ("order.cancelled", 3), ("order.created", 2)))


def gap_in_position(sender: Sender, _: Pace) -> Fault:
    sender.skip(LOST)
    return taken(sender.send(sender.sign(sender.message("order.confirmed"))))


def unknown_type(sender: Sender, _: Pace) -> Fault:
    return taken(sender.send(sender.sign(sender.message("order.sung_about"))))


def unknown_field(sender: Sender, _: Pace) -> Fault:
    message = sender.message("order.confirmed", weather={"sky": "grey"})
    return taken(sender.send(sender.sign(message)))


def unknown_version(sender: Sender, _: Pace) -> Fault:
    return taken(sender.send(sender.sign(sender.message("order.confirmed", v=2))))


def big_body(sender: Sender, _: Pace) -> Fault:
    message = sender.message("order.confirmed")
    message["data"]["things"] = ["t" * 60] * (BIG_BYTES // 63)
    return taken(sender.send(sender.sign(message)))


def two_signatures(sender: Sender, _: Pace) -> Fault:
    message = sender.message("order.confirmed")
    both = ([OTHER_SECRET, sender.secret], [sender.secret, OTHER_SECRET])
    letters = [sender.sign({**message, "id": f"{message['id']}{n}"}, secrets=one)
               for n, one in enumerate(both)]  # fmt: skip
    return taken(*map(sender.send, letters))


def challenge(sender: Sender, _: Pace) -> Fault:
    message = sender.message("webhook.challenge", sequence=1)
    message["data"]["challenge"] = TOKEN
    answer = sender.send(sender.sign(message))
    return taken(answer) or (None if _echoes(answer.body) else "the token was not in the answer")


def ping(sender: Sender, _: Pace) -> Fault:
    return taken(sender.send(sender.sign(sender.message("webhook.ping", sequence=1))))


def burst(sender: Sender, pace: Pace) -> Fault:
    letters = [sender.sign(sender.message("order.concluded")) for _ in range(pace.burst)]
    with ThreadPoolExecutor(pace.burst) as at_once:
        return taken(*at_once.map(sender.send, letters))


def slow_line(sender: Sender, pace: Pace) -> Fault:
    letter = sender.sign(sender.message("order.confirmed"))
    return taken(sender.trickle(letter, pieces=pace.pieces, pause=pace.pause))


def again_after_breaking_off(sender: Sender, _: Pace) -> Fault:
    message = sender.message("order.confirmed")
    sender.break_off(sender.sign(message))
    return taken(sender.send(sender.sign(message)))


def wrong_method(sender: Sender, _: Pace) -> Fault:
    answer = sender.send(Letter({}, b""), method="GET")
    return f"answered {answer}" if answer.is_taken or not answer.status else None


TAKEN, REFUSED = "taken with 2xx", "refused with 4xx, not 410"
SCENARIOS = (
    Scenario("valid", TAKEN, valid),
    Scenario("wrong signature", REFUSED, wrong_signature),
    Scenario("altered body", REFUSED, altered_body),
    Scenario("old timestamp", f"{REFUSED}: 301 s", old_timestamp),
    Scenario("future timestamp", f"{REFUSED}: more than 300 s", future_timestamp),
    Scenario("duplicate id", "taken both times", duplicate_id),
    Scenario("out of order", "an older sequence is taken, too", out_of_order),
    Scenario("cancelled before created", "both taken", cancelled_before_created),
    Scenario("gap in position", TAKEN, gap_in_position),
    Scenario("unknown type", "taken and passed over", unknown_type),
    Scenario("unknown field", "taken and passed over", unknown_field),
    Scenario("unknown version", "taken and passed over", unknown_version),
    Scenario("big body", "200 KB taken", big_body),
    Scenario("two signatures", "one that fits is enough", two_signatures),
    Scenario("challenge", "200 with the token", challenge),
    Scenario("ping", TAKEN, ping),
    Scenario("burst", f"all taken within {PATIENCE:.0f} s", burst),
    Scenario("slow line", "waited for and taken", slow_line),
    Scenario("again after breaking off", "taken when it comes whole", again_after_breaking_off),
    Scenario("wrong method", "no 2xx to a GET", wrong_method),
)


def taken(*answers: Answer) -> Fault:
    """What is wrong where all of these should be 2xx."""
    bad = [str(one) for one in answers if not one.is_taken]
    if not bad:
        return None
    most = f", and {len(bad) - 1} more like it" if len(bad) > 1 else ""
    return f"answered {bad[0]}{most}"


def refused(answer: Answer) -> Fault:
    """What is wrong where it should be 4xx."""
    return None if answer.is_refused else f"answered {answer}"


def _told(sender: Sender, order: str, *happened: tuple[str, int]) -> list[Answer]:
    return [
        sender.send(sender.sign(sender.message(kind, order=order, sequence=sequence)))
        for kind, sequence in happened
    ]


def _echoes(body: bytes) -> bool:
    """Whether an answer is the token, or a JSON object whose `challenge` it is."""
    try:
        said = body.decode().strip()
        known: Json | str = json.loads(said) if said.startswith("{") else said
    except ValueError:
        return False
    return (known.get("challenge") if isinstance(known, dict) else known) == TOKEN
