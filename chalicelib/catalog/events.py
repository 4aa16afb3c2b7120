"""The clock's way to the catalog: menus that were sent in bulk, and pictures."""

from collections.abc import Callable
from functools import partial

from chalice.app import Blueprint, CloudWatchEvent, Rate

from chalicelib.catalog import images, indexing, relisting, uploading
from chalicelib.core.errors import ProblemError
from chalicelib.core.telemetry import alarm, handler, log

bp = Blueprint(__name__)


@bp.schedule(Rate(1, Rate.MINUTES), name="sweep-uploads")
@handler
def sweep_uploads(_: CloudWatchEvent) -> None:
    """Work every upload and picture that waits, and bring up what can be searched of stores.

    A city that is not listed anew to its end is gone on with. One that fails waits on and holds
    nobody up.
    """
    done = [_worked(one.id, partial(uploading.work, one)) for one in uploading.waiting()]
    done += [_worked(one.id, partial(images.work, one)) for one in images.waiting()]
    done += [_worked(one, partial(indexing.follow, one)) for one in indexing.waiting()]
    done += [_worked(one.sk, partial(relisting.work, one)) for one in relisting.waiting()]
    log("Uploads were swept", count=sum(done), failed=len(done) - sum(done))


def _worked(subject: str, work: Callable[[], object]) -> bool:
    try:
        work()
    except ProblemError as error:
        alarm("An upload could not be worked", subject=subject, code=error.code)
        return False
    return True
