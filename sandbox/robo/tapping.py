"""A finger on a button: once, or twice at the same time."""

from concurrent.futures import ThreadPoolExecutor

from sandbox.city.client import Refused
from sandbox.robo.caller import Caller
from sandbox.robo.line import Json

CONFLICT, GONE = 409, 410
_second_finger = ThreadPoolExecutor(max_workers=4, thread_name_prefix="second finger")


class Disagreed(Exception):  # noqa: N818 - it names what happened
    """The same command, sent twice at once, was answered in two ways."""


def tap(
    caller: Caller, path: str, body: object = None, *, twice: bool = False, key: str = ""
) -> Json:
    """POST a command. Sent twice at once, both must be answered alike: else Disagreed."""
    if not twice:
        return caller.post(path, body, key=key)
    other = _second_finger.submit(caller.post, path, body, key=key)
    answer = caller.post(path, body, key=key)
    also = other.result()
    for name in ("id", "order_id", "status"):
        if answer.get(name) != also.get(name):
            raise Disagreed(f"{path} sent twice: {answer.get(name)} and {also.get(name)}")
    return answer


def is_over(refused: Refused) -> bool:
    """Whether a command came too late: the order or the delivery has gone another way."""
    return refused.status in {CONFLICT, GONE}
