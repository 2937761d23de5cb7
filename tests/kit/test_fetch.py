"""Fetching from servers that behave, and from servers that do not."""

import asyncio
import gzip
import resource
import ssl
import zlib
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from scripted_web import Web

from nightdesk.kit.clock import SetClock
from nightdesk.kit.http.failures import FetchLater, FetchRefused
from nightdesk.kit.http.fetch import Fetcher, FetchLimits
from nightdesk.kit.http.guard import Guard
from nightdesk.kit.http.transport import client

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


async def to_loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def fetcher(web: Web, *, certificates: ssl.SSLContext | None = None, **limits: float) -> Fetcher:
    guard = Guard(allow=[("127.0.0.1", web.port)], resolve=to_loopback)
    guard.inspect(f"http://127.0.0.1:{web.port}/")
    chosen = FetchLimits(**{"seconds": 5.0, **limits})  # type: ignore[arg-type]
    return Fetcher(guard, SetClock(NOW), limits=chosen, certificates=certificates)


def at(web: Web, path: str) -> str:
    return f"http://127.0.0.1:{web.port}{path}"


async def refusal(web: Web, path: str, **limits: float) -> FetchRefused:
    with pytest.raises(FetchRefused) as caught:
        await fetcher(web, **limits).fetch(at(web, path))
    return caught.value


async def delay(web: Web, path: str, **limits: float) -> FetchLater:
    with pytest.raises(FetchLater) as caught:
        await fetcher(web, **limits).fetch(at(web, path))
    return caught.value


async def test_a_page_is_read_with_its_type_charset_and_time(web: Web) -> None:
    web.says("/page", b"gr\xfc\xdfe", 'Content-Type: Text/HTML; Charset="ISO-8859-1"')
    got = await fetcher(web).fetch(at(web, "/page?q=1#part"), headers={"If-None-Match": '"x"'})
    assert (got.status, got.body, got.content_type, got.charset) == (
        200,
        b"gr\xfc\xdfe",
        "text/html",
        "ISO-8859-1",
    )
    assert got.at == NOW
    assert got.url == at(web, "/page?q=1")
    head = web.heads[0].lower()
    assert head.startswith("get /page?q=1 http/1.1")
    assert f"host: 127.0.0.1:{web.port}" in head
    assert 'if-none-match: "x"' in head


async def test_redirects_are_followed_to_where_they_lead(web: Web) -> None:
    web.says("/old", b"", "Location: /newer", status="301 Moved")
    web.says("/newer", b"", "Location: ./newest?x=1", status="307 Moved")
    web.says("/newest", b"here")
    got = await fetcher(web).fetch(at(web, "/old"))
    assert got.body == b"here"
    assert (got.asked, got.url) == (at(web, "/old"), at(web, "/newest?x=1"))
    assert got.moved_to == at(web, "/newer")
    assert (await fetcher(web).fetch(at(web, "/newer"))).moved_to == ""


async def test_five_redirects_are_followed_and_a_sixth_is_not(web: Web) -> None:
    for n in range(6):
        web.says(f"/{n}", b"", f"Location: /{n + 1}", status="302 Found")
    web.says("/6", b"end")
    assert (await fetcher(web).fetch(at(web, "/1"))).body == b"end"
    assert (await refusal(web, "/0")).code == "too_many_redirects"


async def test_a_feed_that_redirects_forever_is_refused(web: Web) -> None:
    web.says("/loop", b"", "Location: /loop", status="302 Found")
    assert (await refusal(web, "/loop")).code == "too_many_redirects"
    assert len(web.heads) == 6


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "http://10.0.0.1/", "http://u:p@127.0.0.1/", "//[::1]/", "http://[bad"],
)
async def test_a_redirect_is_judged_like_the_first_address(web: Web, location: str) -> None:
    web.says("/away", b"", f"Location: {location}", status="302 Found")

    async def plainly(host: str, port: int) -> list[str]:
        return [str(ip_address(host))]

    strict = Fetcher(Guard(allow=[("127.0.0.1", web.port)], resolve=plainly), SetClock(NOW))
    with pytest.raises(FetchRefused) as caught:
        await strict.fetch(at(web, "/away"))
    assert caught.value.code in ("blocked_address", "bad_address")
    assert len(web.heads) == 1


async def test_an_unchanged_page_is_an_answer_and_so_is_an_empty_one(web: Web) -> None:
    web.says("/same", b"", status="304 Not Modified")
    web.says("/empty", b"", status="204 No Content")
    assert (await fetcher(web).fetch(at(web, "/same"))).status == 304
    assert (await fetcher(web).fetch(at(web, "/empty"))).body == b""


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 300, 305])
async def test_a_status_that_says_no_is_refused(web: Web, status: int) -> None:
    web.says("/no", b"secret detail", status=f"{status} No")
    assert (await refusal(web, "/no")).code == f"http_{status}"


async def test_a_busy_server_is_asked_later_at_the_time_it_named(web: Web) -> None:
    web.says("/429", b"", "Retry-After: 77", status="429 Slow")
    web.says("/503", b"", "Retry-After: Sun, 01 Mar 2026 02:02:00 GMT", status="503 Away")
    web.says("/500", b"", "Retry-After: soon", status="500 Oops")
    web.says("/502", b"", status="502 Oops")
    assert [(await delay(web, path)).seconds for path in ("/429", "/503", "/500", "/502")] == [
        77,
        120,
        None,
        None,
    ]


