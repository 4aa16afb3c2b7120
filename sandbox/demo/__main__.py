"""`python -m sandbox.demo`: what `make demo` does. A city plays an evening, and is then audited.

INSTANCE=<folder>  replay a published day instead of the city's own dinner
EVALUATOR=<folder> where its evaluator is, to compare with; by default two folders above the day
ORDERS=60          how many orders
RATE=30            city seconds a second; measured first where it is not given
CHAOS=1            kill and restart what serves, meanwhile
SEED=7             another city, other people
CLOUD_PORT, STRIPE_PORT, RECEIVER_PORT, PUSH_PORT, RUN_DIR  where
"""

import json
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.__main__ import EXPECTED
from sandbox.demo import beside, books, calibrate, check, report
from sandbox.demo.beside import Beside
from sandbox.demo.chaos import Chaos
from sandbox.demo.dinner import SEED, dinner
from sandbox.demo.instance import NoInstance
from sandbox.demo.plan import Plan
from sandbox.demo.play import Play
from sandbox.demo.progress import Progress
from sandbox.demo.replay import replay
from sandbox.demo.report import Report, Traffic
from sandbox.demo.staging import Staging
from sandbox.demo.waking import NotAwake
from sandbox.ports import ports_from

ORDERS = 60
STARTING = 35.0  # about: the city's clock then stands about where the play should begin
SETTLING = 60.0
STOPPED = 130
CHAOS_RATE = 15.0  # a cloud that is away for half a minute must not be away for the whole dinner
OUT = Path("build/demo.json")


@dataclass(frozen=True)
class Wanted:
    """What the environment asks for."""

    plan: Plan
    rate: float | None
    chaos: bool
    seed: int
    day: Path | None = None
    evaluator: Path | None = None


def wanted(env: Mapping[str, str]) -> Wanted:
    """Raises NoInstance where the folder holds no published day, ValueError for what is wrong."""
    seed, count = int(env.get("SEED") or SEED), int(env["ORDERS"]) if env.get("ORDERS") else None
    folder = env.get("INSTANCE")
    plan = replay(Path(folder), count, seed) if folder else dinner(count or ORDERS, seed)
    rate = float(env["RATE"]) if env.get("RATE") else None
    if rate is not None and rate <= 1:
        raise ValueError("RATE must be above 1: the demo sets the city's clock to dinner time")
    day = Path(folder) if folder else None
    evaluator = beside.home(day, env.get("EVALUATOR")) if day else None
    return Wanted(plan, rate, env.get("CHAOS", "") not in {"", "0"}, seed, day, evaluator)


def demo(asked: Wanted, staging: Staging) -> int:
    """Play, report, check. The exit status."""
    began = time.monotonic()
    rate = asked.rate or _calibrated(asked, staging)
    if asked.chaos and not asked.rate:
        rate = min(rate, CHAOS_RATE)
    staging.say(f"Playing {asked.plan.takes}, {rate:g} city seconds a second.")
    with staging.up(asked.plan, rate) as play:
        chaos = Chaos(play.box, play.pace, asked.seed)
        if asked.chaos:
            play.tally.disturbed = chaos.disturbs
            play.crew.go("chaos", lambda: chaos.reign(lambda: play.begins > 0))
        progress = Progress(play, sys.stdout)
        play.run(progress)
        progress.finish()
        play.pace.end()
        told = _audited(play, rate, chaos, began, asked)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(report.as_json(told), ensure_ascii=False, indent=2) + "\n")
    staging.say(report.as_text(told))
    return _judge(told, staging, restarted=not asked.chaos or bool(chaos.restarts))


def _calibrated(asked: Wanted, staging: Staging) -> float:
    staging.say("How fast can this machine be? A burst of orders, to measure it.")
    with staging.up(calibrate.burst(asked.plan), calibrate.BURST_RATE) as play:
        play.run(Progress(play, sys.stdout), enough=lambda: calibrate.is_enough(play))
        found = calibrate.rate_for(play.lags(), calibrate.BURST_RATE)
    return found or calibrate.SLOWEST


def _audited(play: Play, rate: float, chaos: Chaos, began: float, asked: Wanted) -> Report:
    kept = books.read_settled(play.box, SETTLING)
    books.add_logs(kept, play.box, chaos.disturbed_at)
    tally = play.tally
    return Report(
        takes=play.plan.takes,
        stories=play.stories,
        rehearsed=play.rehearsed,
        books=kept,
        traffic=Traffic(
            calls=tally.calls,
            retries=tally.retries,
            lost=tally.lost,
            cut_short=tally.cut_short,
            server_errors=tally.server_errors,
            webhooks=play.mail.heard.count,
            pushes=play.pushes.count,
            lags=play.lags(),
        ),
        rate=rate,
        seconds=time.monotonic() - began,
        chaos=chaos.struck,
        trouble=play.crew.trouble,
        till=play.till.told if play.till else None,
        beside=_beside(play, asked),
    )


def _beside(play: Play, asked: Wanted) -> Beside | None:
    if asked.day is None or asked.evaluator is None:
        return None
    orders = {story.wish.published for story in play.stories}
    couriers = {rider.name for rider in play.plan.riders}
    there = beside.minutes(asked.day, asked.evaluator, orders, couriers)
    return beside.compared(play.stories, there)


def _judge(told: Report, staging: Staging, *, restarted: bool) -> int:
    for remark in check.remarks(told):
        staging.say(f"  remark: {remark}")
    faults = check.faults(told)
    if not restarted:
        faults.append("The play was over before chaos could stop and start the cloud.")
    for fault in faults:
        staging.say(f"  FAULT: {fault}")
    staging.say(f"\n{OUT} has the figures. {'It does NOT hold.' if faults else 'All of it holds.'}")
    return 1 if faults else 0


def _say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    run_dir = Path(os.environ.get("RUN_DIR", "build/demo-run"))
    try:
        asked = wanted(os.environ)
        ports = ports_from(os.environ)
        return demo(asked, Staging(run_dir, ports, asked.seed, _say, STARTING))
    except KeyboardInterrupt:
        print("\nStopped: there is no report of a play that was not played to its end.")
        return STOPPED
    except (*EXPECTED, NoInstance, NotAwake, ValueError) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
