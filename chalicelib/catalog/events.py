"""The clock's way to the catalog: menus that were sent in bulk, and pictures."""

from functools import partial

from chalice.app import Blueprint, CloudWatchEvent, Rate

from chalicelib.catalog import images, uploading
from chalicelib.core.errors import ProblemError
from chalicelib.core.telemetry import alarm, handler, log

bp = Blueprint(__name__)


@bp.schedule(Rate(1, Rate.MINUTES), name="sweep-uploads")
@handler
def sweep_uploads(_: CloudWatchEvent) -> None:
    """Work every upload and picture that waits. One that fails waits on and holds nobody up."""
    worked = failed = 0
    jobs = [
        *((one.id, partial[object](uploading.work, one)) for one in uploading.waiting()),
        *((one.id, partial[object](images.work, one)) for one in images.waiting()),
    ]
    for subject, work in jobs:
        try:
            work()
            worked += 1
        except ProblemError as error:
            failed += 1
            alarm("An upload could not be worked", subject=subject, code=error.code)
    log("Uploads were swept", count=worked, failed=failed)
