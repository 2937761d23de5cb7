"""The address rule: which addresses an outgoing request may name, resolve to and connect to."""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Collection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx2

from nightdesk.kit.http.failures import FetchLater, FetchRefused, shown

Address = IPv4Address | IPv6Address
Rule = Callable[[Address], bool]
Resolver = Callable[[str, int], Awaitable[list[str]]]

WEB_PORTS = {"http": 80, "https": 443}

# What `is_global` lets through although it leads inside: addresses that carry an IPv4 address of their
# own (RFC 6052 and 8215 NAT64, RFC 3056 6to4, RFC 4380 Teredo, RFC 4291 compatible), the anycast relay
# of RFC 7526, protocol assignments of RFC 6890 and 9602, documentation of RFC 9637, deprecated site-local
# addresses, and the host service of one cloud that lies in public space.
_NEVER = [
    ip_network(net)
    for net in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/23",
        "::/96",
        "fec0::/10",
        "3fff::/20",
        "5f00::/16",
        "192.88.99.0/24",
        "192.0.0.0/24",
        "168.63.129.16/32",
    )
]
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_.])?|[0-9a-f:.]*:[0-9a-f:.]*")


def is_public(address: Address) -> bool:
    """Whether the address lies on the public internet, after unwrapping IPv4 in IPv6 (`::ffff:`)."""
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    if any(address in net for net in _NEVER):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


async def system_resolver(host: str, port: int) -> list[str]:
    """The addresses the machine's own resolver gives, in its order of preference."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def endpoint(url: str) -> tuple[str, int]:
    """The host and port of an address from the configuration, as a guard's `allow` names them."""
    parsed = _parsed(url)
    return parsed.host, parsed.port or WEB_PORTS.get(parsed.scheme, 0)


class Guard:
    """Judges addresses for one purpose; `allow` names the endpoints exempt from the rules.

    `allow` holds pairs of a host name or address and a port, for servers that the operator named in the
    configuration. It is empty for everything that a user, a feed, a page or a model gave us.
    """

    def __init__(
        self,
        *,
        allow: Collection[tuple[str, int]] = (),
        resolve: Resolver = system_resolver,
        rule: Rule = is_public,
    ) -> None:
        self._allow = frozenset((host.lower(), port) for host, port in allow)
        self._resolve = resolve
        self._rule = rule

    def inspect(self, spelled: str | httpx2.URL) -> httpx2.URL:
        """Reads an address and judges what can be judged before resolving: scheme, user, host, port.

        Raises FetchRefused `bad_address` or `blocked_address`.
        """
        url = _parsed(spelled)
        if url.scheme not in WEB_PORTS:
            raise _blocked("Only http and https addresses can be fetched.")
        if url.userinfo:
            raise _blocked("An address must not carry a user name or a password.")
        if not _HOST.fullmatch(url.raw_host.decode("ascii", "replace")):
            raise FetchRefused("bad_address", f"'{shown(url.host)}' is not a host name.")
        port = url.port or WEB_PORTS[url.scheme]
        if port not in WEB_PORTS.values() and not self._trusts(url.host, port):
            raise _blocked(f"'{shown(url.host)}' is asked for on port {port}; only 80 and 443 are open.")
        return url

    async def addresses(self, host: str, port: int) -> list[str]:
        """Resolves a host once and judges every answer; gives the addresses to connect to, in order.

        One private answer refuses them all. Raises FetchRefused `blocked_address`, `bad_address` or
        `unknown_host`, FetchLater `unreachable` where the resolver itself is in trouble.
        """
        found = await self._resolved(host, port)
        if not self._trusts(host, port):
            for answer in found:
                self._judge(answer, host, port)
        return found

    async def _resolved(self, host: str, port: int) -> list[str]:
        try:
            found = await self._resolve(host, port)
        except socket.gaierror as failure:
            if failure.errno == socket.EAI_AGAIN:
                raise FetchLater("unreachable", f"'{shown(host)}' could not be looked up just now.") from None
            raise FetchRefused("unknown_host", f"There is no host called '{shown(host)}'.") from None
        except UnicodeError:
            raise FetchRefused("bad_address", f"'{shown(host)}' is not a host name.") from None
        if not found:
            raise FetchRefused("unknown_host", f"'{shown(host)}' has no address.")
        return found

    def _judge(self, answer: str, host: str, port: int) -> None:
        try:
            public = self._rule(ip_address(answer)) or self._trusts(answer, port)
        except ValueError:
            public = False
        if not public:
            raise _blocked(f"'{shown(host)}' does not lead to the public internet, so it was not opened.")

    def _trusts(self, host: str, port: int) -> bool:
        return (host.lower(), port) in self._allow


def _parsed(spelled: str | httpx2.URL) -> httpx2.URL:
    # Browsers take a backslash for a slash, RFC 3986 does not: what two read differently is refused.
    if isinstance(spelled, str) and ("\\" in spelled or not spelled.isprintable()):
        raise FetchRefused("bad_address", f"'{shown(spelled)}' is not a web address.")
    try:
        url = httpx2.URL(spelled)
    except (httpx2.InvalidURL, ValueError):
        raise FetchRefused("bad_address", f"'{shown(str(spelled))}' is not a web address.") from None
    return url


def _blocked(why: str) -> FetchRefused:
    return FetchRefused("blocked_address", why + " Give an address that anyone on the internet can open.")
