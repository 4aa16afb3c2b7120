"""`python -m sandbox.tour`: one takeaway order from hunger to ledger, as lines to copy and paste.

The lines work one after another in one bash, after `make run`. With `--run` they are run here.
"""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from sandbox.people import CUSTOMERS, OPERATOR, PASSWORD

CONTEXT = Path(".run/tour.json")
STORE = "seongmisan-gimbap"  # open day and night
LONGEST_STEP = 60.0
MARK = "--- the step is done ---"


@dataclass(frozen=True)
class Context:
    """Where the running sandbox is. `city` is the record that the seeding keeps."""

    api: str
    cognito: str
    client_id: str
    stripe: str
    receiver: str
    city: str = ".run/city.json"
    publishable_key: str = "pk_test_ieum_sandbox"
    push: str = "http://127.0.0.1:12300"


@dataclass(frozen=True)
class Step:
    """A title, and what to type. What it prints is worth reading."""

    title: str
    command: str


class TourFailed(Exception):  # noqa: N818 - it names what happened
    """A step did not work. The message holds its title and what it said."""


def save(context: Context, path: Path = CONTEXT) -> None:
    """So that the tour can be printed from another terminal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(context), indent=2), encoding="utf-8")


def load(path: Path = CONTEXT) -> Context:
    """Raises FileNotFoundError where no sandbox has been started here."""
    return Context(**json.loads(path.read_text(encoding="utf-8")))


def tour(context: Context) -> list[Step]:
    """The steps, in order: each uses the shell variables of those before."""
    return [*_beginning(context), *_ordering(), *_paying(context), *_cooking(context), *_after()]


def _beginning(context: Context) -> list[Step]:
    return [
        Step(
            "Where everything is, and a way to pick a value out of JSON",
            f"API='{context.api}'\n"
            f"COGNITO='{context.cognito}' CLIENT='{context.client_id}' PASSWORD='{PASSWORD}'\n"
            f"STRIPE='{context.stripe}' STORES='{context.receiver}'\n"
            """pick() { python3 -c "import json, sys; d = json.load(sys.stdin); print($1)"; }\n"""
            """JSON='Content-Type: application/json'""",
        ),
        Step(
            "Mina signs in",
            "sign_in() {\n"
            """  curl -sS "$COGNITO/" -H 'Content-Type: application/x-amz-json-1.1' \\\n"""
            "    -H 'X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth' \\\n"
            """    -d '{"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "'$CLIENT'",\n"""
            """         "AuthParameters": {"USERNAME": "'$1'", "PASSWORD": "'$PASSWORD'"}}' |\n"""
            """    pick 'd["AuthenticationResult"]["AccessToken"]'\n"""
            "}\n"
            f'MINA="Authorization: Bearer $(sign_in {CUSTOMERS[0].email})"\n'
            'echo "${MINA:0:40}..."',
        ),
    ]


def _ordering() -> list[Step]:
    return [
        Step(
            "Which stores are open now?",
            'curl -sS "$API/v1/stores?city=seoul&limit=100" |\n'
            """  pick '*(s["names"]["en"] for s in d["data"] if not s["closed"]), sep="\\n"'""",
        ),
        Step(
            "Seongmisan Gimbap never closes: its menu",
            'STORE=$(curl -sS "$API/v1/stores?city=seoul&limit=100" |\n'
            """  pick 'next(s["id"] for s in d["data"] if "Gimbap" in s["names"]["en"])')\n"""
            'curl -sS "$API/v1/stores/$STORE/menu" |\n'
            """  pick '*("%-16s %6d  %s" % (i["id"], i["price"], i["names"]["en"])\n"""
            """    for c in d["categories"] for i in c["items"]), sep="\\n"'""",
        ),
        Step(
            "What would two rolls and a mild tteokbokki cost, to take away?",
            """QUOTE=$(curl -sS "$API/v1/quotes" -H "$MINA" -H "$JSON" \\\n"""
            """  -d '{"store_id": "'$STORE'", "fulfilment": "takeaway", "items": [\n"""
            """        {"item_id": "chamchi", "quantity": 2},\n"""
            """        {"item_id": "tteokbokki", "options": {"spice": ["mild"]}}]}')\n"""
            """echo "$QUOTE" | pick 'd["total"]["amount"], "KRW, by", d["promised"]["ends"]'""",
        ),
        Step(
            "Order it. The Idempotency-Key makes it one order, however often it is sent",
            """KEY=$(python3 -c 'import uuid; print(uuid.uuid4())')\n"""
            """order() {\n"""
            """  curl -sS "$API/v1/orders" -H "$MINA" -H "Idempotency-Key: $KEY" -H "$JSON" \\\n"""
            """    -d '{"quote_id": "'$(echo "$QUOTE" | pick 'd["id"]')'"}'\n"""
            "}\n"
            "PLACED=$(order)\n"
            """ORDER=$(echo "$PLACED" | pick 'd["order_id"]')\n"""
            """order | pick '"the same order:", d["order_id"] == "'$ORDER'", d["status"]'""",
        ),
    ]


