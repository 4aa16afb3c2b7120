"""The clock's way to the catalog: menus that were sent in bulk."""

from chalice.app import Blueprint, CloudWatchEvent, Rate

from chalicelib.catalog import uploading
from chalicelib.core.errors import ProblemError
from chalicelib.core.telemetry import alarm, handler, log

bp = Blueprint(__name__)


@bp.schedule(Rate(1, Rate.MINUTES), name="sweep-uploads")
@handler
def sweep_uploads(_: CloudWatchEvent) -> None:
    """Work every upload that waits. One that fails waits on and holds nobody up."""
    worked = failed = 0
    for place in uploading.waiting():
        try:
            uploading.work(place)
            worked += 1
        except ProblemError as error:
            failed += 1
            alarm("An upload could not be worked", subject=place.id, code=error.code)
    log("Uploads were swept", count=worked, failed=failed)
