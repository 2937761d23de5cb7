"""No spelling of a private address, given directly or by redirect, reaches a listener inside."""

import asyncio
import gzip
import random
import socket
import time
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address
from urllib.parse import parse_qs, quote, urlsplit

import httpcore2
import pytest

from nightdesk.kit.clock import SetClock
from nightdesk.kit.endings import Later, Refused
from nightdesk.kit.http.fetch import Fetcher, FetchLimits
from nightdesk.kit.http.guard import Address, Guard, Rule, is_public

PUBLIC = "93.184.216.34"
FRONT = "front.example"

# One address of each private or otherwise special IPv4 range of the IANA registry (RFC 6890), and of
# the cloud services that hide in public space.
PRIVATE = {
    "this network": "0.0.0.0",
    "private 10": "10.1.2.3",
    "shared 100.64": "100.64.3.2",
    "metadata in shared space": "100.100.100.200",
    "loopback": "127.0.0.1",
    "all of loopback": "127.8.9.10",
    "metadata": "169.254.169.254",
    "private 172.16": "172.16.5.4",
    "end of private 172.16": "172.31.255.254",
    "protocol assignments": "192.0.0.192",
    "6to4 relay": "192.88.99.1",
    "private 192.168": "192.168.1.1",
    "benchmarks": "198.18.0.1",
    "documentation": "203.0.113.5",
    "multicast": "224.0.0.251",
    "reserved": "240.0.0.1",
    "cloud host service": "168.63.129.16",
}


def spellings(dotted: str) -> dict[str, str]:
    """Seventeen ways to write one IPv4 address where a host name belongs."""
    a, b, c, d = (int(part) for part in dotted.split("."))
    number = int(IPv4Address(dotted))
    v6 = f"{number >> 16:x}:{number & 0xFFFF:x}"
    wide = str.maketrans("0123456789.", "０１２３４５６７８９。")
    return {
        "dotted": dotted,
        "decimal": str(number),
        "hexadecimal": hex(number),
        "octal": f"0{number:o}",
        "dotted hexadecimal": f"{a:#x}.{b:#x}.{c:#x}.{d:#x}",
        "dotted octal": f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
        "two parts": f"{a}.{(b << 16) + (c << 8) + d}",
        "three parts, mixed": f"{a:#x}.{b}.{(c << 8) + d}",
        "zero-padded": f"{a:03}.{b:03}.{c:03}.{d:03}",
        "full-width": dotted.translate(wide),
        "percent-encoded": quote(dotted).replace(str(a), "".join(f"%{ord(x):02x}" for x in str(a)), 1),
        "final dot": dotted + ".",
        "mapped": f"[::ffff:{dotted}]",
        "mapped in hexadecimal": f"[::ffff:{v6}]",
        "compatible": f"[::{v6}]",
        "translated": f"[64:ff9b::{v6}]",
        "by name": f"a{number}.rebound.example",
    }


INSIDE_V6 = {
    "loopback": "[::1]",
    "unspecified": "[::]",
    "long loopback": "[0:0:0:0:0:0:0:1]",
    "unique local": "[fd00:ec2::254]",
    "link local": "[fe80::1]",
    "link local with zone": "[fe80::1%25lo]",
    "site local": "[fec0::1]",
    "multicast": "[ff02::1]",
    "6to4": "[2002:7f00:1::]",
    "teredo": "[2001:0:7f00:1::]",
    "local translation": "[64:ff9b:1::7f00:1]",
    "documentation": "[2001:db8::1]",
    "discard": "[100::1]",
    "isatap": "[fe80::5efe:127.0.0.1]",
    "name of loopback": "localhost",
    "name with a dot": "localhost.",
    "name by v6 answer": "six.example",
}
ODD = [
    "file:///etc/passwd",
    "gopher://127.0.0.1:80/_x",
    "ftp://127.0.0.1/",
    "dict://127.0.0.1:11211/",
    "ldap://127.0.0.1/",
    "data:text/plain,hello",
    "javascript:alert(1)",
    f"http://{PUBLIC}@127.0.0.1/",
    f"http://127.0.0.1\\@{PUBLIC}/",
    f"http://{PUBLIC}:22/",
    "http://127.0.0.1:80:80/",
    "//127.0.0.1/",
    "http://admin:admin@192.168.1.1/",
    "http://[::ffff:0:127.0.0.1]/",
    "https://127.0.0.1:443/",
    "http://127.0.0.1:8080/",
]