def _paying(context: Context) -> list[Step]:
    return [
        Step(
            "Pay, as an app does: straight to Stripe, with the client secret",
            """INTENT=$(echo "$PLACED" | pick 'd["payments"][0]["intent_id"]')\n"""
            """SECRET=$(echo "$PLACED" | pick 'd["payments"][0]["client_secret"]')\n"""
            'curl -sS "$STRIPE/v1/payment_intents/$INTENT/confirm" \\\n'
            f"  -H 'Authorization: Bearer {context.publishable_key}' \\\n"
            """  -d client_secret="$SECRET" -d payment_method=pm_card_visa | pick 'd["status"]'""",
        ),
        Step(
            "Tell Ieum (Stripe does so, too): the money is held, the store may see the order",
            """curl -sS -X POST "$API/v1/orders/$ORDER/payments/confirm" -H "$MINA" |\n"""
            """  pick '"due", d["due"]["amount"], "held", d["authorized"]["amount"]'""",
        ),
    ]


def _cooking(context: Context) -> list[Step]:
    read = f"""pick '"%(client_id)s:%(client_secret)s" % d["stores"]["{STORE}"]'"""
    return [
        Step(
            "The store's screen has it: a signed webhook",
            """curl -sS "$STORES/inbox/$STORE?order=$ORDER&wait=30" |\n"""
            """  pick 'd["name"] + ":", d["messages"][0]["body"]["type"]'""",
        ),
        Step(
            "The store's till signs in: a machine, with its own id and secret",
            f"TILL_KEYS=$({read} < '{context.city}')\n"
            'TILL="Authorization: Bearer $(curl -sS "$API/oauth/token" -u "$TILL_KEYS" \\\n'
            """  -d grant_type=client_credentials | pick 'd["access_token"]')"\n"""
            'echo "${TILL:0:40}..."',
        ),
        Step(
            "The kitchen: confirmed, cooking, ready, collected",
            "till() {\n"
            '  curl -sS -X POST "$API/v1/orders/$ORDER/$1" -H "$TILL" | pick \'d["status"]\'\n'
            "}\n"
            "till confirm\ntill preparing\ntill ready\ntill picked-up",
        ),
    ]


def _after() -> list[Step]:
    return [
        Step(
            "Mina looks at her order",
            """curl -sS "$API/v1/orders/$ORDER" -H "$MINA" |\n"""
            """  pick 'd["status"], d["total"]["amount"], d["store_names"]["ko"]'""",
        ),
        Step(
            "An operator reads the books: the money was taken, and every entry sums to zero",
            f'OPERATOR="Authorization: Bearer $(sign_in {OPERATOR.email})"\n'
            "for _ in {1..40}; do\n"
            """  LEDGER=$(curl -sS "$API/v1/orders/$ORDER/ledger" -H "$OPERATOR")\n"""
            "  if [[ $LEDGER == *stripe:clearing* ]]; then break; fi\n"
            "  sleep 0.5\n"
            "done\n"
            "[[ $LEDGER == *stripe:clearing* ]]\n"
            """echo "$LEDGER" |\n"""
            """  pick '*("%8d  %s" % (e["money"]["amount"], e["account"]) for e in d["entries"]),"""
            """ sep="\\n"'\n"""
            """echo "$LEDGER" | pick '"balance:", d["balance"]'""",
        ),
    ]


class Shell:
    """One bash session, in which a failing step ends the session. A context manager."""

    def __init__(self) -> None:
        self._bash = subprocess.Popen(
            ["bash", "-e", "-o", "pipefail"],  # noqa: S607 - whichever bash the reader has
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        # What could not be written to a session that has failed is lost with it.
        with contextlib.suppress(BrokenPipeError):
            self._bash.communicate()

    def _end(self) -> None:
        """End the session and whatever still runs in it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._bash.pid, signal.SIGKILL)

    def run(self, step: Step) -> str:
        """What the step printed. Raises TourFailed where it failed or took a minute."""
        assert self._bash.stdin is not None
        assert self._bash.stdout is not None
        too_long = threading.Timer(LONGEST_STEP, self._end)
        too_long.start()
        try:
            self._bash.stdin.write(f"{step.command}\necho\necho '{MARK}'\n")
            self._bash.stdin.flush()
            said: list[str] = []
            for line in self._bash.stdout:
                if line.rstrip("\n") == MARK:
                    return "".join(said).rstrip()
                said.append(line)
        finally:
            too_long.cancel()
        raise TourFailed(f"{step.title}\n{step.command}\n{''.join(said)}")


def run(steps: Sequence[Step]) -> None:
    """Show and run all steps. Raises TourFailed at the first that fails."""
    with Shell() as shell:
        for number, step in enumerate(steps, 1):
            print(told(number, step))
            print("\n".join(f"  > {line}" for line in shell.run(step).splitlines()), end="\n\n")


def told(number: int, step: Step) -> str:
    return f"# {number}. {step.title}\n{step.command}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox.tour", description=__doc__)
    parser.add_argument("--run", action="store_true", help="run the lines, too")
    parser.add_argument("--context", type=Path, default=CONTEXT, help="what `make run` has saved")
    options = parser.parse_args()
    try:
        steps = tour(load(options.context))
        if options.run:
            run(steps)
        else:
            print("\n\n".join(told(number, step) for number, step in enumerate(steps, 1)))
    except FileNotFoundError:
        sys.exit(f"There is no {options.context}: start the sandbox with `make run` first.")
    except TourFailed as failed:
        sys.exit(f"This step failed: {failed}")


if __name__ == "__main__":
    main()
