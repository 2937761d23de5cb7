"""Notices go out by Apprise in a child that reaches the public internet alone, and give no secret away."""

import asyncio
from typing import Any

import pytest

from nightdesk.desk.errors import Invalid
from nightdesk.desk.notices import Courier
from nightdesk.desk.notices.services import SCHEMAS, looked_at
from nightdesk.kit.processes import ChildLimits
from notices.notice_receiver import Receiver

SECRET = "canary-4711"
INSIDE = ("localhost", "127.0.0.1", "[::1]", "169.254.169.254")


def courier(receiver: Receiver) -> Courier:
    return Courier(allow=[("127.0.0.1", receiver.port)])


async def test_a_notice_arrives_whole(receiver: Receiver) -> None:
    answer = await courier(receiver).deliver(receiver.address, "A “title” & more", "Zwei Zeilen.\n<b>roh</b>")
    assert (answer.ok, answer.says) == (True, "JSON took it.")
    (got,) = receiver.got
    assert (got["title"], got["message"]) == ("A “title” & more", "Zwei Zeilen.\n<b>roh</b>")


@pytest.mark.parametrize("status", [401, 500])
async def test_what_the_other_side_says_no_to_is_told_without_the_address(
    receiver: Receiver, status: int
) -> None:
    receiver.status = status
    answer = await courier(receiver).deliver(receiver.address + "?token=tk-s3cr3t-77", "t", "b")
    assert not answer.ok
    assert str(status) in answer.says
    assert SECRET not in answer.says
    assert "s3cr3t" not in answer.says


async def test_one_who_answers_no_http_or_breaks_off_is_told_of(receiver: Receiver) -> None:
    receiver.behaves = False
    answer = await courier(receiver).deliver(receiver.address, "t", "b")
    assert not answer.ok
    assert answer.says.startswith("JSON did not take it.")


async def test_one_who_never_answers_is_given_up_after_its_time(receiver: Receiver) -> None:
    receiver.delay = 60
    limits = ChildLimits(seconds=2.5, cpu_seconds=15, memory=1 << 30)
    answer = await Courier(allow=[("127.0.0.1", receiver.port)], limits=limits).deliver(
        receiver.address + "?rto=50", "t", "b"
    )
    assert (answer.ok, answer.says) == (False, "There was no answer within 2 s.")


async def test_no_inside_address_is_reached_in_any_spelling(receiver: Receiver) -> None:
    """Those that Apprise itself takes for an address; `kit/test_fence.py` has all the others."""
    fenced = Courier()
    tries = [fenced.deliver(f"json://{host}:{receiver.port}/x", "t", "b") for host in INSIDE]
    for answer in await asyncio.gather(*tries):
        assert not answer.ok
        assert "public internet" in answer.says
    assert receiver.connections == 0


async def test_a_redirect_inside_is_not_followed(receiver: Receiver) -> None:
    inside = await Receiver().start()
    receiver.status, receiver.location = 307, f"http://127.0.0.1:{inside.port}/stolen"
    answer = await courier(receiver).deliver(receiver.address, "t", "b")
    assert (answer.ok, inside.connections) == (False, 0)
    assert "public internet" in answer.says
    await inside.stop()


@pytest.mark.parametrize("address", ["file:///etc/passwd", "syslog://", "kodi://localhost"])
async def test_what_runs_programs_or_writes_to_this_machine_is_closed(address: str) -> None:
    with pytest.raises(Invalid) as refused:
        await Courier().look(looked_at(address))
    assert refused.value.field == "address"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "no address",
        "slack",
        "json://exam\nple.com/",
        "json://a.example/x, file:///etc/passwd",
        "json://a.example/?template=/etc/passwd",
        "discord://id/token?Template=/etc/passwd",
        "mailto://u:p@example.com?pgp=yes&pgpprv=/root/key",
        "ntfy://topic?attach=/etc/passwd",
        "json://" + "a" * 3000,
    ],
)
def test_an_address_that_would_read_a_file_or_is_none_is_refused_before_anything_is_started(
    address: str,
) -> None:
    with pytest.raises(Invalid):
        looked_at(address)


@pytest.mark.parametrize(
    ("address", "service"),
    [
        ("https://discord.com/api/webhooks/123456789012345678/" + "a1" * 34, "Discord"),
        ("mailtos://user:password@example.com", "E-Mail"),
        ("ntfy://my-topic", "ntfy"),
        ("tgram://123456789:abcdefg_hijklmnop-qrstuvwxyz0123456/12315544/", "Telegram"),
    ],
)
async def test_a_service_is_known_by_its_address(address: str, service: str) -> None:
    assert await Courier().look(looked_at(address)) == service


async def test_an_address_that_lacks_something_is_told_so_without_being_repeated() -> None:
    with pytest.raises(Invalid) as refused:
        await Courier().look("discord://123456789012345678")
    assert "not a whole address of Discord" in str(refused.value)
    assert "123456789012345678" not in str(refused.value)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_every_schema_on_the_list_is_one_that_apprise_knows() -> None:
    from apprise.manager_plugins import NotificationManager  # noqa: PLC0415

    manager: Any = NotificationManager()
    assert set(manager.schemas()) >= SCHEMAS


def test_nothing_that_writes_to_this_machine_or_its_desktop_is_on_the_list() -> None:
    local = "file syslog rsyslog dbus qt kde glib gio gnome macosx windows growl blink1 kodi mqtt xmpp irc"
    assert not SCHEMAS & set(local.split())
