"""Which hosts may be called from here: the rules for URLs, names and addresses."""

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from typing import Final

type Resolver = Callable[[str], Sequence[str]]
"""Every A and AAAA address of a host name, best first. Raises OSError when there is none."""

MAX_URL: Final = 2_048
DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_LAST_PORT: Final = 65_535
_UNSAFE: Final = re.compile(r"[\x00-\x20\x7f\\]")
_URL: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?]*)(.*)")
_AUTHORITY: Final = re.compile(r"(\[.*\]|[^:\[\]]*)(?::(.*))?")
_PORT: Final = re.compile(r"[1-9][0-9]{0,4}")

# The IANA special-purpose registries, plus multicast, the deprecated forms that carry an IPv4
# address inside, and all of IPv6 that IANA has not opened for unicast. `is_global` alone lets
# NAT64, 6to4 and multicast pass, so every network is named here.
# https://www.iana.org/assignments/iana-ipv4-special-registry
# https://www.iana.org/assignments/iana-ipv6-special-registry
# https://www.iana.org/assignments/ipv6-address-space
FORBIDDEN_NETWORKS: Final[dict[str, str]] = {
    "0.0.0.0/8": "this host on this network",
    "10.0.0.0/8": "private use",
    "100.64.0.0/10": "shared address space of carriers",
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link local, metadata of clouds",
    "172.16.0.0/12": "private use",
    "192.0.0.0/24": "IETF protocol assignments",
    "192.0.2.0/24": "documentation (TEST-NET-1)",
    "192.31.196.0/24": "AS112-v4",
    "192.52.193.0/24": "AMT",
    "192.88.99.0/24": "6to4 relay anycast, deprecated",
    "192.168.0.0/16": "private use",
    "192.175.48.0/24": "direct delegation AS112",
    "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation (TEST-NET-2)",
    "203.0.113.0/24": "documentation (TEST-NET-3)",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved, and limited broadcast",
    "::/128": "unspecified",
    "::1/128": "loopback",
    "::/96": "IPv4-compatible, deprecated",
    "::ffff:0:0/96": "IPv4-mapped",
    "64:ff9b::/96": "NAT64 of any IPv4 address",
    "64:ff9b:1::/48": "NAT64 for local use",
    "100::/64": "discard only",
    "100:0:0:1::/64": "dummy prefix",
    "2001::/23": "IETF protocol assignments",
    "2001::/32": "Teredo, carries an IPv4 address",
    "2001:2::/48": "benchmarking",
    "2001:10::/28": "ORCHID, deprecated",
    "2001:20::/28": "ORCHIDv2",
    "2001:30::/28": "drone remote identification",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4, carries an IPv4 address",
    "2620:4f:8000::/48": "direct delegation AS112",
    "3ffe::/16": "6bone, returned",
    "3fff::/20": "documentation",
    "5f00::/16": "segment routing identifiers",
    "fc00::/7": "unique local",
    "fe80::/10": "link local",
    "fec0::/10": "site local, deprecated",
    "ff00::/8": "multicast",
    "::/3": "outside of global unicast, which is 2000::/3",
    "4000::/2": "outside of global unicast",
    "8000::/1": "outside of global unicast",
}
_FORBIDDEN: Final = tuple(ipaddress.ip_network(network) for network in FORBIDDEN_NETWORKS)

# Never public: RFC 6761, 7686, 8375, 9476 and what ICANN keeps for private use (`internal`).
_PRIVATE_SUFFIXES: Final = frozenset(
    {"alt", "arpa", "internal", "invalid", "local", "localhost", "onion"}
)
# Where IDNA 2003 (Python's) and 2008 (browsers') name different owners: https://unicode.org/reports/tr46/#Deviations
_AMBIGUOUS: Final = re.compile("[\u00df\u1e9e\u03c2\u200c\u200d]")
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# A last label like this makes the whole host an IPv4 address: https://url.spec.whatwg.org/#ends-in-a-number-checker
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LONGEST_NAME: Final = 253


class BadAddress(ValueError):  # noqa: N818 - it says what is wrong
    """The text names nothing that may be called; `code` says why, in a stable word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def split_url(url: str) -> tuple[str, str, int, str]:
    """Scheme (http or https), host, port and path with query; the URL's only parser.

    Raises BadAddress: too_long, bad_character, malformed, not_https, fragment, userinfo, bad_port.
    """
    if len(url) > MAX_URL:
        raise BadAddress("too_long")
    if _UNSAFE.search(url):
        raise BadAddress("bad_character")
    parts = _URL.fullmatch(url)
    if parts is None:
        raise BadAddress("malformed")
    scheme, authority, path = parts[1].lower(), parts[2], parts[3]
    if scheme not in DEFAULT_PORTS:
        raise BadAddress("not_https")
    if "#" in url:
        raise BadAddress("fragment")
    if "@" in authority:
        raise BadAddress("userinfo")
    if not path.isascii():
        raise BadAddress("bad_character")
    host, port = _host_and_port(authority, DEFAULT_PORTS[scheme])
    return scheme, host, port, path if path.startswith("/") else f"/{path}"


def _host_and_port(authority: str, default: int) -> tuple[str, int]:
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None:
        raise BadAddress("malformed")
    host, port = parts[1], parts[2]
    if port is None:
        return host, default
    if not _PORT.fullmatch(port) or int(port) > _LAST_PORT:
        raise BadAddress("bad_port")
    return host, int(port)


def public_name(host: str) -> str:
    """The host as DNS, TLS and HTTP know it: lower case, IDNA, no dot at the end.

    Raises BadAddress: ip_literal (IPv4 or IPv6 in any notation), bad_host, private_name.
    """
    if host.startswith("["):
        raise BadAddress("ip_literal")
    if len(host) > _LONGEST_NAME + 1 or _AMBIGUOUS.search(host):
        raise BadAddress("bad_host")
    try:
        name = host.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError as error:
        raise BadAddress("bad_host") from error
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        raise BadAddress("ip_literal")
    if len(name) > _LONGEST_NAME or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadAddress("bad_host")
    if len(labels) == 1 or labels[-1] in _PRIVATE_SUFFIXES:
        raise BadAddress("private_name")
    return name


def is_forbidden(address: str) -> bool:
    """Whether no call may go to the address. What is not an address is forbidden too."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return True
    # The second half is a belt: it learns of new registrations with each Python.
    return any(parsed in network for network in _FORBIDDEN) or not parsed.is_global


def is_loopback(address: str) -> bool:
    """Whether the address is this machine itself, in its plain form (not mapped into IPv6)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return parsed.is_loopback and getattr(parsed, "ipv4_mapped", None) is None


def system_resolver(host: str) -> Sequence[str]:
    """Ask the machine's resolver. Raises OSError, mostly `socket.gaierror`, for none."""
    answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))
