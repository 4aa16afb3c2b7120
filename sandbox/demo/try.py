import os, sys, time, threading, contextlib, shutil, json
from pathlib import Path
from sandbox import running
from infra.packaging import package
from sandbox.demo import waking, opening, dinner, books, replay
from sandbox.demo.play import Play
from sandbox.robo.pace import Pace, origin_for
from sandbox.stripe.clock import RateClock

rate = float(os.environ.get("RATE", "30"))
n = int(os.environ.get("ORDERS", "30"))
run = Path("build/demo-run")
shutil.rmtree(run, ignore_errors=True)
run.mkdir(parents=True)
plan = (
    replay.replay(Path(os.environ["INSTANCE"]), n, 7)
    if "INSTANCE" in os.environ
    else dinner.dinner(n)
)
print(plan.takes)
origin = origin_for(rate, wall=time.time() + 45, city=plan.begins)
(run / "clock-origin").write_text(f"{origin:.3f}")
t0 = time.time()
with running.up(run, running.ports_from(os.environ), rate=rate) as box:
    threading.Thread(target=box.supervisor.run, daemon=True).start()
    print("up", time.time() - t0)
    waking.wake(box, package(Path("build"), "local", "ieum"))
    print("awake", time.time() - t0)
    rec = opening.open_city(box, plan, {w.store for w in plan.wishes})
    print("open", time.time() - t0)
    opening.hurry_queues(box, rate)
    pace = Pace(RateClock(origin, rate))
    print("early by", plan.begins - pace.now())
    play = Play(box, plan, pace, rec, 7)
    last = [0]

    def watch():
        if time.time() - last[0] > 5:
            last[0] = time.time()
            done = sum(s.done for s in play.street.stories)
            l = sorted(play.mail.heard.lags)
            print(
                f"{time.time() - t0:.0f}s city {pace.now() - plan.begins:.0f} done {done} placed {len(play.street._by_order)} calls {play.tally.calls} webhooks {play.mail.heard.count} lag p50 {l[len(l) // 2] if l else 0:.1f} p99 {l[int(len(l) * 0.99)] if l else 0:.1f} retries {play.tally.retries} 5xx {play.tally.server_errors} pushes {play.pushes.count} pl {sorted(play.pushes.lags)[len(play.pushes.lags) // 2] if play.pushes.lags else 0:.1f} threads {threading.active_count()}",
                flush=True,
            )

    play.run(watch)
    print("played", time.time() - t0)
    b = books.read_settled(box, 30)
    books.add_logs(b, box)
    print(b)
    print(b.balanced)
    for s in play.street.stories:
        if s.trouble or not s.as_scripted:
            print(s.wish.number, s.wish.script, s.status, s.code, s.order_id, s.trouble, s.stages)
    print(play.crew.trouble, dict(play.tally.answers), list(play.tally.failures)[:5])
    print(play.pace.end())
    if b.failed_invocations:
        for name in box.deployment.functions:
            ls = [l for l in books._lines(box, name) if books.FAILED.search(l)]
            if ls:
                print(name, ls[:3])
