"""`make certify-store URL=...`: drive a store's test endpoint through twenty scenarios.

Exit code 0: all good. 1: some are not. 2: nobody answers there.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from sandbox.certify.scenarios import SCENARIOS, Fault, Pace, Scenario
from sandbox.certify.sender import Sender
from sandbox.snippets import SECRET

GOOD, BAD, NOBODY = 0, 1, 2


def certify(
    url: str,
    secret: str,
    *,
    pace: Pace | None = None,
    seen: Callable[[Scenario, Fault], object] = lambda *_: None,
) -> dict[str, str]:
    """Play every scenario. What was wrong, by the scenario's name; nothing where all is good."""
    sender = Sender(url, secret)
    found: dict[str, str] = {}
    for scenario in SCENARIOS:
        fault = scenario.play(sender, pace or Pace())
        seen(scenario, fault)
        if fault:
            found[scenario.name] = fault
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    said = _options().parse_args(arguments)
    if urlsplit(said.url).scheme not in {"http", "https"}:
        print("Name the endpoint: make certify-store URL=http://localhost:8000/ieum")
        return NOBODY
    if not said.secret:
        print(f"Signed by the published test secret {SECRET}: your endpoint must believe it.")
    sender = Sender(said.url, said.secret or SECRET)
    if not sender.send(sender.sign(sender.message("webhook.ping"))).status:
        print(f"Nobody answers at {said.url}.")
        return NOBODY
    found = certify(said.url, said.secret or SECRET, seen=_show)
    print(f"\n{len(SCENARIOS) - len(found)} of {len(SCENARIOS)} are good.")
    return BAD if found else GOOD


def _show(scenario: Scenario, fault: Fault) -> None:
    verdict = "BAD " if fault else "good"
    print(f"{verdict}  {scenario.name:26} {scenario.wanted:38} {fault or ''}".rstrip(), flush=True)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox.certify", description=__doc__)
    parser.add_argument("--url", default="", help="the endpoint, with nobody's orders behind it")
    parser.add_argument("--secret", default="", help="whsec_..., as the endpoint knows it")
    return parser


if __name__ == "__main__":
    sys.exit(main())
