"""The embedded cloud: ministack in a virtual environment of its own, bound to loopback only.

It saves its state at an orderly stop (SIGTERM) and at no other time: after a ``kill -9`` it comes
back as it was at the last orderly stop.
"""

import http
import http.client
import os
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import boto3
from botocore.config import Config

from sandbox.cloud.processes import Child, Process

type Client = Any
"""boto3 makes its clients' methods at run time."""
type Connect = Callable[[str], Client]
"""From the name of a service to its client."""

HOST = "127.0.0.1"
LAUNCH = Path(__file__).with_name("launch.py").absolute()
SAVING_SECONDS = 45.0  # it saves its state when told to stop: killed before, it would forget
REGION = "us-east-1"
ACCOUNT = "000000000000"
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE")


class PortTaken(Exception):  # noqa: N818 - it names what happened
    """Another program listens where the embedded cloud should."""


@dataclass
class Cloud:
    """Where the embedded cloud runs. A context manager, or a ``child()`` for the supervisor.

    ``enforce_iam``: each function has the rights of its role and no more, as on AWS.
    ``patience``: seconds until it must be ready. ``scratch_in``: where each worker unpacks its copy
    of the code, thousands of files that a disk is slow to remove; the run directory if not said.
    """

    run_dir: Path
    port: int = 4566
    enforce_iam: bool = True
    venv: Path = Path(".venv-cloud")
    patience: float = 30.0
    scratch_in: Path | None = None
    progress: Callable[[float], None] = lambda _: None
    _process: Process | None = field(default=None, init=False)

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def state_dir(self) -> Path:
        return (self.run_dir / "cloud").absolute()

    @property
    def scratch(self) -> Path:
        return ((self.scratch_in or self.run_dir) / "tmp").absolute()

    def child(self) -> Child:
        """For the supervisor. Raises PortTaken with a sentence that says what to do."""
        self._expect_free_port()
        return Child(
            name="cloud",
            command=[str((self.venv / "bin" / "python").absolute()), "-P", str(LAUNCH)],
            run_dir=self.run_dir,
            environment=self._environment(),
            prepare=self._prepare,
            ready=self.is_ready,
            cleanup=self._discard_scratch,
            ready_within=self.patience,
            stop_within=SAVING_SECONDS,
        )

    def is_ready(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=2)
        try:
            connection.request("GET", "/_ministack/ready")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def __enter__(self) -> Self:
        self._process = Process(self.child())
        self._process.wait_until_ready(self.progress)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.stop()

    def client(self, service: str, *, read_timeout: float = 60.0) -> Client:
        """A boto3 client with the rights of the account's owner. It never retries by itself."""
        return client(self.endpoint, service, read_timeout=read_timeout)

    def _expect_free_port(self) -> None:
        with socket.socket() as probe:
            taken = probe.connect_ex((HOST, self.port)) == 0
        if taken:
            who = "another embedded cloud" if self.is_ready() else "another program"
            raise PortTaken(
                f"Port {self.port} is taken by {who}. Stop it, or give the sandbox a port of its "
                f"own, for example {self.port + 1}."
            )

    def _prepare(self) -> None:
        self._discard_scratch()
        self.scratch.mkdir(parents=True)
        self.state_dir.mkdir(parents=True, exist_ok=True)

    def _discard_scratch(self) -> None:
        # Each worker leaves an unpacked copy of the code behind, thousands of files each: they are
        # put aside at once, and removed while nobody waits.
        trash = self.scratch.with_name("trash")
        if self.scratch.exists():
            trash.mkdir(exist_ok=True)
            self.scratch.rename(trash / uuid4().hex)
        if trash.exists():
            subprocess.run(  # noqa: S603 - our own folder
                ["sh", "-c", 'rm -rf "$1" &', "sh", str(trash)],  # noqa: S607 - whichever sh there is
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                check=False,
            )

    def _environment(self) -> dict[str, str]:
        # The functions inherit this, so nothing of the developer's own AWS set-up may be in it.
        kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        return kept | {
            "AUTH": "true" if self.enforce_iam else "false",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(self.port),
            "IOT_MTLS_ENABLED": "0",
            "MINISTACK_REGION": REGION,
            "PERSIST_STATE": "1",
            "PYTHONUNBUFFERED": "1",
            "S3_DATA_DIR": str(self.state_dir / "s3"),
            "S3_PERSIST": "1",
            "SFTP_ENABLED": "0",
            "STATE_DIR": str(self.state_dir / "state"),
            "TMPDIR": str(self.scratch),
        }


def client(endpoint: str, service: str, *, read_timeout: float = 60.0) -> Client:
    """A boto3 client of the embedded cloud, with the rights of the account's owner."""
    return boto3.client(
        service,  # type: ignore[call-overload]  # the stubs want a literal
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the embedded cloud's fixed owner
        config=Config(
            connect_timeout=2,
            read_timeout=read_timeout,
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
            max_pool_connections=20,
        ),
    )
