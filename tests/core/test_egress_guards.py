"""What is refused before anything is connected, watched at the socket itself."""

import socket
import threading
from collections.abc import Mapping, Sequence

import pytest

from chalicelib.core.addresses import Resolver
from chalicelib.core.egress import Egress, Refused, Unreachable
from tests.core.ssrf_vectors import FORBIDDEN_ADDRESSES, REFUSED_URLS

URL = "https://hooks.store.example/ieum"
PUBLIC = "93.184.216.34"


@pytest.fixture
def connects(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every address that a socket was told to connect to; none gets there."""
    seen: list[object] = []

    def connect(_: socket.socket, address: object) -> None:
        seen.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    return seen


class Names:
    """A name server that gives its answers one after the other, and the last for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.asked: list[str] = []
        self._answers = list(answers)

    def __call__(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


def refusal(egress: Egress, url: str = URL, headers: Mapping[str, str] | None = None) -> str:
    with pytest.raises(Refused) as refused:
        egress.request("POST", url, headers=headers, body=b"{}")
    return refused.value.code


@pytest.mark.parametrize("url", REFUSED_URLS, ids=ascii)
def test_a_refused_url_is_neither_resolved_nor_connected(url: str, connects: list[object]) -> None:
    names = Names([PUBLIC])

    code = refusal(Egress(resolver=names), url)

    assert code == REFUSED_URLS[url]
    assert (names.asked, connects) == ([], [])


@pytest.mark.parametrize("address", FORBIDDEN_ADDRESSES)
def test_a_name_that_leads_to_a_special_address_is_not_connected(
    address: str, connects: list[object]
) -> None:
    code = refusal(Egress(resolver=Names([address])))

    assert (code, connects) == ("private_address", [])


@pytest.mark.parametrize("answers", [[PUBLIC, "10.0.0.1"], [*[PUBLIC] * 9, "::1"]])
def test_one_special_address_among_public_ones_is_enough_to_refuse(
    answers: list[str], connects: list[object]
) -> None:
    code = refusal(Egress(resolver=Names(answers)))

    assert (code, connects) == ("private_address", [])


def test_an_alias_for_a_name_of_an_inner_network_is_refused(connects: list[object]) -> None:
    aliases = {"hooks.store.example": "metadata.google.internal"}
    addresses = {"metadata.google.internal": ["169.254.169.254"]}

    code = refusal(Egress(resolver=lambda host: addresses[aliases[host]]))

    assert (code, connects) == ("private_address", [])


def test_a_name_that_changes_between_two_calls_is_checked_each_time(
    connects: list[object],
) -> None:
    egress = Egress(resolver=Names([PUBLIC], ["127.0.0.1"]))
    with pytest.raises(Unreachable):
        egress.request("POST", URL)

    code = refusal(egress)

    assert code == "private_address"
    assert connects == [(PUBLIC, 443)]


def test_a_name_that_turns_private_after_the_check_is_not_asked_again(
    connects: list[object],
) -> None:
    names = Names([PUBLIC], ["127.0.0.1"])

    with pytest.raises(Unreachable) as unreachable:
        Egress(resolver=names).request("POST", URL)

    assert unreachable.value.code == "connect"
    assert names.asked == ["hooks.store.example"]
    assert connects == [(PUBLIC, 443)]


def test_a_name_with_many_addresses_does_not_make_us_knock_at_all_of_them(
    connects: list[object],
) -> None:
    many = [f"93.184.216.{last}" for last in range(1, 30)]

    with pytest.raises(Unreachable) as unreachable:
        Egress(resolver=Names(many)).request("POST", URL)

    assert unreachable.value.code == "connect"
    assert connects == [(address, 443) for address in many[:3]]


def test_a_receiver_that_does_not_take_up_the_connection_is_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def late(_: socket.socket, address: object) -> None:
        raise TimeoutError(address)

    monkeypatch.setattr(socket.socket, "connect", late)

    with pytest.raises(Unreachable) as unreachable:
        Egress(resolver=Names([PUBLIC])).request("POST", URL)

    assert unreachable.value.code == "timeout"


def unknown(_: str) -> Sequence[str]:
    raise socket.gaierror


def broken(_: str) -> Sequence[str]:
    raise OSError  # what getaddrinfo makes of EAI_SYSTEM


@pytest.mark.parametrize("resolver", [unknown, broken, Names([])])
def test_a_name_without_an_address_is_refused(resolver: Resolver, connects: list[object]) -> None:
    code = refusal(Egress(resolver=resolver))

    assert (code, connects) == ("unresolvable", [])


def test_a_name_server_that_dawdles_does_not_hold_us(connects: list[object]) -> None:
    released = threading.Event()

    def dawdling(_: str) -> Sequence[str]:
        released.wait(timeout=10)
        return [PUBLIC]

    with pytest.raises(Unreachable) as unreachable:
        Egress(resolver=dawdling).request("POST", URL, total=0.01)
    released.set()

    assert (unreachable.value.code, connects) == ("timeout", [])


def test_a_call_without_time_is_not_begun(connects: list[object]) -> None:
    with pytest.raises(Unreachable) as unreachable:
        Egress(resolver=Names([PUBLIC])).request("POST", URL, total=0)

    assert (unreachable.value.code, connects) == ("timeout", [])


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1"])
def test_a_receiver_of_the_sandbox_may_live_on_this_machine_and_nowhere_else(
    address: str, connects: list[object]
) -> None:
    egress = Egress(resolver=Names([address]), allow=frozenset({"receiver:9000"}))

    code = refusal(egress, "http://receiver:9000/")

    assert (code, connects) == ("private_address", [])


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Till": "1\r\nHost: evil.example"},
        {"X-Till": "1\n"},
        {"X-Till": "1\r"},
        {"X-Till": "\x00"},
        {"X-Till": "caf\u00e9"},
        {"X-Till\r\nHost": "evil.example"},
        {"X-Till: 1\r\nHost": "evil.example"},
        {"X Till": "1"},
        {"": "1"},
    ],
    ids=ascii,
)
def test_a_header_that_breaks_its_line_is_refused(
    headers: Mapping[str, str], connects: list[object]
) -> None:
    code = refusal(Egress(resolver=Names([PUBLIC])), headers=headers)

    assert (code, connects) == ("bad_header", [])


@pytest.mark.parametrize(
    "name",
    [
        "Host",
        "hOsT",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "User-Agent",
        "Accept-Encoding",
        "Cookie",
        "Proxy-Authorization",
        "TE",
    ],
)
def test_what_frames_the_message_is_not_the_callers(name: str, connects: list[object]) -> None:
    code = refusal(Egress(resolver=Names([PUBLIC])), headers={name: "7"})

    assert (code, connects) == ("reserved_header", [])


@pytest.mark.parametrize("method", ["CONNECT", "TRACE", "post", "", "GET / HTTP/1.1\r\nX: "])
def test_a_method_that_no_integration_needs_is_refused(method: str, connects: list[object]) -> None:
    with pytest.raises(Refused) as refused:
        Egress(resolver=Names([PUBLIC])).request(method, URL)

    assert (refused.value.code, connects) == ("bad_method", [])
