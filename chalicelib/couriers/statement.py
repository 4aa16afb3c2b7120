"""A courier's statement: jobs, pay, tips and time on duty, by days of their city's calendar.

Money is what the ledger says, under the day on which it was posted; what a job has paid before the
fee is its delivery's. Times on duty are known for 90 days.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.catalog import cities
from chalicelib.core import clock, dynamo
from chalicelib.core.errors import InvalidError
from chalicelib.core.rights import Caller
from chalicelib.couriers import earning, hours, working
from chalicelib.couriers.delivery_models import DeliveryHead
from chalicelib.couriers.hours import Worked
from chalicelib.couriers.models import CourierHead, delivery_key
from chalicelib.couriers.schemas import Earning
from chalicelib.couriers.statement_schemas import Earned, Statement, StatementDay, StatementQuery
from chalicelib.payments import ledger

LAST_DAY = date(9000, 1, 1)


@dataclass(frozen=True, slots=True)
class Posting:
    """What a posting to a courier's account says. `job` is None of a tip."""

    day: date
    currency: str
    amount: int
    job: Earning | None


def of(caller: Caller, query: StatementQuery) -> Statement:
    """What the caller has earned on so many days. Raises InvalidError (400) for no real day."""
    if not date(1970, 1, 2) <= query.first <= LAST_DAY:
        raise InvalidError(errors=[{"pointer": "/first", "detail": "No day of our calendar."}])
    courier = working.head(caller.id)
    zone = ZoneInfo(_timezone(courier))
    days = [query.first + timedelta(days=number) for number in range(query.days)]
    since, until = _begin(days[0], zone), _begin(days[-1] + timedelta(days=1), zone)
    posted = _postings(caller.id, since, until, zone)
    duties = _duties(caller.id, courier, since, until)
    shown = [
        StatementDay(
            day=day,
            on_duty_minutes=_minutes(
                duties, _begin(day, zone), _begin(day + timedelta(days=1), zone)
            ),
            earned=summed(one for one in posted if one.day == day),
        )
        for day in days
    ]
    return Statement(
        first=days[0],
        last=days[-1],
        timezone=zone.key,
        days=shown,
        on_duty_minutes=_minutes(duties, since, until),
        earned=summed(posted),
    )


def summed(postings: Iterable[Posting]) -> list[Earned]:
    """What postings come to, by currency. Pure."""
    by_currency: dict[str, list[Posting]] = {}
    for one in postings:
        by_currency.setdefault(one.currency, []).append(one)
    return [_summed(currency, found) for currency, found in sorted(by_currency.items())]


def _summed(currency: str, found: Sequence[Posting]) -> Earned:
    jobs = [one.job for one in found if one.job is not None]
    return Earned(
        currency=currency,
        jobs=len(jobs),
        gross=sum(job.gross for job in jobs),
        fee=sum(job.fee for job in jobs),
        net=sum(one.amount for one in found if one.job is not None),
        tips=sum(one.amount for one in found if one.job is None),
    )


def _postings(courier_id: str, since: datetime, until: datetime, zone: ZoneInfo) -> list[Posting]:
    account = earning.account(courier_id)
    return [
        Posting(
            day=clock.parse(entry.posted_at).astimezone(zone).date(),
            currency=entry.currency,
            amount=-int(entry.amount),
            job=None if entry.why == earning.TIP else _job(entry.context["subject"]),
        )
        for entry in ledger.of_account_between(account, since, until)
    ]


def _job(delivery_id: str) -> Earning | None:
    found = dynamo.get(DeliveryHead, delivery_key(delivery_id))
    return earning.of(found) if found else None


def _duties(
    courier_id: str, courier: CourierHead | None, since: datetime, until: datetime
) -> list[Worked]:
    """Duties that may lie in a time, with the one that goes on."""
    done = hours.between(courier_id, since, until)
    running = working.present(courier) if courier else None
    return [*done, *([hours.of(running)] if running else ())]


def _minutes(duties: Sequence[Worked], since: datetime, until: datetime) -> int:
    """How many whole minutes of duties lie in a time; breaks are spread over all of each."""
    net = sum((_share(one, since, until) for one in duties), start=timedelta(0))
    return int(net.total_seconds() // 60)


def _share(one: Worked, since: datetime, until: datetime) -> timedelta:
    inside = min(one.until, until) - max(one.since, since)
    whole = one.until - one.since
    if inside <= timedelta(0) or not whole:
        return timedelta(0)
    return one.net * (inside / whole)


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _timezone(courier: CourierHead | None) -> str:
    """That of the city in which somebody works; UTC where nobody has said anything of it."""
    name = (courier.city or courier.zone) if courier else None
    city = cities.find(name) if name else None
    return city.timezone if city else "UTC"