def corpus() -> list[str]:
    """289 spelled private addresses, the same for IPv6, schemes, ports and users: over 318 in all."""
    spelled = [f"http://{host}/" for address in PRIVATE.values() for host in spellings(address).values()]
    return spelled + [f"https://{host}/" for host in INSIDE_V6.values()] + ODD


class Dialler(httpcore2.AsyncNetworkBackend):
    """Stands for the network: the public address leads to a front, every other one to the canary.

    So a single connection to any private address shows, also to those this machine has no route to.
    """

    def __init__(self, front: int, canary: int) -> None:
        self._real = httpcore2.AnyIOBackend()
        self._ports = {PUBLIC: front}
        self._canary = canary
        self.dialled: list[str] = []

    async def connect_tcp(self, host: str, port: int, *rest: object) -> httpcore2.AsyncNetworkStream:
        self.dialled.append(host)
        return await self._real.connect_tcp("127.0.0.1", self._ports.get(host, self._canary), 2.0)


class Names:
    """The resolver: numbers as the C library reads them, and a small zone of hostile names."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked[host] += 1
        if host.endswith(".rebound.example"):
            return [str(IPv4Address(int(host.split(".")[0][1:])))]
        zone = {
            FRONT: [PUBLIC],
            "six.example": ["::1"],
            "localhost": ["127.0.0.1", "::1"],
            "localhost.": ["127.0.0.1"],
            "mixed.example": [PUBLIC, "10.0.0.9"],
            "mapped.example": ["::ffff:127.0.0.1"],
            "turning.example": [PUBLIC] if self.asked[host] == 1 else ["127.0.0.1"],
        }
        if host in zone:
            return zone[host]
        read = socket.getaddrinfo(
            host.rstrip("."), port, flags=socket.AI_NUMERICHOST, type=socket.SOCK_STREAM
        )
        return [str(entry[4][0]) for entry in read]


@dataclass
class Network:
    """Everything a fetch can meet, and what it met."""

    dialler: Dialler
    names: Names
    hits: list[bytes]

    def fetcher(self, rule: Rule = is_public, **limits: float) -> Fetcher:
        chosen = FetchLimits(**{"seconds": 5.0, **limits})  # type: ignore[arg-type]
        guard = Guard(resolve=self.names, rule=rule)
        return Fetcher(guard, SetClock(datetime(2026, 1, 1, tzinfo=UTC)), limits=chosen, dial=self.dialler)


def bomb() -> bytes:
    """Half a megabyte of gzip that unpacks to 512 MB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return gzip.compress(b"")[:10] + 512 * (packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH))


