"""`make run`: the whole product on this machine, from the packaged template, until Ctrl-C.

Order matters: the cloud, the stack in it, then Stripe (which must know where its events go), the
pump, the store's receiver, the push port, the phones' page; last the city, seeded through the
public API.
"""

import contextlib
import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

from infra.packaging import Package, package
from sandbox.cloud import afterwards, phones
from sandbox.cloud.deploying import STACK, Deployment, deploy
from sandbox.cloud.ministack import ACCOUNT, HOST, Cloud
from sandbox.cloud.processes import Child
from sandbox.cloud.supervisor import Supervisor
from sandbox.ports import Ports, answers, demand_free
from sandbox.web.server import origins

PUSH_SERVICES = {"fcm": "GCM", "apns": "APNS"}
"""The push services that the sandbox's phones have, under the names that SNS has for them."""
FAKE_KEY = "sk_test_ieum_sandbox"

type Say = Callable[[str], None]


@dataclass(frozen=True)
class Clock:
    """The city's time: `rate` seconds in one, and the epoch second at which both clocks agree."""

    rate: float
    origin: str


@dataclass
class Sandbox:
    """What runs, and where a person or a test finds it."""

    run_dir: Path
    ports: Ports
    cloud: Cloud
    deployment: Deployment
    supervisor: Supervisor
    stripe_key: str
    stripe_secret: str
    began: float
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def api(self) -> str:
        return self.deployment.api_url

    @property
    def track(self) -> str:
        """Where couriers' apps send positions and customers' apps ask for them: a function's URL.

        On AWS the output TrackUrl is the address itself; here the cloud serves it under a path.
        """
        name = self.deployment.outputs["TrackUrl"].removeprefix("https://").partition(".")[0]
        return f"{self.cloud.endpoint}/_aws/lambda-url/{name}"

    @property
    def stripe(self) -> str:
        return f"http://{HOST}:{self.ports.stripe}"

    @property
    def receiver(self) -> str:
        return f"http://{HOST}:{self.ports.receiver}"

    @property
    def push(self) -> str:
        """Where phones' inboxes are read, and SNS is spoken."""
        return f"http://{HOST}:{self.ports.push}"

    @property
    def web(self) -> str:
        """The page of the three phones."""
        return f"http://{HOST}:{self.ports.web}"

    @property
    def client_id(self) -> str:
        return next(iter(self.deployment.client_ids.values()))

    @property
    def real_stripe(self) -> bool:
        return self.stripe_key != FAKE_KEY


@contextmanager
def up(
    run_dir: Path,
    ports: Ports,
    *,
    say: Say = print,
    rate: float = 1.0,
    out: Path = Path("build"),
    scratch: Path | None = None,
    reachable: Sequence[str] = (),
) -> Iterator[Sandbox]:
    """The product, running; everything stopped in order at the end, its state kept.

    `scratch` is for the workers' copies of the code, in the run directory if not said. `reachable`
    are receivers beside the sandbox's own, as host:port.

    Raises PortInUse, AlreadyRunning, PackagingFailed, DeployFailed or ChildFailed, each with a
    sentence that says what to do.
    """
    seconds: dict[str, float] = {}
    began = time.monotonic()
    with _timed(seconds, "package", say, "Packaging the application (again only when it changes)"):
        made = package(out, "local", "ieum")
    with Supervisor(run_dir, say=say) as supervisor:
        demand_free(ports)
        cloud = Cloud(run_dir, port=ports.cloud, enforce_iam=True, scratch_in=scratch)
        with _timed(seconds, "cloud", say, "Starting the embedded cloud, with IAM enforced"):
            supervisor.start(cloud.child())
        key = os.environ.get("STRIPE_API_KEY", "") or FAKE_KEY
        webhook_secret = _kept(
            run_dir / "stripe-webhook-secret", lambda: f"whsec_{secrets.token_hex(24)}"
        )
        clock = _clock(run_dir, rate)
        with _timed(seconds, "deploy", say, "Deploying the packaged template"):
            deployment = _deploy(cloud, made, ports, key, webhook_secret, clock, reachable)
        box = Sandbox(
            run_dir, ports, cloud, deployment, supervisor, key, webhook_secret, began, seconds
        )
        with _timed(seconds, "around", say, "Starting Stripe, streams, the store's receiver, push"):
            for child in _around(box, made, clock):
                supervisor.start(child)
        yield box


