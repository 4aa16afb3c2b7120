"""`python -m sandbox.web`: the phones' page of a sandbox that runs."""

import argparse
import random
from typing import Any

from sandbox.city.plan import plan
from sandbox.city.quarter import SEED, quarter
from sandbox.city.streets import CITY, point
from sandbox.people import COURIERS, CUSTOMERS, OWNER
from sandbox.robo import signing_in
from sandbox.robo.line import Line, Lost
from sandbox.web.server import Page, SignIn, SignInFailed

PLAYED = {"customer": CUSTOMERS[0], "store": OWNER, "courier": COURIERS[0]}
STARTS_IN = "donggyo"

type Json = dict[str, Any]


def told(options: argparse.Namespace) -> Json:
    """What the page is told of the sandbox that it is part of."""
    [home] = [
        one.drop_off
        for one in quarter(options.seed).customers
        if one.email == PLAYED["customer"].email
    ]
    start = point(random.Random(options.seed), STARTS_IN)  # noqa: S311 - a made-up place
    return {
        "api": options.api,
        "track": options.track,
        "push": options.push,
        "stripe": options.stripe,
        "real_stripe": options.real_stripe,
        "city": CITY,
        "people": {who: {"name": person.name} for who, person in PLAYED.items()},
        "home": home,
        "start": start,
        "map": plan(),
    }


def sign_in(cognito: Line, client_id: str) -> SignIn:
    """A fresh token for whoever plays a role."""

    def ask(who: str) -> str:
        try:
            return signing_in.person(cognito, client_id, PLAYED[who].email)()
        except Lost as lost:
            raise SignInFailed from lost

    return ask


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox.web", description=__doc__)
    parser.add_argument("--port", default=12400, type=int)
    for name in ("api", "track", "push", "stripe", "cognito", "client-id"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--real-stripe", action="store_true", help="the page cannot pay then")
    parser.add_argument("--seed", default=SEED, type=int, help="the city's")
    options = parser.parse_args()
    people = sign_in(Line(options.cognito), options.client_id)
    Page(options.port, told(options), people).serve()


if __name__ == "__main__":
    main()
