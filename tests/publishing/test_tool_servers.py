"""Pieces go out by tools of real servers, over HTTP and as programs: once at most, whatever a tool does."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import uvicorn

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.desk.accounts import Accounts
from nightdesk.desk.accounts.connectors import connectors
from nightdesk.desk.publishing import stands
from nightdesk.engine.outgoing import Outgoing, OutgoingMeans, Sender, Settling, Taken
from nightdesk.kit import tools
from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.kit.http.guard import Guard
from nightdesk.publisher import Absent, Live, Login, Piece, Platform, Unclear, Unknown
from nightdesk.publishers import tool_server
from nightdesk.publishers.fields import given
from nightdesk.publishers.tool_server.publisher import ToolPublisher
from nightdesk.rehearsal import tool_servers
from nightdesk.rehearsal.tool_servers import DOOR, FAULTS, FOLDER, NEEDS, RETRY_AFTER, TAKEN, Door, Studio
from publishing.contract import Lines
from publishing.one_platform import Ground
from publishing.short_videos import video
from publishing.wordpress_pieces import article

TOKEN = "the-accounts-own-token"
KEY = "the-accounts-own-key"
CERTAIN = ("limited", "too_many", "unauthorized")
"""Faults after which it is certain that nothing was posted, and it may be sent again."""


@dataclass
class Tools:
    """A server of tools, and an account that goes out by it."""

    folder: Path
    platform: Platform = "x"
    config: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    guard: Guard = field(default_factory=Guard)
    programs: tuple[tool_server.Program, ...] = ()
    lines: Lines = field(default_factory=Lines)

    @property
    def studio(self) -> Studio:
        return Studio(self.folder)

    def opened(self, **config: str) -> ToolPublisher:
        async def renew(*_: object) -> dict[str, str]:
            raise AssertionError("a token of a tool server is never renewed")

        values = given(tool_server.fields(self.platform), {**self.config, **config}, {})
        login = Login(7, "tools", values, self.secrets, renew)
        data = self.folder / "data"
        return tool_server.opened(login, self.platform, data, self.guard, self.programs, 20.0)

    async def out(self, piece: Piece, **config: str) -> Any:
        """How publishing it ends: with what is live, or with its ending."""
        async with aclosing(self.opened(**config)) as publisher:
            assert publisher.faults(piece) == []
            try:
                token = await publisher.prepare(piece, None, self.lines)
                return await publisher.commit(piece, token, self.lines)
            except Ending as ending:
                return ending


@asynccontextmanager
async def over_http(folder: Path) -> AsyncIterator[tuple[str, Door]]:
    """The server's address, in the loop of the test."""
    app = tool_servers.app(folder)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))  # type: ignore[arg-type]
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/mcp", app
        finally:
            server.force_exit = server.should_exit = True
            await serving


@pytest_asyncio.fixture(loop_scope="session")
async def served(tmp_path: Path) -> AsyncIterator[Tools]:
    """Over HTTP, known by the account's token."""
    async with over_http(tmp_path) as (address, _):
        yield reached(tmp_path, address)


def reached(folder: Path, address: str) -> Tools:
    port = int(address.split(":")[2].split("/")[0])
    guard = Guard(allow=[("127.0.0.1", port)])
    return Tools(folder, config={"address": address}, secrets={"token": TOKEN}, guard=guard)