def _deploy(
    cloud: Cloud,
    made: Package,
    ports: Ports,
    key: str,
    webhook_secret: str,
    clock: Clock,
    reachable: Sequence[str],
) -> Deployment:
    parameters = {
        "Stage": "sandbox",
        "StripeApiUrl": "" if key != FAKE_KEY else f"http://{HOST}:{ports.stripe}",
        "SnsUrl": f"http://{HOST}:{ports.push}",
        "MailFrom": "codes@ieum.example",
        "SmsPrefixes": "+82,+1",
        "ImagesUrl": f"{cloud.endpoint}/{STACK}-images-{ACCOUNT}",
        "EgressAllow": ",".join((f"{HOST}:{ports.cloud}", f"{HOST}:{ports.receiver}", *reachable)),
        "UserPoolKeysOrigin": cloud.endpoint,
        "CorsOrigins": ",".join((*origins(ports.stripe), *origins(ports.web))),
        "ClockRate": str(clock.rate) if clock.rate != 1 else "",
        "ClockOrigin": clock.origin if clock.rate != 1 else "",
    }
    stripe = {"api_key": key, "webhook_secrets": [webhook_secret]}
    push = {
        platform: f"{phones.PREFIX}:app/{service}/{STACK}"
        for platform, service in PUSH_SERVICES.items()
    }
    afterwards.let_mail_go(cloud, parameters["MailFrom"])
    return deploy(cloud, made, parameters=parameters, secrets={"stripe": stripe, "push": push})


def _around(box: Sandbox, made: Package, clock: Clock) -> Iterator[Child]:
    """The processes around the cloud, in the order in which they start."""
    python = sys.executable
    run_dir, ports = box.run_dir, box.ports
    if not box.real_stripe:
        yield _child(
            box, "stripe", ports.stripe,
            [python, "-m", "sandbox.stripe", "--port", str(ports.stripe), "--quiet",
             "--state", str(run_dir / "stripe.jsonl"), "--wall-rate", str(clock.rate),
             "--clock-origin", clock.origin,
             "--webhook-url", f"{box.api}/v1/stripe/events",
             "--webhook-secret", box.stripe_secret],
        )  # fmt: skip
    yield _child(
        box, "receiver", ports.receiver,
        [python, "-m", "sandbox.store", "--port", str(ports.receiver),
         "--state", str(run_dir / "receiver.jsonl")],
    )  # fmt: skip
    push = [python, "-m", "sandbox.cloud.push", "--port", str(ports.push)]
    push += ["--state", str(run_dir / "push.json")]
    for service in PUSH_SERVICES.values():
        push += ["--application", service, STACK]
    for origin in origins(ports.web):
        push += ["--origin", origin]
    yield _child(box, "push", ports.push, push)
    pump = [python, "-m", "sandbox.cloud.pump", "--endpoint", box.cloud.endpoint]
    pump += ["--stack", STACK, "--template", str(made.template_file)]
    pump += ["--run-dir", str(run_dir), "--rate", str(clock.rate)]
    yield Child(name="pump", command=pump, run_dir=run_dir)
    yield _page(box)


def _page(box: Sandbox) -> Child:
    """The page that people open: it needs nobody until somebody looks at it."""
    command = [sys.executable, "-m", "sandbox.web", "--port", str(box.ports.web)]
    command += ["--api", box.api, "--track", box.track, "--push", box.push, "--stripe", box.stripe]
    command += ["--cognito", box.cloud.endpoint, "--client-id", box.client_id]
    if box.real_stripe:
        command += ["--real-stripe"]
    return _child(box, "web", box.ports.web, command)


def _child(box: Sandbox, name: str, port: int, command: list[str]) -> Child:
    return Child(name=name, command=command, run_dir=box.run_dir, ready=lambda: answers(port))


def healthy(box: Sandbox) -> dict[str, str]:
    """What the API says of itself: it answers once the first worker is up."""
    connection = HTTPConnection(HOST, box.ports.cloud, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", box.api.partition(str(box.ports.cloud))[2] + "/health")
        answer: dict[str, str] = json.loads(connection.getresponse().read())
    return answer


def _clock(run_dir: Path, rate: float) -> Clock:
    """Everybody has the same origin, kept with the state: time must not jump at a restart."""
    return Clock(rate, _kept(run_dir / "clock-origin", lambda: str(int(time.time()))))


def _kept(path: Path, make: Callable[[], str]) -> str:
    """What is made once and then kept in the run directory, for nobody else to read."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(make())
    return path.read_text()


@contextmanager
def _timed(seconds: dict[str, float], name: str, say: Say, what: str) -> Iterator[None]:
    say(f"{what} ...")
    began = time.monotonic()
    yield
    seconds[name] = time.monotonic() - began
    say(f"  done in {seconds[name]:.1f} s")
