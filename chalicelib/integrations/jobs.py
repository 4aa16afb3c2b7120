"""What takes many steps at an endpoint: waking its lanes, sending a part of its feed again.

A job has a lane of its own, so that the same bells, leases and sweep drive it. Each step moves the
job's cursor in the transaction of what it did: dying, or racing, does nothing twice.
"""

from chalicelib.core import clock, dynamo, ids, parts
from chalicelib.core.errors import BusyError
from chalicelib.core.parts import Part
from chalicelib.integrations import lanes, messages, ringing
from chalicelib.integrations.lanes import Lane, Place
from chalicelib.integrations.models import (
    JOB,
    LANE,
    EndpointItem,
    JobItem,
    MessageItem,
    endpoint_key,
    job_key,
    message_key,
)
from chalicelib.integrations.status import JobStatus, MessageCommand, MessageStatus

KIND = "job"
WAKE = "wake"
REPLAY_ALL, REPLAY_FAILED = "replay_all", "replay_failed"
KEPT_SECONDS = 30 * 86_400.0
STEP = 20
REPLAY = "REPLAY#"


def wake(endpoint: EndpointItem) -> tuple[Place, list[Part]]:
    """The job that has everything tried at once that waits for an endpoint, and its lane."""
    job_id = ids.new("job")
    return begun(endpoint, job_id, WAKE, cursor=LANE)


def begun(
    endpoint: EndpointItem, job_id: str, what: str, *, cursor: str, first: int = 0, last: int = 0
) -> tuple[Place, list[Part]]:
    """The parts that begin a job, and the lane that has to be rung for it."""
    place = Place(endpoint.id, f"{JOB}{job_id}")
    job = JobItem(
        endpoint_key(endpoint.id),
        job_key(job_id),
        id=job_id,
        what=what,
        cursor=cursor,
        first=first,
        last=last,
        done=0,
        status=JobStatus.RUNNING,
        created_at=clock.stamp(clock.now()),
        expires_at=clock.forget_at(clock.after(KEPT_SECONDS)),
    )
    lane = Lane(place, endpoint.owner_id, KIND).appended(1, (0,))
    return place, [parts.put(job, BusyError()), lanes.save(lane)]


def find(endpoint_id: str, job_id: str) -> JobItem | None:
    return dynamo.get(JobItem, endpoint_key(endpoint_id), job_key(job_id))


def _moved(job: JobItem, cursor: str, count: int, *, over: bool) -> Part:
    """The part that moves a job on; BusyError: another worker was at it."""
    actions = [JobItem.cursor.set(cursor), JobItem.done.set(int(job.done) + count)]
    if over:
        actions.append(JobItem.status.set(JobStatus.DONE))
    return parts.update(job, actions, BusyError(), JobItem.cursor == job.cursor)


def step(lane: Lane) -> None:
    """Do the next part of a job. Raises BusyError where another worker was at it."""
    job = find(lane.place.endpoint_id, lane.place.name.removeprefix(JOB))
    if job is None or job.status == JobStatus.DONE:
        parts.commit(lanes.save(lane.dropped()))
    elif job.what == WAKE:
        _wake_some(job, lane)
    else:
        _replay_some(job, lane)


def _wake_some(job: JobItem, lane: Lane) -> None:
    """One step: the next lanes that have something to tell and rest are due now.

    Others are written too: whoever has read their endpoint as stopped is about to let them rest,
    and must read it anew.
    """
    endpoint_id = lane.place.endpoint_id
    found = lanes.after(endpoint_id, str(job.cursor), STEP)
    woken = [one.urged() for one in found if one.pending and one.kind != KIND]
    over = len(found) < STEP
    cursor = str(job.cursor) if over else f"{LANE}{found[-1].place.name}"
    parts.commit(
        *map(lanes.save, woken),
        _moved(job, cursor, len(woken), over=over),
        lanes.save(lane.dropped() if over else lane),
    )
    ringing.ring([one.place for one in woken])


def _replay_some(job: JobItem, lane: Lane) -> None:
    """One step: the next messages wait in their lanes again, each subject's in their order."""
    endpoint_id = lane.place.endpoint_id
    first = int(str(job.cursor).rpartition("#")[2]) + 1
    found = messages.between(endpoint_id, first, int(job.last), STEP) if first <= job.last else []
    wanted = [one for one in found if _is_wanted(one, job)]
    waiting: dict[Place, Lane] = {}
    for message in wanted:
        again = _again(message, job, lane.owner_id, waiting)
        waiting[again.place] = again
    over = len(found) < STEP
    cursor = str(job.cursor) if over else message_key(int(found[-1].position))
    parts.commit(
        *map(lanes.save, waiting.values()),
        *(messages.moved(one, MessageCommand.REPLAY) for one in wanted),
        _moved(job, cursor, len(wanted), over=over),
        lanes.save(lane.dropped() if over else lane),
    )
    ringing.ring([one.place for one in waiting.values()])


def _is_wanted(message: MessageItem, job: JobItem) -> bool:
    """Nothing that says only that the endpoint is there."""
    if message.kind == "webhook":
        return False
    return job.what == REPLAY_ALL or message.status != MessageStatus.DELIVERED


def _again(message: MessageItem, job: JobItem, owner_id: str, known: dict[Place, Lane]) -> Lane:
    """The lane in which a message waits as it is, tried at once; else one of this job's."""
    own, position = Place(job.pk.partition("#")[2], message.subject), int(message.position)
    there = known.get(own) or lanes.find(own)
    if there is not None and position in there.pending:
        return there.urged()
    place = Place(own.endpoint_id, f"{REPLAY}{job.id}#{message.subject}")
    lane = known.get(place) or lanes.find(place) or Lane(place, owner_id, message.kind)
    return lane if position in lane.pending else lane.appended(int(message.sequence), (position,))
