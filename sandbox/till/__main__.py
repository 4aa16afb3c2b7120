"""`python -m sandbox.till --url https://api.example.com/opendelivery --client cli_...`: a till."""

import argparse
import os
import time

from sandbox.till.api import Api
from sandbox.till.till import Mood, Till


def main() -> None:
    options = _options()
    secret = options.secret or os.environ["TILL_SECRET"]
    till = Till(Api(options.url, options.client, secret), Mood[options.mood.upper()])
    while True:
        before = len(till.log)
        till.turn()
        for event in till.log[before:]:
            print(f"{event.type:28} {event.order_id}{' again' if event.again else ''}", flush=True)
        time.sleep(options.every)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.till", description=__doc__)
    parser.add_argument("--url", required=True, help="where the protocol's paths begin")
    parser.add_argument("--client", required=True)
    parser.add_argument("--secret", help="or in the environment, as TILL_SECRET")
    parser.add_argument("--every", type=float, default=5, help="seconds between polls")
    parser.add_argument("--mood", default="good", choices=[one.name.lower() for one in Mood])
    return parser.parse_args()


if __name__ == "__main__":
    main()
