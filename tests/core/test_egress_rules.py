"""The rules that need no network: URLs, names, addresses."""

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.addresses import (
    FORBIDDEN_NETWORKS,
    is_forbidden,
    is_loopback,
    system_resolver,
)
from chalicelib.core.egress import Refused, check_url
from tests.core.ssrf_vectors import (
    ALLOWED_URLS,
    FORBIDDEN_ADDRESSES,
    PUBLIC_ADDRESSES,
    REFUSED_URLS,
)


def refusal(url: str, allow: frozenset[str] = frozenset()) -> str:
    with pytest.raises(Refused) as refused:
        check_url(url, allow=allow)
    return refused.value.code


@pytest.mark.parametrize(("url", "code"), REFUSED_URLS.items(), ids=ascii)
def test_a_url_that_could_aim_at_ourselves_is_refused(url: str, code: str) -> None:
    assert refusal(url) == code


@pytest.mark.parametrize(("url", "normal"), ALLOWED_URLS.items(), ids=ascii)
def test_a_public_url_is_brought_into_its_one_form(url: str, normal: str) -> None:
    target = check_url(url)

    assert target.url == normal
    assert check_url(target.url) == target


def test_a_refusal_does_not_repeat_the_url_which_may_hold_a_secret() -> None:
    with pytest.raises(Refused) as refused:
        check_url("http://hooks.store.example/s3cret")

    assert "s3cret" not in repr(refused.value)


@pytest.mark.parametrize(
    ("url", "receiver"),
    [
        ("http://127.0.0.1:9000/hook", "127.0.0.1:9000"),
        ("http://LOCALHOST:9000/hook", "localhost:9000"),
        ("http://[::1]:9000/hook", "[::1]:9000"),
        ("http://receiver/hook", "receiver:80"),
        ("https://receiver:9443/hook", "receiver:9443"),
    ],
)
def test_the_sandbox_may_call_its_own_receivers(url: str, receiver: str) -> None:
    target = check_url(url, allow=frozenset({receiver}))

    assert target.own
    assert target.url == url.lower()
    assert "[" not in target.name


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1:9001/", "not_https"),
        ("http://127.0.0.1/", "not_https"),
        ("https://127.0.0.1/", "ip_literal"),
        ("http://127.0.0.1:9000@evil.example/", "userinfo"),
        ("http://evil.example/127.0.0.1:9000", "not_https"),
    ],
)
def test_a_receiver_that_is_allowed_opens_no_other_door(url: str, code: str) -> None:
    assert refusal(url, allow=frozenset({"127.0.0.1:9000"})) == code


@pytest.mark.parametrize("address", FORBIDDEN_ADDRESSES)
def test_a_special_address_is_forbidden(address: str) -> None:
    assert is_forbidden(address)


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_a_public_address_is_not_forbidden(address: str) -> None:
    assert not is_forbidden(address)


@pytest.mark.parametrize("network", FORBIDDEN_NETWORKS)
def test_a_forbidden_network_is_forbidden_from_its_first_to_its_last_address(network: str) -> None:
    parsed = ipaddress.ip_network(network)

    assert is_forbidden(str(parsed[0]))
    assert is_forbidden(str(parsed[-1]))


@given(st.ip_addresses())
def test_nothing_passes_that_python_knows_to_be_special(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    special = not address.is_global or address.is_multicast or address.is_reserved

    assert is_forbidden(str(address)) or not special


@pytest.mark.parametrize(
    "prefix", ["::", "::ffff:", "::ffff:0:", "64:ff9b::", "64:ff9b:1::", "2002:", "2001:0:"]
)
@given(inner=st.ip_addresses(v=4))
def test_an_ipv4_address_inside_of_ipv6_never_passes(
    prefix: str, inner: ipaddress.IPv4Address
) -> None:
    high, low = divmod(int(inner), 1 << 16)
    tail = "::1" if prefix.startswith("200") else ""

    assert is_forbidden(f"{prefix}{high:x}:{low:x}{tail}")


@pytest.mark.parametrize(
    ("address", "itself"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", False),
        ("10.0.0.1", False),
        ("localhost", False),
    ],
)
def test_loopback_is_known_in_its_plain_form_only(address: str, itself: bool) -> None:  # noqa: FBT001 - an expectation of the table
    assert is_loopback(address) is itself


def test_the_machines_resolver_gives_every_address_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(host: str, port: object, **_: object) -> list[tuple[object, ...]]:
        v4 = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 0))
        v6 = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2606:2800::1", 0, 0, 0))
        return [v6, v4, v4] if (host, port) == ("hooks.store.example", None) else []

    monkeypatch.setattr(socket, "getaddrinfo", answers)

    addresses = system_resolver("hooks.store.example")

    assert addresses == ["2606:2800::1", "93.184.216.34"]
