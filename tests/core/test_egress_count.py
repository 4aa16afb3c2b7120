"""Every way in which people have tried to make a server call itself, and what that connects."""

import socket
import sys
from collections.abc import Sequence
from itertools import cycle
from typing import Any

import pytest

from chalicelib.core.egress import Egress, Refused
from tests.core.ssrf_vectors import FORBIDDEN_ADDRESSES, PUBLIC_ADDRESSES, REFUSED_URLS

PUBLIC = PUBLIC_ADDRESSES[0]
URL = "https://hooks.store.example/ieum"


def test_none_of_them_leads_to_a_single_connection(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    connected: list[Any] = []

    def connect(_: socket.socket, address: object) -> None:
        connected.append(address)
        raise ConnectionRefusedError

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, connect)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9001/")
    answers = [
        *([one] for one in FORBIDDEN_ADDRESSES),  # a name, or what it is an alias of, leads inside
        *([PUBLIC, one] for one in FORBIDDEN_ADDRESSES),  # one of several does
        *([one, PUBLIC] for one in FORBIDDEN_ADDRESSES),
    ]
    rebinding = cycle([["10.0.0.1"], ["169.254.169.254"], ["::ffff:127.0.0.1"]])

    refused = [_refusal([PUBLIC], url) for url in REFUSED_URLS]
    refused += [_refusal(answer, URL) for answer in answers]
    refused += [_refusal(next(rebinding), URL) for _ in range(3)]

    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(refused)} attempts to reach inside, {len(connected)} connections\n"
        )
    assert len(REFUSED_URLS) >= 30
    assert None not in refused
    assert connected == []


def _refusal(addresses: Sequence[str], url: str) -> str | None:
    """Why a URL was not called, whose name leads to these addresses; None: it was."""
    try:
        Egress(resolver=lambda _: addresses).request("POST", url, body=b"{}")
    except Refused as refused:
        return refused.code
    return None
