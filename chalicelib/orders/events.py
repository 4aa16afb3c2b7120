"""The clock's way to orders: a sweep, every minute."""

from chalice.app import Blueprint, CloudWatchEvent, Rate

from chalicelib.core.errors import ProblemError
from chalicelib.core.telemetry import alarm, failure, handler, log
from chalicelib.orders import claiming_guests, deadlines, promotion_badges, promotion_news
from chalicelib.orders.guest_models import CLAIM

bp = Blueprint(__name__)


@bp.schedule(Rate(1, Rate.MINUTES), name="sweep-orders")
@handler
def sweep_orders(_: CloudWatchEvent) -> None:
    """Meet every deadline that has passed. One order that fails does not hold the others up."""
    met = failed = 0
    unforeseen: list[Exception] = []
    for kind, order_id in deadlines.overdue():
        try:
            _meet(kind, order_id)
            met += 1
        except ProblemError as error:
            failed += 1
            alarm("A deadline could not be met", order=order_id, code=error.code)
        except Exception as error:  # noqa: BLE001 - a mistake of ours: raised when all had their turn
            failed += 1
            failure("A deadline could not be met", error, order=order_id)
            unforeseen.append(error)
    log("Deadlines were swept", count=met, failed=failed)
    _tell_of_promotions()
    if unforeseen:
        raise unforeseen[0]


def _meet(kind: str, subject: str) -> None:
    """The order itself decides what is to be done; a claim is finished."""
    if kind == CLAIM:
        claiming_guests.finish(subject)
    else:
        deadlines.meet(subject)


def _tell_of_promotions() -> None:
    """Let lists say what is offered. What fails waits on and holds nobody up."""
    for one in promotion_badges.waiting():
        try:
            promotion_badges.work(one)
        except ProblemError as error:
            alarm("Lists do not say what is offered", subject=one.sk, code=error.code)
    for ended in promotion_news.ending():
        try:
            promotion_news.end(ended)
        except ProblemError as error:
            alarm("The end of a promotion is not told", subject=ended.sk, code=error.code)
