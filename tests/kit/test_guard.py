"""The address rule says yes to the public internet and to nothing else."""

import socket
from ipaddress import ip_address

import pytest

from nightdesk.kit.http.failures import FetchLater, FetchRefused
from nightdesk.kit.http.guard import Guard, endpoint, is_public

INSIDE = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16 169.254.169.254
172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1
203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::7f00:1 ::ffff:0:7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b:1::a00:1 100::1
2001::1 2001:db8::1 2001:10::1 2002:7f00:1:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254
fe80::1 fec0::1 ff02::1 ff0e::1
"""
OUTSIDE = (
    "1.1.1.1 93.184.216.34 172.32.0.1 192.1.0.1 198.20.0.1 223.255.255.254 ::ffff:1.1.1.1 2606:4700::1111"
)


@pytest.mark.parametrize("address", INSIDE.split())
def test_an_inside_address_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE.split())
def test_an_outside_address_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("file:///etc/passwd", "blocked_address"),
        ("gopher://example.com/", "blocked_address"),
        ("ftp://example.com/", "blocked_address"),
        ("http://example.com:22/", "blocked_address"),
        ("http://example.com:8080/", "blocked_address"),
        ("http://user@example.com/", "blocked_address"),
        ("http://user:secret@example.com/", "blocked_address"),
        ("http://exa mple.com/", "bad_address"),
        ("http://127.0.0.1%00.example.com/", "bad_address"),
        ("http://%31%32%37.0.0.1/", "bad_address"),
        ("http://[fe80::1%25eth0]/", "bad_address"),
        ("http://127.0.0.1\\@example.com/", "bad_address"),
        ("http://example.com/\n", "bad_address"),
        ("http:///nowhere", "bad_address"),
        ("http:127.0.0.1", "bad_address"),
        ("http://[::1", "bad_address"),
        ("http://0177.0.0.1/", "bad_address"),
        ("http://" + "a" * 70000, "bad_address"),
        ("http://\ud800/", "bad_address"),
        ("", "blocked_address"),
    ],
)
def test_an_address_against_the_rules_is_refused_before_it_is_resolved(url: str, code: str) -> None:
    with pytest.raises(FetchRefused) as refusal:
        Guard().inspect(url)
    assert refusal.value.code == code
    assert "secret" not in refusal.value.why
    assert len(refusal.value.why) < 300
    assert refusal.value.why.isprintable()


@pytest.mark.parametrize(
    "url", ["http://example.com/", "https://bücher.example:443/ä?q=ü", "HTTP://EXAMPLE.COM:80"]
)
def test_an_ordinary_address_passes(url: str) -> None:
    assert Guard().inspect(url).scheme in ("http", "https")


def answering(*addresses: str):
    async def resolve(host: str, port: int) -> list[str]:
        return list(addresses)

    return resolve


async def test_one_private_answer_among_public_ones_refuses_them_all() -> None:
    guard = Guard(resolve=answering("93.184.216.34", "10.0.0.7"))
    with pytest.raises(FetchRefused) as refusal:
        await guard.addresses("mixed.example", 80)
    assert refusal.value.code == "blocked_address"
    assert "10.0.0.7" not in refusal.value.why


async def test_every_public_answer_is_given_in_order() -> None:
    guard = Guard(resolve=answering("2606:4700::1111", "1.1.1.1"))
    assert await guard.addresses("both.example", 443) == ["2606:4700::1111", "1.1.1.1"]


async def test_an_answer_that_is_no_address_is_refused() -> None:
    with pytest.raises(FetchRefused):
        await Guard(resolve=answering("fe80::1%eth0")).addresses("scoped.example", 80)
    with pytest.raises(FetchRefused):
        await Guard(resolve=answering("not-an-address")).addresses("odd.example", 80)


async def test_an_allowed_endpoint_is_allowed_on_its_port_alone() -> None:
    guard = Guard(allow=[("127.0.0.1", 8188)])
    assert guard.inspect("http://127.0.0.1:8188/").port == 8188
    assert await guard.addresses("127.0.0.1", 8188) == ["127.0.0.1"]
    with pytest.raises(FetchRefused):
        guard.inspect("http://127.0.0.1:8189/")
    with pytest.raises(FetchRefused):
        await guard.addresses("127.0.0.1", 80)


async def test_a_configured_server_is_reached_by_its_name_wherever_it_leads() -> None:
    guard = Guard(allow=[endpoint("http://Ollama.Lan:11434/v1")], resolve=answering("192.168.1.7"))
    assert guard.inspect("http://ollama.lan:11434/v1/models").port == 11434
    assert await guard.addresses("ollama.lan", 11434) == ["192.168.1.7"]
    assert endpoint("https://api.example/v1") == ("api.example", 443)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "localhost", "127.0.0.1.", "::1", "0"])
async def test_the_machines_own_resolver_cannot_be_talked_into_loopback(host: str) -> None:
    with pytest.raises(FetchRefused) as refusal:
        await Guard().addresses(host, 80)
    assert refusal.value.code in ("blocked_address", "unknown_host")


async def test_an_unknown_host_is_refused_and_a_sick_resolver_is_tried_later() -> None:
    def failing(number: int):
        async def resolve(host: str, port: int) -> list[str]:
            raise socket.gaierror(number, "no")

        return resolve

    with pytest.raises(FetchRefused) as refusal:
        await Guard(resolve=failing(socket.EAI_NONAME)).addresses("none.example", 80)
    assert refusal.value.code == "unknown_host"
    with pytest.raises(FetchLater):
        await Guard(resolve=failing(socket.EAI_AGAIN)).addresses("later.example", 80)
    with pytest.raises(FetchRefused):
        await Guard(resolve=answering()).addresses("empty.example", 80)
    with pytest.raises(FetchRefused) as refusal:
        await Guard().addresses("a" * 70 + ".com", 80)
    assert refusal.value.code == "bad_address"
