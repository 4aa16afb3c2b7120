"""Driving a lane: claim it, send its head, note what came of it, go on while it is taken.

The claim is a lease that outlasts a call, so two workers do not send the same message at once.
Who dies between sending and noting leaves the lane due: it is sent again, under the same id.
"""

from dataclasses import dataclass

from chalicelib.core import clock, ids, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.core.settings import settings
from chalicelib.core.telemetry import alarm, log
from chalicelib.integrations import (
    challenging,
    endpoints,
    health,
    jobs,
    ladder,
    lanes,
    messages,
    posting,
    ringing,
    signing,
)
from chalicelib.integrations.lanes import Lane, Place
from chalicelib.integrations.models import EndpointItem, MessageItem
from chalicelib.integrations.posting import Outcome, Post, Verdict
from chalicelib.integrations.status import EndpointStatus, MessageCommand, Why

LEASE_SECONDS = 30.0
PATIENCE_SECONDS = 12.0
MOST_STEPS = 50
RACES = 6
FIRST_PAUSE = 0.02


@dataclass(frozen=True, slots=True)
class Noted:
    """What was written of an outcome: the lane as it then stood, and the parts that say so."""

    lane: Lane
    parts: list[Part]
    parked: bool = False
    stopped: bool = False
    also: tuple[Place, ...] = ()


def drive(place: Place, post: Post = posting.post) -> None:
    """Send what a lane has to tell, in order, until it is empty, waits, or belongs to another.

    After 12 seconds the rest is left to another invocation. Safe to repeat, and to race.
    """
    began = clock.wall_now()
    for _ in range(MOST_STEPS):
        lane = lanes.find(place)
        if lane is None or not lane.is_due() or not lane.is_free():
            return
        if clock.wall_now() - began > PATIENCE_SECONDS:
            break
        try:
            _step(lane, post)
        except BusyError:
            continue
    ringing.ring([place])


def _step(lane: Lane, post: Post) -> None:
    endpoint = endpoints.find(lane.owner_id, lane.place.endpoint_id)
    if endpoint is not None and lane.kind == jobs.KIND:
        jobs.step(lane)
        return
    secrets = endpoints.secrets_of(endpoint) if endpoint else ()
    if endpoint is None or not secrets or not _may_send(endpoint, lane):
        parts.commit(lanes.save(lane.resting()))
        return
    held_until = clock.parse(endpoint.held_until) if endpoint.held_until else None
    if held_until is not None and held_until > clock.now():
        _postpone(lane, (held_until - clock.now()).total_seconds())
        return
    _send(lane, endpoint, secrets, post)


def _may_send(endpoint: EndpointItem, lane: Lane) -> bool:
    """Before it has answered a challenge, an endpoint is sent challenges and nothing else."""
    if lane.kind == challenging.KIND:
        return endpoints.status_of(endpoint) is EndpointStatus.UNVERIFIED
    return endpoints.is_active(endpoint)


def _postpone(lane: Lane, seconds: float) -> None:
    """Wait with the whole endpoint, and a little longer, so that not all lanes come at once."""
    wait = seconds + ids.uniform(0, ladder.JITTER * seconds)
    parts.commit(lanes.save(lane.postponed(clock.after(wait))))
    ringing.ring_after(lane.place, wait)


def _send(lane: Lane, endpoint: EndpointItem, secrets: tuple[str, ...], post: Post) -> None:
    message = messages.find(endpoint.id, lane.pending[0])
    if message is None:  # older than we keep
        parts.commit(lanes.save(lane.acknowledged()))
        return
    lease = ids.token(80)
    parts.commit(lanes.save(lane.claimed(lease, LEASE_SECONDS)), *health.probing(endpoint))
    body = str(message.body).encode()
    headers = signing.headers(secrets, message.id, int(clock.wall_now()), body)
    echo = challenging.expected(message)
    outcome = posting.call(post, endpoint.url, headers, body, echo=echo)
    noted = _note(lane.place, lease, endpoint, message, outcome)
    if noted is not None:
        _tell(noted, endpoint, message, outcome)


def _note(
    place: Place, lease: str, endpoint: EndpointItem, message: MessageItem, outcome: Outcome
) -> Noted | None:
    """Write what came of a call; None if the lane has passed to another worker meanwhile."""
    for race in range(RACES):
        if race:
            clock.pause(ids.uniform(0, FIRST_PAUSE * 2**race))
            message = messages.find(endpoint.id, int(message.position)) or message
            endpoint = endpoints.find(endpoint.owner_id, endpoint.id) or endpoint
        lane = lanes.find(place)
        if lane is None or lane.lease != lease:
            log("A lane had passed to another worker", endpoint=endpoint.id)
            return None
        noted = _decide(lane, message, endpoint, outcome)
        try:
            parts.commit(*noted.parts)
        except BusyError:
            continue
        return noted
    raise BusyError


