"""Stories and books with good defaults."""

from sandbox.demo.books import Books
from sandbox.demo.report import Report, Traffic
from sandbox.robo.scripts import CASTINGS, End, Script
from sandbox.robo.story import Story, Wish

BEGAN = 1_795_770_000.0
MINUTE = 60.0


def wish(number: int = 1, script: Script = Script.HAPPY, store: str = "ramen") -> Wish:
    return Wish(
        number=number,
        script=script,
        at=0.0,
        store=store,
        customer="mina@example.com",
        fulfilment="delivery",
        items=[{"item_id": "ramen"}],
        cooks=600.0,
    )


def story(number: int = 1, script: Script = Script.HAPPY, *, minutes: float = 30.0) -> Story:
    """An order that went as its script says; delivered so many minutes after the click."""
    casting = CASTINGS[script]
    told = Story(wish(number, script), order_id=f"ord_{number}", clicked_at=BEGAN, done=True)
    told.status, told.code = str(casting.ends), casting.code
    told.stages = {
        "order.confirmed": BEGAN + MINUTE,
        "order.ready_for_pickup": BEGAN + 10 * MINUTE,
    }
    if casting.ends is End.DELIVERED:
        told.stages |= {
            "order.dispatched": BEGAN + 12 * MINUTE,
            "order.delivered": BEGAN + minutes * MINUTE,
        }
    return told


def books(stories: list[Story], **changed: object) -> Books:
    """Books that balance: each delivered order owes 10,000 won, which were taken."""
    owed = 10_000 * sum(one.status == "DELIVERED" for one in stories)
    made = Books(
        orders={one.order_id: one.status for one in stories},
        captured={"KRW": owed},
        ledger={"KRW": 0},
        clearing={"KRW": owed},
        owed={"KRW": owed},
        paid={"KRW": owed},
        accounts={"stripe:clearing": {"KRW": owed}, "payable:merchant": {"KRW": -owed}},
        dead_letters={"PaymentBellsDead": 0},
    )
    for name, value in changed.items():
        setattr(made, name, value)
    return made


def report(stories: list[Story], kept: Books | None = None, *, server_errors: int = 0) -> Report:
    traffic = Traffic(
        calls=100, retries=0, lost=0, cut_short=0, server_errors=server_errors, webhooks=40,
        pushes=20, lags=[6.0, 12.0, 48.0],
    )  # fmt: skip
    return Report(
        takes="two orders",
        stories=stories,
        books=kept or books(stories),
        traffic=traffic,
        rate=30.0,
        seconds=12.3456,
    )
