"""Where each part of the sandbox listens on loopback, and whether it may."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.cloud.ministack import HOST

PORTS = {"cloud": 4566, "stripe": 12111, "receiver": 12200, "push": 12300, "web": 12400}


@dataclass(frozen=True)
class Ports:
    """Where each part listens on loopback."""

    cloud: int = PORTS["cloud"]
    stripe: int = PORTS["stripe"]
    receiver: int = PORTS["receiver"]
    push: int = PORTS["push"]
    web: int = PORTS["web"]


class PortInUse(Exception):  # noqa: N818 - it names what happened
    """Another program listens on a port of the sandbox's."""


def answers(port: int) -> bool:
    """Whether something accepts connections there."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) == 0


def demand_free(ports: Ports) -> None:
    """Raises PortInUse for the first port that somebody else has taken."""
    for name, port in vars(ports).items():
        if answers(port):
            option = f"{name.upper()}_PORT"
            raise PortInUse(
                f"Port {port} (for the {name}) is taken by another program. Stop that program, "
                f"or choose another port: {option}={port + 1000} make run"
            )


def ports_from(env: Mapping[str, str]) -> Ports:
    """The ports, as CLOUD_PORT, STRIPE_PORT, RECEIVER_PORT, PUSH_PORT and WEB_PORT say."""
    return Ports(
        **{name: int(env.get(f"{name.upper()}_PORT", port)) for name, port in PORTS.items()}
    )
