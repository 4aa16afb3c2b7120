"""The clock's way to what is known of people: those who asked for it are forgotten."""

from chalice.app import Blueprint, CloudWatchEvent, Rate

from chalicelib.core.errors import ProblemError
from chalicelib.core.telemetry import alarm, failure, handler, log
from chalicelib.insights import erasing
from chalicelib.payments.gateway import GatewayError

bp = Blueprint(__name__)


@bp.schedule(Rate(1, Rate.HOURS), name="forget-people")
@handler
def forget_people(_: CloudWatchEvent) -> None:
    """Carry out every deletion that is due. One that fails stays due and holds nobody up."""
    done = failed = 0
    unforeseen: list[Exception] = []
    for person_id in erasing.overdue():
        try:
            erasing.carry_out(person_id)
            done += 1
        except (ProblemError, GatewayError) as error:
            failed += 1
            alarm("Somebody could not be forgotten", code=error.code)
        except Exception as error:  # noqa: BLE001 - a mistake of ours: raised when all had their turn
            failed += 1
            failure("Somebody could not be forgotten", error)
            unforeseen.append(error)
    log("Deletions were swept", count=done, failed=failed)
    if unforeseen:
        raise unforeseen[0]