async def serve_front(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The public server: redirects wherever the query says, and misbehaves on demand."""
    try:
        target = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].decode("latin-1")
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        if path in ("/to", "/loop"):
            location = query.get("u", ["/loop"])[0].encode()
            writer.write(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n")
        elif path == "/bomb":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + bomb())
        elif path == "/slow":
            for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0.05)
        elif path == "/endless":
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                writer.write(bytes(65536))
                await writer.drain()
        else:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    hits: list[bytes] = []

    async def canary(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hits.append(b"connected")
        writer.close()

    inside = await asyncio.start_server(canary, "127.0.0.1", 0)
    front = await asyncio.start_server(serve_front, "127.0.0.1", 0)
    ports = [server.sockets[0].getsockname()[1] for server in (front, inside)]
    yield Network(Dialler(*ports), Names(), hits)
    inside.close()
    front.close()


async def verdict(fetcher: Fetcher, url: str) -> str:
    """How a fetch ended: the code of its refusal or delay, or `fetched`."""
    try:
        await fetcher.fetch(url)
    except (Refused, Later) as ending:
        return str(getattr(ending, "code", "?"))
    return "fetched"


async def strike(network: Network, urls: Iterable[str], rule: Rule = is_public) -> Counter[str]:
    fetcher = network.fetcher(rule)
    verdicts = Counter([await verdict(fetcher, url) for url in urls])
    await asyncio.sleep(0.05)
    return verdicts


def by_redirect(urls: Iterable[str]) -> list[str]:
    return [f"http://{FRONT}/to?u={quote(url, safe='')}" for url in urls]


def inside_dials(network: Network) -> list[str]:
    return [host for host in network.dialler.dialled if host != PUBLIC]


REFUSALS = {"blocked_address", "bad_address", "unknown_host"}


async def check(network: Network, urls: list[str]) -> Counter[str]:
    verdicts = await strike(network, urls) + await strike(network, by_redirect(urls))
    assert set(verdicts) <= REFUSALS
    assert inside_dials(network) == []
    assert network.hits == []
    assert network.dialler.dialled == [PUBLIC] * len(urls)
    return verdicts


async def test_a_sample_of_private_addresses_is_refused_direct_and_by_redirect(network: Network) -> None:
    await check(network, random.Random(15).sample(corpus(), 60))


@pytest.mark.prove
async def test_no_address_of_the_corpus_is_connected_to(network: Network) -> None:
    urls, started = corpus(), time.monotonic()
    assert len(set(urls)) >= 318
    verdicts = await check(network, urls)
    seconds = time.monotonic() - started
    print(f"\n{len(urls)} direct, {len(urls)} by redirect: {dict(verdicts)}, 0 connections, {seconds:.1f} s")


async def test_the_harness_sees_a_weaker_rule_fail(network: Network) -> None:
    def not_private(address: Address) -> bool:
        return not address.is_private

    verdicts = await strike(network, corpus(), rule=not_private)
    print(f"\nwith 'not is_private': {dict(verdicts)}, {len(network.hits)} connections")
    assert len(network.hits) > 50
    assert len(inside_dials(network)) == len(network.hits)


async def special_cases(network: Network) -> dict[str, tuple[str, set[str]]]:
    """The twelve that need more than one address: what was met and what may be met."""
    usual, quick = network.fetcher(), network.fetcher(seconds=0.5)
    front, turning = f"http://{FRONT}", "http://turning.example/"
    six_hops = f"{front}/end"
    for _ in range(6):
        six_hops = by_redirect([six_hops])[0]
    turned = [await verdict(usual, turning) for _ in range(2)]
    network.names.asked.clear()
    return {
        "a name that turns inside: first": (turned[0], {"fetched"}),
        "a name that turns inside: second": (turned[1], {"blocked_address"}),
        "a name that turns between hops": (
            await verdict(usual, f"{turning}to?u={quote(turning, safe='')}"),
            {"blocked_address"},
        ),
        "a public and a private answer": (await verdict(usual, "http://mixed.example/"), {"blocked_address"}),
        "a mapped answer": (await verdict(usual, "http://mapped.example/"), {"blocked_address"}),
        "six hops": (await verdict(usual, six_hops), {"too_many_redirects"}),
        "a loop": (await verdict(usual, f"{front}/loop"), {"too_many_redirects"}),
        "half a megabyte that unpacks to 512": (await verdict(usual, f"{front}/bomb"), {"too_large"}),
        "a head in drops": (await verdict(quick, f"{front}/slow"), {"timeout"}),
        "a body without end": (await verdict(usual, f"{front}/endless"), {"too_large"}),
        "a redirect to another port": (
            await verdict(usual, by_redirect([f"{front}:6379/"])[0]),
            {"blocked_address"},
        ),
        "a plain page": (await verdict(usual, f"{front}/"), {"fetched"}),
    }


async def test_names_that_turn_loops_bombs_and_drips_end_as_promised(network: Network) -> None:
    cases = await special_cases(network)
    assert len(cases) >= 12
    assert {name: met for name, (met, _) in cases.items() if met not in cases[name][1]} == {}
    assert network.hits == []
    print(f"\n{len(cases)} special: " + ", ".join(f"{name}: {met}" for name, (met, _) in cases.items()))