def _decide(lane: Lane, message: MessageItem, endpoint: EndpointItem, outcome: Outcome) -> Noted:
    if outcome.verdict is Verdict.ACKNOWLEDGED:
        return _taken(lane.acknowledged(), message, endpoint, outcome)
    if outcome.verdict is Verdict.GONE or health.is_given_up(endpoint):
        return _ended(lane.resting(), message, endpoint, outcome)
    held = _hold(endpoint, outcome)
    failed = health.failed(endpoint, answered=outcome.attempt.status is not None, held=held)
    wait = ladder.rung(message.type, lane.failures + 1)
    if wait is None:
        return _parked(lane, message, endpoint, outcome, failed)
    wait = max(ladder.jittered(wait, ids.uniform(-1, 1)), held or 0.0)
    tried = messages.tried(message, outcome.attempt, None)
    later = lane.failed(clock.after(wait))
    return Noted(later, [lanes.save(later), tried, failed])


def _taken(lane: Lane, message: MessageItem, endpoint: EndpointItem, outcome: Outcome) -> Noted:
    taken = messages.tried(message, outcome.attempt, MessageCommand.ACKNOWLEDGE)
    written = [lanes.save(lane), taken]
    if lane.kind != challenging.KIND or endpoints.is_active(endpoint):
        return Noted(lane, [*written, *health.succeeded(endpoint)])
    place, woken = jobs.wake(endpoint)
    return Noted(lane, [*written, *challenging.proven(endpoint), *woken], also=(place,))


def _ended(lane: Lane, message: MessageItem, endpoint: EndpointItem, outcome: Outcome) -> Noted:
    """Nothing more is sent until the owner enables it again."""
    why = Why.GONE if outcome.verdict is Verdict.GONE else Why.FAILING
    written = [lanes.save(lane), messages.tried(message, outcome.attempt, None)]
    ended = [] if endpoint.why else health.disabled(endpoint, why)
    return Noted(lane, [*written, *ended], stopped=True)


def _parked(
    lane: Lane, message: MessageItem, endpoint: EndpointItem, outcome: Outcome, failed: Part
) -> Noted:
    """The ladder has ended: the head and what waits behind it rest until something new happens.

    A ping and a challenge are forgotten, since the next one says the same.
    """
    others = [messages.find(endpoint.id, position) for position in lane.pending[1:]]
    forgotten = lane.kind in {"webhook", challenging.KIND}
    rests = lane.dropped() if forgotten else lane.resting()
    written = [
        lanes.save(rests),
        failed,
        messages.tried(message, outcome.attempt, MessageCommand.PARK),
        *(messages.moved(other, MessageCommand.PARK) for other in others if other is not None),
    ]
    return Noted(rests, written, parked=True)


def _hold(endpoint: EndpointItem, outcome: Outcome) -> float | None:
    """City seconds for which the endpoint is left alone: its Retry-After counts wall seconds."""
    if outcome.attempt.status is None:
        return health.suspicion(endpoint)
    rate = settings().clock_rate
    asked = None if outcome.retry_after is None else outcome.retry_after * rate
    return ladder.held_for(outcome.attempt.status, asked)


def _tell(noted: Noted, endpoint: EndpointItem, message: MessageItem, outcome: Outcome) -> None:
    facts: dict[str, str | int] = {
        "endpoint": endpoint.id,
        "store": endpoint.owner_id,
        "position": int(message.position),
    }
    attempt = outcome.attempt
    log(
        "A webhook was sent",
        **facts,
        status=outcome.verdict,
        http_status=attempt.status,
        code=attempt.code,
        millis=attempt.millis,
        attempt=int(message.tries) + 1,
    )
    if outcome.verdict is Verdict.GONE:
        alarm("A webhook said that it is gone, and was disabled", **facts)
    elif noted.stopped:
        alarm("A webhook failed for days, and was disabled", **facts)
    if noted.parked and message.kind == "order":
        alarm("A webhook was given up", **facts)
    ringing.ring(noted.also)
    if outcome.verdict is Verdict.FAILED and noted.lane.due_at is not None:
        wait = (noted.lane.due_at - clock.now()).total_seconds()
        ringing.ring_after(noted.lane.place, wait)