async def test_a_body_beyond_the_limit_is_refused_whether_announced_or_not(web: Web) -> None:
    sent = 0

    async def endless(_: str, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()
            sent += 65536

    async def announced(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n")

    web.handlers.update({"/endless": endless, "/announced": announced})
    assert (await refusal(web, "/endless")).code == "too_large"
    assert sent < 20_000_000
    assert (await refusal(web, "/announced")).code == "too_large"


async def test_a_gzip_bomb_is_refused_without_filling_the_memory(web: Web) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    megabyte = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    bomb = gzip.compress(b"")[:10] + megabyte * 512
    assert len(bomb) < 600_000
    web.says("/bomb", bomb, "Content-Encoding: gzip")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert (await refusal(web, "/bomb")).code == "too_large"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 80_000


async def test_bytes_that_unpack_to_nothing_are_counted_too(web: Web) -> None:
    async def trailing(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"little"))
        for _ in range(1000):
            writer.write(bytes(65536))
            await writer.drain()

    web.handlers["/trailing"] = trailing
    assert (await refusal(web, "/trailing")).code == "too_large"


async def test_a_packed_page_is_unpacked_and_a_doubly_packed_one_refused(web: Web) -> None:
    web.says("/gzip", gzip.compress(b"text"), "Content-Encoding: gzip")
    web.says("/deflate", zlib.compress(b"text"), "Content-Encoding: Deflate")
    web.says("/twice", gzip.compress(gzip.compress(b"text")), "Content-Encoding: gzip, gzip")
    web.says("/split", gzip.compress(b"text"), "Content-Encoding: gzip", "Content-Encoding: gzip")
    web.says("/br", b"text", "Content-Encoding: br")
    web.says("/lie", b"not gzip at all", "Content-Encoding: gzip")
    assert (await fetcher(web).fetch(at(web, "/gzip"))).body == b"text"
    assert (await fetcher(web).fetch(at(web, "/deflate"))).body == b"text"
    for path in ("/twice", "/split", "/br", "/lie"):
        assert (await refusal(web, path)).code == "bad_answer"


@pytest.mark.parametrize("slow_part", ["head", "body", "silence"])
async def test_a_server_that_drips_is_left_when_the_time_is_up(web: Web, slow_part: str) -> None:
    async def drip(_: str, writer: asyncio.StreamWriter) -> None:
        if slow_part == "silence":
            await asyncio.sleep(3)
        writer.write(b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if slow_part == "body" else b"X-Slow: "))
        for _ in range(60):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    web.handlers["/slow"] = drip
    started = asyncio.get_running_loop().time()
    assert (await delay(web, "/slow", seconds=0.4)).code == "timeout"
    assert asyncio.get_running_loop().time() - started < 1.0


async def test_the_time_limit_spans_all_hops(web: Web) -> None:
    async def slow_hop(_: str, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.15)
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /hop\r\nContent-Length: 0\r\n\r\n")

    web.handlers["/hop"] = slow_hop
    assert (await delay(web, "/hop", seconds=0.4)).code == "timeout"


@pytest.mark.parametrize(
    "answer", [b"", b"not http\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"]
)
async def test_a_broken_answer_is_asked_for_again_later(web: Web, answer: bytes) -> None:
    async def broken(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    web.handlers["/broken"] = broken
    assert (await delay(web, "/broken")).code == "unreachable"


async def test_a_head_without_end_is_given_up(web: Web) -> None:
    async def endless(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(2000):
            writer.write(b"X-Pad: " + b"x" * 1000 + b"\r\n")
            await writer.drain()

    web.handlers["/head"] = endless
    assert (await delay(web, "/head")).code == "unreachable"


async def test_a_closed_port_is_unreachable(web: Web) -> None:
    await web.stop()
    assert (await delay(web, "/")).code == "unreachable"


async def test_the_proxy_of_the_environment_is_not_used(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    web.says("/", b"direct")
    assert (await fetcher(web).fetch(at(web, "/"))).body == b"direct"
    async with client(Guard(allow=[("127.0.0.1", web.port)]), timeout=2) as adapters:
        assert (await adapters.get(at(web, "/"))).text == "direct"


def certificate_for(name: str, folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{name}.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


async def test_tls_asks_for_the_original_name_at_the_judged_address(web: Web, tmp_path: Path) -> None:
    pem = certificate_for("news.example", tmp_path)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pem)
    asked: list[str | None] = []
    serving.sni_callback = lambda _socket, name, _context: asked.append(name)
    port = await web.start(serving)
    web.says("/", b"sealed")
    guard = Guard(
        allow=[("127.0.0.1", port), ("news.example", port), ("other.example", port)], resolve=to_loopback
    )
    trusting = Fetcher(guard, SetClock(NOW), certificates=ssl.create_default_context(cafile=str(pem)))
    assert (await trusting.fetch(f"https://news.example:{port}/")).body == b"sealed"
    assert asked == ["news.example"]
    assert f"host: news.example:{port}" in web.heads[0].lower()
    with pytest.raises(FetchRefused) as caught:
        await trusting.fetch(f"https://other.example:{port}/")
    assert caught.value.code == "bad_certificate"
    with pytest.raises(FetchRefused):
        await Fetcher(guard, SetClock(NOW)).fetch(f"https://news.example:{port}/")


async def test_a_second_address_is_tried_when_the_first_is_closed(web: Web) -> None:
    async def two(host: str, port: int) -> list[str]:
        return ["127.0.0.2", "127.0.0.1"]

    web.says("/", b"second")
    guard = Guard(
        allow=[("127.0.0.1", web.port), ("127.0.0.2", web.port), ("two.example", web.port)], resolve=two
    )
    got = await Fetcher(guard, SetClock(NOW)).fetch(f"http://two.example:{web.port}/")
    assert got.body == b"second"
