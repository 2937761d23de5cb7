"""An account is connected from a terminal: an address is printed, and the one people come back to taken."""

import asyncio
import dataclasses
import json
import threading
from collections.abc import Iterator

import pytest
from cli_command import Command, well

from nightdesk.rehearsal.consents import consented
from nightdesk.rehearsal.logins import CLIENT, SECRET
from nightdesk.rehearsal.serving import Served, serving
from nightdesk.rehearsal.youtube import FakeYouTube


@pytest.fixture(scope="module")
def youtube() -> Iterator[Served]:
    """The platform in a thread of its own: a command has the loop of this one to itself."""
    started, ending, found = threading.Event(), asyncio.Event(), []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with serving(FakeYouTube()) as served:
            found.append(served)
            started.set()
            await ending.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert started.wait(30)
    yield found[0]
    loop.call_soon_threadsafe(ending.set)
    thread.join(30)


def test_an_account_is_connected_by_an_address_to_open_and_one_to_paste(
    nightdesk: Command, youtube: Served
) -> None:
    allowed = {"NIGHTDESK_ALLOW_ADDRESSES": f"127.0.0.1:{youtube.port}", "NIGHTDESK_PORT": "8123"}
    command = dataclasses.replace(nightdesk, more={**nightdesk.more, **allowed})
    sets = ("--set", f"client_id={CLIENT}", "--set", f"api={youtube.address}")
    begun = command("accounts", "connect", "youtube", "Heap channel", *sets, stdin=f"{SECRET}\n")
    assert begun.returncode == 1
    assert "http://127.0.0.1:8123/accounts/connected" in begun.stderr
    ((number, status),) = [(one["id"], one["status"]) for one in command.json("accounts", "list")]
    assert status == "missing_config"
    assert f"nightdesk accounts connect {number} --back ADDRESS" in " ".join(begun.stderr.split())
    address = begun.stdout.strip()
    assert address.startswith(f"{youtube.address}/o/oauth2/v2/auth?")
    back = asyncio.run(consented(address, youtube.guard()))
    finished = command("accounts", "connect", number, "--back", back, "--json")
    assert json.loads(well(finished))["status"] == "connected"
    for text in (begun.stdout, begun.stderr, finished.stdout, finished.stderr):
        assert SECRET not in text
    again = command("accounts", "connect", number, "--back", back)
    assert (again.returncode, "was used already" in " ".join(again.stderr.split())) == (1, True)
    pasted = command("accounts", "connect", number, stdin="http://127.0.0.1:8123/accounts/connected?code=1\n")
    assert (pasted.returncode, "does not know this way back" in " ".join(pasted.stderr.split())) == (1, True)
