"""Pinned addresses and certificates by name, against real TLS servers on loopback."""

import socket
import ssl
import time
from pathlib import Path

import pytest

from chalicelib.core import wire
from chalicelib.core.egress import Egress
from tests.core.receiver import NAME, OK, Authority, Receiver, failure, here, own, saying


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def test_the_checked_address_is_connected_and_the_name_is_what_tls_and_http_see(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    numeric = socket.getaddrinfo

    def never_a_name(host: str, port: int, family: int, kind: int) -> object:
        return numeric(host, port, family, kind, flags=socket.AI_NUMERICHOST)

    monkeypatch.setattr(socket, "getaddrinfo", never_a_name)
    with Receiver(saying(OK), tls=authority.server(NAME)) as receiver:
        egress = Egress(resolver=here, allow=own(receiver), ca_file=authority.file)

        reply = egress.request(
            "POST",
            f"https://{NAME}:{receiver.port}/ieum?till=1",
            headers={"Webhook-Id": "msg_1"},
            body=b'{"id":1}',
        )

    assert (reply.status, reply.body, reply.headers) == (200, b"ok", {"content-length": "2"})
    assert receiver.names == [NAME]
    head, _, body = receiver.requests[0].partition(b"\r\n\r\n")
    line, *fields = head.decode().split("\r\n")
    assert line == "POST /ieum?till=1 HTTP/1.1"
    assert sorted(fields) == [
        "Accept-Encoding: identity",
        "Connection: close",
        "Content-Length: 8",
        f"Host: {NAME}:{receiver.port}",
        "User-Agent: Ieum/1",
        "Webhook-Id: msg_1",
    ]
    assert body == b'{"id":1}'


@pytest.mark.parametrize(
    "name", ["evil.example", "store.example", "*.example", "127.0.0.1", "hooks.store.example.evil"]
)
def test_a_certificate_of_another_name_ends_the_call_before_a_byte_is_said(
    name: str, authority: Authority
) -> None:
    with Receiver(saying(OK), tls=authority.server(name)) as receiver:
        egress = Egress(resolver=here, allow=own(receiver), ca_file=authority.file)

        code = failure(egress, f"https://{NAME}:{receiver.port}/ieum")

    assert (code, receiver.requests) == ("tls", [])


def test_a_certificate_for_all_hosts_of_the_domain_is_accepted(authority: Authority) -> None:
    with Receiver(saying(OK), tls=authority.server("*.store.example")) as receiver:
        egress = Egress(resolver=here, allow=own(receiver), ca_file=authority.file)

        reply = egress.request("GET", f"https://{NAME}:{receiver.port}/ieum")

    assert reply.status == 200


def test_a_certificate_of_an_unknown_authority_is_refused(
    authority: Authority, tmp_path: Path
) -> None:
    with Receiver(saying(OK), tls=authority.server(NAME)) as receiver:
        url = f"https://{NAME}:{receiver.port}/ieum"
        public = Egress(resolver=here, allow=own(receiver))
        other = Egress(resolver=here, allow=own(receiver), ca_file=Authority(tmp_path).file)

        codes = [failure(egress, url) for egress in (public, other)]

    assert (codes, receiver.requests) == (["tls", "tls"], [])


def test_no_tls_older_than_1_2_is_spoken() -> None:
    assert wire.trust(None).minimum_version >= ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize(("connect_timeout", "total"), [(0.05, 10.0), (5.0, 0.1)])
def test_a_handshake_that_never_comes_is_given_up(connect_timeout: float, total: float) -> None:
    began = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        egress = Egress(allow=frozenset({address}), connect_timeout=connect_timeout)

        code = failure(egress, f"https://{address}/", total=total)

    assert code == "timeout"
    assert time.monotonic() - began < 4
