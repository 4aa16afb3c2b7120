"""The way out: every call that goes neither to AWS nor to Stripe is made here.

The URL comes from somebody else. It may aim at ourselves, and what answers may lie, dawdle or
never stop: https://owasp.org/API-Security/editions/2023/en/0xa7-server-side-request-forgery/
"""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from urllib3 import BaseHTTPResponse, Timeout, exceptions

from chalicelib.core.addresses import (
    DEFAULT_PORTS,
    BadAddress,
    Resolver,
    is_forbidden,
    is_loopback,
    public_name,
    split_url,
    system_resolver,
)
from chalicelib.core.wire import Deadline, pinned_pool, trust

MAX_BODY: Final = 16 * 1024
_MAX_ADDRESSES: Final = 3  # of one name are tried, in the resolver's order
_PORTS: Final = frozenset({443, 8443})
_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"})
# What frames the message, names the receiver or says who we are is never the caller's.
_RESERVED: Final = re.compile(
    r"(?i)accept-encoding|connection|content-length|cookie|expect|host|keep-alive"
    r"|proxy-.*|te|trailer|transfer-encoding|upgrade|user-agent"
)
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FIELD: Final = re.compile(r"[\t\x20-\x7e]*")


class Refused(Exception):  # noqa: N818 - nothing failed: the answer is no
    """What was asked for is not allowed; nothing was connected. `code` is stable.

    Of the URL: too_long, bad_character, malformed, not_https, fragment, userinfo, bad_port,
    ip_literal, bad_host, private_name. At the call: bad_method, bad_header, reserved_header,
    unresolvable, private_address.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unreachable(Exception):  # noqa: N818 - it is the other side's state, and may pass
    """No whole answer came. `code`: "connect", "tls", "timeout" or "protocol".

    The request may have arrived all the same, except after "connect".
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Reply:
    """What came back. Any status counts, 3xx too: redirects are never followed."""

    status: int
    headers: Mapping[str, str]  # keys in lower case, repeated ones joined by ", "
    body: bytes  # as sent, never decompressed; at most so much as was asked for
    seconds: float


@dataclass(frozen=True)
class Target:
    """A URL that may be called as far as can be said without asking DNS."""

    scheme: str
    host: str
    port: int
    path: str  # with its query
    own: bool = False  # one of the sandbox's own receivers

    @property
    def name(self) -> str:
        """The host as DNS and TLS write it."""
        return self.host.strip("[]")

    @property
    def authority(self) -> str:
        """The Host header."""
        default = self.port == DEFAULT_PORTS[self.scheme]
        return self.host if default else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL in its one normal form, fit to be stored."""
        return f"{self.scheme}://{self.authority}{self.path}"


def check_url(url: str, *, allow: frozenset[str] = frozenset()) -> Target:
    """Hold the URL against every rule that needs no network; what a registration calls.

    `allow` holds "host:port" of the sandbox's own receivers: http, any port and names or
    addresses of this machine are fine for those. Raises Refused.
    """
    try:
        scheme, host, port, path = split_url(url)
        if f"{host.lower()}:{port}" in allow:
            return Target(scheme, host.lower(), port, path, own=True)
        if scheme != "https":
            raise Refused("not_https")
        if port not in _PORTS:
            raise Refused("bad_port")
        return Target(scheme, public_name(host), port, path)
    except BadAddress as error:
        raise Refused(error.code) from error


class Egress:
    """One HTTP client with every guard; keeps no cookies, connections or proxies of any caller.

    `ca_file` replaces the public certificate authorities. Safe to share between threads.
    """

    def __init__(
        self,
        *,
        resolver: Resolver = system_resolver,
        allow: frozenset[str] = frozenset(),
        connect_timeout: float = 2.0,
        read_timeout: float = 8.0,
        clock: Callable[[], float] = time.monotonic,
        ca_file: str | None = None,
    ) -> None:
        self._resolver = resolver
        self._allow = allow
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._clock = clock
        self._trust = trust(ca_file)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        total: float = 10.0,
        most: int = MAX_BODY,
    ) -> Reply:
        """Call the URL once, and come back within `total` seconds: name, connection and reading.

        Of the body `most` bytes are read.

        The name is resolved anew for every call, all its addresses are checked, and the
        connection goes to a checked one. Raises Refused before, Unreachable after connecting.
        """
        deadline = Deadline(total, self._read_timeout, self._clock)
        target = check_url(url, allow=self._allow)
        send = partial(
            self._send, deadline, target, method, _fields(method, target, headers), body, most
        )
        try:
            *others, last = self._addresses(target, deadline)
            for address in others:
                # While nothing is connected, the next one may answer.
                with suppress(exceptions.ConnectTimeoutError):
                    return send(address)
            return send(last)
        except (TimeoutError, exceptions.HTTPError) as error:
            raise Unreachable(_code(error)) from error

    def _addresses(self, target: Target, deadline: Deadline) -> Sequence[str]:
        # In a thread, since a slow name server would hold us beyond the deadline.
        asking = ThreadPoolExecutor(max_workers=1)
        try:
            answer = asking.submit(self._resolver, target.name)
            addresses = answer.result(timeout=deadline.left())
        except TimeoutError:
            raise
        except OSError as error:
            raise Refused("unresolvable") from error
        finally:
            asking.shutdown(wait=False)
        if not addresses:
            raise Refused("unresolvable")
        mine = filter(is_loopback, addresses) if target.own else ()
        if any(map(is_forbidden, set(addresses).difference(mine))):
            raise Refused("private_address")
        return addresses[:_MAX_ADDRESSES]

    def _send(
        self,
        deadline: Deadline,
        target: Target,
        method: str,
        fields: Mapping[str, str],
        body: bytes,
        most: int,
        address: str,
    ) -> Reply:
        half = deadline.left() / 2  # one for TCP, one for TLS
        with pinned_pool(
            target.scheme, address, target.port, deadline, name=target.name, context=self._trust
        ) as pool:
            response = pool.urlopen(
                method,
                target.path,
                body=body or None,
                headers=fields,
                redirect=False,
                timeout=Timeout(connect=min(self._connect_timeout, half)),
                preload_content=False,
                decode_content=False,
            )
            with closing(response):
                answer = _capped(response, most)
                headers = {name.lower(): text for name, text in response.headers.itermerged()}
                return Reply(response.status, headers, answer, deadline.elapsed())


def _capped(response: BaseHTTPResponse, most: int) -> bytes:
    body = b""
    # urllib3 tells that the end came too early only when asked once more.
    while len(body) < most and (part := response.read(most - len(body))):
        body += part
    return body


def _fields(method: str, target: Target, headers: Mapping[str, str] | None) -> dict[str, str]:
    if method not in _METHODS:
        raise Refused("bad_method")
    for name, value in (headers or {}).items():
        if not (_TOKEN.fullmatch(name) and _FIELD.fullmatch(value)):
            raise Refused("bad_header")
        if _RESERVED.fullmatch(name):
            raise Refused("reserved_header")
    ours = {"Host": target.authority, "User-Agent": "Ieum/1", "Accept-Encoding": "identity"}
    return {**ours, "Connection": "close", **(headers or {})}


def _code(error: Exception) -> str:
    if isinstance(error, exceptions.NewConnectionError):
        return "connect"
    if isinstance(error, exceptions.SSLError):
        return "tls"
    # urllib3 packs a timeout while sending into "Connection aborted."
    timeouts = exceptions.TimeoutError | TimeoutError
    late = any(isinstance(part, timeouts) for part in (error, *error.args))
    return "timeout" if late else "protocol"