@pytest.fixture
def started(tmp_path: Path) -> Tools:
    """A program that is started for each call, with the account's key."""
    program = tool_server.Program(
        name="studio",
        command=sys.executable,
        args=("-m", "nightdesk.rehearsal.tool_servers"),
        needs=(NEEDS,),
        env={FOLDER: str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    secrets = {"credentials": json.dumps({NEEDS: KEY})}
    return Tools(tmp_path, config={"program": "studio"}, secrets=secrets, programs=(program,))


def said(**facts: Any) -> Piece:
    return article(media=(), title="Heat pumps & night prices", text="What they cost.", **facts)


async def test_a_post_goes_out_by_twitter_mcp_and_says_who_made_it(served: Tools):
    piece = said()
    found = await served.out(piece)
    (post,) = served.studio.posts()
    assert found == Live(post.id, f"https://x.com/i/web/status/{post.id}")
    words = json.loads(post.text)["text"]
    assert words == f"{piece.title}\n\n{piece.text}\n\n{piece.label}"


async def test_a_post_goes_out_by_xmcp_with_the_flag_in_place_of_the_label(served: Tools):
    piece = said()
    found = await served.out(piece, preset="xmcp")
    (post,) = served.studio.posts()
    assert found == Live(post.id, f"https://x.com/i/web/status/{post.id}")
    assert json.loads(post.text) == {"text": f"{piece.title}\n\n{piece.text}", "made_with_ai": True}


async def test_a_first_comment_goes_to_a_tool_that_takes_it_and_else_is_told_as_left_out(served: Tools):
    piece = said(options={"first_comment": "Sources: see there."})
    mapped = '{"text": "{title} {first_comment}"}'
    for arguments, left_out in (("", True), (mapped, False)):
        served.lines = Lines()
        assert isinstance(await served.out(piece, arguments=arguments), Live)
        told = " ".join(says for what, says, _ in served.lines.said if what == "decision")
        assert ("the tool `post_tweet` takes none from here. Write it there by hand" in told) is left_out
    assert [("Sources: see there." in post.text) for post in served.studio.posts()] == [False, True]


@pytest.mark.parametrize(("preset", "tool"), [("yutu", "video-insert"), ("upload_video", "upload_video")])
async def test_a_video_goes_out_by_a_program_that_is_given_its_file(started: Tools, preset: str, tool: str):
    started.platform = "youtube"
    piece = video(options={"privacy": "unlisted"})
    found = await started.out(piece, preset=preset)
    (post,) = started.studio.posts()
    assert (found, post.account) == (Live(post.id, f"https://www.youtube.com/watch?v={post.id}"), tool)
    told = json.loads(post.text)
    assert (told["bytes"], told["title"], told["tags"]) == (3000, piece.title, list(piece.tags))
    assert told.get("privacy", told.get("privacy_status")) == "unlisted"
    assert told.get("contains_synthetic_media", piece.label in told["description"]) is True
    assert list((started.folder / "data" / "tool-jobs" / "7").iterdir()) == []
    assert KEY not in str(started.lines.said)


@pytest.mark.parametrize("fault", [one for one in (*FAULTS, *DOOR) if "dies" not in one])
async def test_a_call_under_a_fault_never_says_more_than_is_certain(served: Tools, fault: str):
    served.studio.strike(fault)
    ending = await served.out(said(), seconds="1")
    taken = len(served.studio.posts())
    assert served.studio.struck
    assert taken == (fault in TAKEN)
    if taken or fault in ("errs", "slow_before", "html", "packed"):
        assert isinstance(ending, Unclear), ending
    elif fault in CERTAIN:
        assert isinstance(ending, NeedsPerson if fault == "unauthorized" else Later), ending
    else:
        assert isinstance(ending, Refused), ending
    if fault == "too_many":
        assert ending.seconds == RETRY_AFTER


@pytest.mark.parametrize("fault", ["dies_before", "taken_then_dies", "taken_then_slow"])
async def test_a_program_that_dies_or_is_slow_is_unclear_and_leaves_nobody(started: Tools, fault: str):
    started.studio.strike(fault)
    ending = await started.out(said(), seconds="2")
    assert isinstance(ending, Unclear), ending
    assert len(started.studio.posts()) == (fault in TAKEN)
    assert not [one for one in Path("/proc").glob("[0-9]*/environ") if _mine(one, started.folder)]


def _mine(path: Path, folder: Path) -> bool:
    try:
        return f"{FOLDER}={folder}".encode() in path.read_bytes()
    except OSError:
        return False


async def test_a_server_that_dies_in_the_middle_of_a_call_is_unclear(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, FOLDER: str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    program = (sys.executable, "-m", "nightdesk.rehearsal.tool_servers", "--port", str(port))
    child = await asyncio.create_subprocess_exec(*program, env=environment, stderr=asyncio.subprocess.DEVNULL)
    try:
        server = reached(tmp_path, f"http://127.0.0.1:{port}/mcp")
        await _answering(server)
        server.studio.strike("taken_then_dies")
        ending = await server.out(said())
        assert isinstance(ending, Unclear), ending
        assert len(server.studio.posts()) == 1
        assert await child.wait() != 0
        away = await server.out(said())
        assert isinstance(away, Later), away
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


async def _answering(server: Tools) -> None:
    async with asyncio.timeout(30):
        while True:
            async with aclosing(server.opened()) as publisher:
                try:
                    await publisher.look()
                except Later:
                    await asyncio.sleep(0.05)
                else:
                    return


@pytest.mark.parametrize(
    ("fault", "repeats", "state"),
    [
        ("taken_then_prose", "", "held"),
        ("taken_then_500", "", "held"),
        ("slow_before", "", "held"),
        ("refuses_quietly", "", "rejected"),
        ("limited", "", "live"),
        ("slow_before", "repeatable", "live"),
    ],
)
async def test_a_blind_tool_is_called_once_and_what_it_leaves_unclear_is_held(
    ground: Ground, served: Tools, fault: str, repeats: str, state: str
):
    number = await ground.wished()
    served.studio.strike(fault)

    async def opening(taken: Taken) -> ToolPublisher:
        return served.opened(seconds="1", repeats=repeats)

    async def composing(taken: Taken) -> Piece:
        return replace(said(), key=taken.publication.key.hex)

    sender = Sender(Settling(ground.house.store, ground.clock, stands, lambda: None), opening, composing)
    for _ in range(10):
        await Outgoing(OutgoingMeans(sender, "tools", {})).send_due()
        row = await ground.row(number)
        if row.state in ("live", "held", "rejected"):
            break
        ground.clock.move(1800)
    assert row.state == state, row.error
    assert len(served.studio.posts()) == (fault in TAKEN or state == "live")
    steps = await ground.story(number)
    assert steps.count("commits") == (2 if state == "live" else 1)
    if state == "held":
        assert row.evidence[0]["found"] == "unknown"


@pytest.mark.parametrize("platform", ["x", "youtube"])
async def test_an_account_without_a_log_in_of_its_own_is_refused_and_nothing_is_sent(
    tmp_path: Path, started: Tools, platform: Platform, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(NEEDS, "the-log-in-of-the-process")
    started.platform = platform
    for credentials in ("", "{}", '{"REHEARSAL_KEY": ""}', "no JSON", '{"REHEARSAL_KEY": 7}'):
        started.secrets = {"credentials": credentials}
        with pytest.raises(NeedsPerson, match=r"own|JSON"):
            started.opened()
    started.secrets = {"credentials": json.dumps({NEEDS: KEY, "LD_PRELOAD": "/tmp/x.so"})}
    with pytest.raises(NeedsPerson, match="LD_PRELOAD"):
        started.opened()
    async with over_http(tmp_path) as (address, door):
        alone = replace(reached(tmp_path, address), secrets={}, platform=platform)
        with pytest.raises(NeedsPerson, match="no token of its own"):
            alone.opened()
        assert door.tokens == []
        await alone.opened(without_token="yes").look()
        assert set(door.tokens) == {""}
        await replace(alone, secrets={"token": TOKEN}).opened().look()
        assert f"Bearer {TOKEN}" in door.tokens


async def test_a_program_sees_its_own_key_and_nothing_of_ours(
    started: Tools, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("NIGHTDESK_MASTER_KEY", "never-to-be-seen")
    program = replace_program(started, "import os, sys; open(sys.argv[1], 'w').write(repr(dict(os.environ)))")
    with pytest.raises(Later):
        await program.opened().look()
    seen = (started.folder / "seen").read_text()
    assert KEY in seen
    assert "never-to-be-seen" not in seen


def replace_program(started: Tools, code: str) -> Tools:
    changed = started.programs[0].model_copy(update={"args": ("-c", code, str(started.folder / "seen"))})
    return replace(started, programs=(changed,))


async def test_nobody_but_the_operator_names_a_program(started: Tools):
    with pytest.raises(NeedsPerson, match="allows studio"):
        started.opened(program="other")
    with pytest.raises(NeedsPerson, match="allows none"):
        replace(started, programs=()).opened()
    with pytest.raises(NeedsPerson, match="either"):
        started.opened(address="https://tools.example.org/mcp")
    with pytest.raises(ValueError):
        tool_server.Program(name="a", command="b", needs=("path",))
    absent = started.programs[0].model_copy(update={"command": "/nonexistent/program"})
    with pytest.raises(NeedsPerson, match="not installed"):
        await replace(started, programs=(absent,)).opened().look()


async def test_a_private_address_is_not_asked_unless_the_operator_allows_it(served: Tools):
    with pytest.raises(NeedsPerson, match="address"):
        await replace(served, guard=Guard()).opened().look()
    ending = await replace(served, guard=Guard()).out(said())
    assert isinstance(ending, NeedsPerson)
    assert served.studio.posts() == []


@pytest.mark.parametrize(
    ("config", "match"),
    [
        ({"tool": "nothing"}, "has no tool `nothing`; it has post_tweet"),
        ({"arguments": "{}"}, "lacks its arguments"),
        ({"arguments": "no JSON"}, "not JSON"),
        ({"arguments": "[1]"}, "object"),
        ({"arguments": '{"text": "{text}", "mood": "gay"}'}, "knows no mood"),
        ({"arguments": '{"reply_to_tweet_id": "1"}'}, "wants text"),
        ({"preset": "own"}, "name of a tool"),
        ({"repeats": "token"}, "name {key}"),
    ],
)
async def test_a_mapping_that_does_not_fit_is_said_before_anything_is_called(
    served: Tools, config: dict[str, str], match: str
):
    with pytest.raises(NeedsPerson, match=match):
        await served.opened(**config).look()
    assert served.studio.posts() == []


async def test_a_mapping_of_ones_own_is_filled_in_and_its_number_found(served: Tools):
    own = {
        "preset": "own",
        "tool": "post_tweet",
        "arguments": json.dumps({"text": "{title} / {language} / {link} / {nothing}"}),
        "id_after": "status/",
        "url": "https://social.example/{id}",
        "repeats": "repeatable",
    }
    piece = said(options={"link": "https://example.org/{title}"})
    found = await served.out(piece, **own)
    (post,) = served.studio.posts()
    assert found == Live(post.id, f"https://social.example/{post.id}")
    assert (
        json.loads(post.text)["text"] == f"{piece.title} / de / https://example.org/{{title}} / {{nothing}}"
    )
    async with aclosing(served.opened(**own)) as publisher:
        assert publisher.repeats == "repeatable"
        assert isinstance(await publisher.look_up(piece, None, served.lines), Absent)
    async with aclosing(served.opened()) as publisher:
        assert publisher.repeats == "blind"
        assert isinstance(await publisher.look_up(piece, None, served.lines), Unknown)


async def test_an_answer_that_repeats_our_words_is_not_taken_for_a_number(served: Tools):
    served.studio.strike("taken_then_fails")
    piece = said(options={"post": "See https://x.com/a/status/4711 and failed with code 403"})
    ending = await served.out(piece)
    assert isinstance(ending, Unclear), ending


def test_what_a_tool_cannot_carry_is_said_before_the_first_byte(served: Tools):
    publisher = served.opened()
    assert "no file" in publisher.faults(video())[0]
    assert "280" in publisher.faults(said(label="x" * 300))[0]
    served.platform = "youtube"
    assert "takes a video" in served.opened().faults(said())[0]
    assert served.opened().faults(video()) == []
    assert served.opened().faults(video(title="")) != []


async def test_without_the_library_it_is_said_what_to_install(served: Tools, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "mcp", None)
    with pytest.raises(NeedsPerson, match=r"nightdesk\[mcp\]"):
        await served.opened().look()
    assert isinstance(await served.out(said()), NeedsPerson)


def test_names_in_braces_are_filled_in_once():
    facts = {"a": ["x"], "b": "{a}", "c": True}
    wished = {"one": "{a}", "two": "{b} {c} {d} {", "three": [{"four": "{c}"}], "five": 7}
    assert tools.filled(wished, facts) == {
        "one": ["x"],
        "two": "{a} True {d} {",
        "three": [{"four": True}],
        "five": 7,
    }


async def test_an_account_is_connected_by_a_tool_server_and_told_of_to_its_workspace_alone(
    house: House, alice: Tenant, bob: Tenant, served: Tools
):
    asked = {"platform": "x", "name": "By tools", "way": "mcp", "values": {**served.config, **served.secrets}}
    made = (await alice.client.post("/api/v1/accounts", json=asked)).json()
    assert (made["way"], made["status"]) == ("mcp", "expired")
    assert TOKEN not in json.dumps(made)
    (told,) = (await alice.client.get("/api/v1/mcp/connectors")).json()["connectors"]
    assert (told["name"], told["use"], told["ok"]) == ("By tools", "publishing", False)
    assert (await alice.client.get("/api/v1/mcp/status")).json()["status"] == "error"
    assert (await bob.client.get("/api/v1/mcp/connectors")).json() == {"connectors": []}
    own = house.desk.accounts._openings
    reaching = replace(own, ground=replace(own.ground, guard=served.guard))
    (found,) = await connectors(reaching, alice.workspace)
    assert (found.ok, found.says) == (True, "It answers: post_tweet of By tools.")
    account = await Accounts(reaching).verify(alice.workspace, made["id"])
    assert (account.status, account.remote_name) == ("connected", "post_tweet of By tools")


async def test_what_an_account_consists_of_is_told_for_both_ways(alice: Tenant):
    platforms = (await alice.client.get("/api/v1/accounts/platforms")).json()["platforms"]
    told = {one["platform"]: one for one in platforms}
    assert told["x"]["ways"] == told["youtube"]["ways"] == ["rest", "mcp"]
    assert {"preset", "tool", "arguments", "program"} < {one["name"] for one in told["x"]["tool_fields"]}
    assert told["folder"]["tool_fields"] == []
    refused = await alice.client.post(
        "/api/v1/accounts", json={"platform": "folder", "name": "By tools", "way": "mcp"}
    )
    assert refused.status_code == 422
