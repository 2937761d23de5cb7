"""T26: what models made is flagged at each platform, as the desk composes it, and its files say so too."""

import hashlib
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from api.rows import add_chain, change
from desk.video_rows import film
from media.film import clip, plainly
from nightdesk.desk.publishing import Composer, Wish, stands
from nightdesk.engine.outgoing import Outgoing, OutgoingMeans, Sender, Settling, Taken
from nightdesk.lines.keeping import keep_assets
from nightdesk.media.provenance.labels import made_with_ai
from nightdesk.media.provenance.marking import mark, marked, marks_of
from nightdesk.media.provenance.origins import Origin, made_by, origin
from nightdesk.publisher import Login, Publisher
from nightdesk.publishers import folder, tool_server
from nightdesk.publishers.wordpress.site import Limits
from nightdesk.rehearsal.instagram import FakeInstagram
from nightdesk.rehearsal.serving import serving
from nightdesk.rehearsal.tiktok import FakeTikTok
from nightdesk.rehearsal.tool_servers import FOLDER, NEEDS
from nightdesk.rehearsal.wordpress import FakeWordPress
from nightdesk.rehearsal.x import FakeX
from nightdesk.rehearsal.youtube import FakeYouTube
from nightdesk.store.tables.publishing import Publication
from nightdesk.store.tables.writer import Content, Image
from publishing import test_tool_servers, test_x
from publishing.contract import picture
from publishing.one_platform import Ground
from publishing.test_wordpress import PASSWORDS
from publishing.video_accounts import OnInstagram, OnTikTok
from publishing.wordpress_press import Press
from publishing.youtube_channel import Channel

BY_MODELS = origin([made_by("script", "openai:gpt-5"), made_by("voice", "elevenlabs:x")])
BY_RULES = origin([made_by("script", "offline"), made_by("pictures", "cards")])
LABEL = made_with_ai("en")
REVIEWED = "Written with a model, reviewed by a person."


@dataclass(frozen=True)
class Seen:
    """A post as anybody sees it. `flag` is the platform's own, None where it has none; `file` what was sent,
    or its SHA-256 where the platform keeps nothing else."""

    flag: bool | None
    words: str
    file: bytes | str = b""

    @property
    def said(self) -> bool:
        """Whether people are told that a model made it."""
        return bool(self.flag) or LABEL in self.words


@dataclass(frozen=True)
class Connector:
    """One way to one platform."""

    opened: Callable[[], Publisher]
    seen: Callable[[], list[Seen]]


async def _folder(stack: AsyncExitStack, place: Path) -> Connector:
    async def renew(*_: object) -> dict[str, str]:
        raise AssertionError("a folder has no log-in")

    def seen() -> list[Seen]:
        found = []
        for one in (place / "published" / "7" / "shelf").iterdir():
            if (one / "piece.json").exists():
                facts = json.loads((one / "piece.json").read_text())
                body = next(one / name for name in ("video.mp4", "picture-1.png") if (one / name).exists())
                found.append(
                    Seen(facts["synthetic"], json.dumps(facts, ensure_ascii=False), body.read_bytes())
                )
        return found

    return Connector(lambda: folder.opened(Login(7, "shelf", {"folder": "shelf"}, {}, renew), place), seen)


async def _wordpress(stack: AsyncExitStack, place: Path) -> Connector:
    platform = FakeWordPress()
    press = Press(await stack.enter_async_context(serving(platform)), PASSWORDS, Limits())

    def seen() -> list[Seen]:
        bodies = [
            one.body for one in platform.requests if one.method == "POST" and one.path.endswith("/media")
        ]
        return [Seen(None, post.text, body) for post, body in zip(platform.posts(), bodies, strict=True)]

    return Connector(press.opened, seen)


async def _youtube(stack: AsyncExitStack, place: Path) -> Connector:
    channel = Channel(await stack.enter_async_context(serving(FakeYouTube())))

    def seen() -> list[Seen]:
        return [
            Seen(one.facts["status"]["containsSyntheticMedia"], one.facts["snippet"]["description"], one.body)
            for one in channel.videos
        ]

    return Connector(channel.opened, seen)


async def _instagram(stack: AsyncExitStack, place: Path) -> Connector:
    platform = FakeInstagram()
    account = OnInstagram(await stack.enter_async_context(serving(platform)))

    def seen() -> list[Seen]:
        facts = [(one.container.facts, one.body) for one in platform.reels]
        return [Seen(one.get("is_ai_generated") == "true", one["caption"], body) for one, body in facts]

    return Connector(account.opened, seen)


async def _tiktok(stack: AsyncExitStack, place: Path) -> Connector:
    platform = FakeTikTok()
    account = OnTikTok(await stack.enter_async_context(serving(platform)))

    def seen() -> list[Seen]:
        posts = [(dict(one.post or {}), bytes(one.body)) for one in platform.done]
        return [Seen(post["is_aigc"], str(post["title"]), body) for post, body in posts]

    return Connector(account.opened, seen)


async def _x(stack: AsyncExitStack, place: Path) -> Connector:
    platform = FakeX()
    account = test_x.Account(await stack.enter_async_context(serving(platform)), platform)
    account.again()

    def seen() -> list[Seen]:
        files = [put.body for put in platform.files.values()]
        return [
            Seen(one.asked.get("made_with_ai", False), one.text, files[at] if at < len(files) else b"")
            for at, one in enumerate(platform.tweets)
        ]

    return Connector(account.opened, seen)


def _by_tools(preset: str) -> Callable[[AsyncExitStack, Path], Any]:
    async def connector(stack: AsyncExitStack, place: Path) -> Connector:
        if preset in ("yutu", "upload_video"):
            tools = started(place)
            tools.platform = "youtube"
        else:
            address, _ = await stack.enter_async_context(test_tool_servers.over_http(place))
            tools = test_tool_servers.reached(place, address)

        def seen() -> list[Seen]:
            told = [json.loads(one.text) for one in tools.studio.posts()]
            flag = {"yutu": "contains_synthetic_media", "xmcp": "made_with_ai"}.get(preset)
            return [
                Seen(
                    bool(one[flag]) if flag else None,
                    f"{one.get('description', '')}{one.get('text', '')}",
                    one.get("sha256", b""),
                )
                for one in told
            ]

        return Connector(lambda: tools.opened(preset=preset), seen)

    return connector


def started(place: Path) -> test_tool_servers.Tools:
    """A program that is started for each call."""
    program = tool_server.Program(
        name="studio",
        command=sys.executable,
        args=("-m", "nightdesk.rehearsal.tool_servers"),
        needs=(NEEDS,),
        env={FOLDER: str(place), "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    secrets = {"credentials": json.dumps({NEEDS: "a-key"})}
    return test_tool_servers.Tools(place, config={"program": "studio"}, secrets=secrets, programs=(program,))


VIDEOS = {
    "folder": _folder,
    "youtube": _youtube,
    "instagram": _instagram,
    "tiktok": _tiktok,
    "x": _x,
    "youtube by yutu": _by_tools("yutu"),
    "youtube by upload_video": _by_tools("upload_video"),
}
ARTICLES = {
    "folder": _folder,
    "wordpress": _wordpress,
    "x": _x,
    "x by twitter-mcp": _by_tools("twitter-mcp"),
    "x by xmcp": _by_tools("xmcp"),
}
"""Each way by which pieces of that kind go out."""


@asynccontextmanager
async def connected(make: Any, place: Path) -> AsyncIterator[Connector]:
    async with AsyncExitStack() as stack:
        yield await make(stack, place)


async def out(ground: Ground, connector: Connector, **wish: Any) -> Publication:
    """What becomes of a piece, composed by the desk and sent by the engine."""
    (asked,) = await ground.house.desk.publishing.publish(ground.by, Wish(accounts=[ground.account], **wish))

    async def opening(taken: Taken) -> Publisher:
        return connector.opened()

    composer = Composer(ground.house.store, ground.house.files)
    settling = Settling(ground.house.store, ground.clock, stands, lambda: None)
    sender = Sender(settling, opening, composer.compose)
    row = await ground.row(asked.id)
    for _ in range(6):
        await Outgoing(OutgoingMeans(sender, "flags", {})).send_due()
        row = await ground.row(asked.id)
        if row.state in ("live", "rejected", "held"):
            break
        ground.clock.move(60)
    return row


async def video(ground: Ground, marks: Any, body: bytes | None = None, **facts: Any) -> int:
    more = {"status": "approved", "reviewed_at": ground.clock.now(), "marks": marks, "platforms": [], **facts}
    if body is not None:
        put = await ground.house.files.put(ground.tenant.workspace, body, "video/mp4")
        async with ground.house.store.workspace(ground.tenant.workspace) as session:
            await keep_assets(session, ground.tenant.workspace, [put])
        more["file"] = put.sha256
    return (await film(ground.house, ground.tenant, **more)).id


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def shots(tmp_path_factory: Any) -> dict[bool, bytes]:
    """A small video that says by whom it was made: by models, and by rules."""
    place, made = tmp_path_factory.mktemp("shots"), {}
    plain = clip(place / "plain.mp4", 1, "64x114", "-movflags", "+faststart", "-t", "0.4")
    for found in (BY_MODELS, BY_RULES):
        mark(plain, found, place / "marked.mp4")
        made[found.synthetic] = (place / "marked.mp4").read_bytes()
    return made


MADE = {
    "by models": (True, {}, True),
    "by rules": (False, {}, False),
    "by rules, flagged by a person": (False, {"synthetic": True}, True),
    "by models, unflagged by a person": (True, {"synthetic": False}, True),
}
"""How a video was made, what somebody said of it, and whether it goes out flagged."""

CELLS: list[tuple[str, str, str]] = []
OFTEN = {"youtube by yutu", "youtube by upload_video"}
"""Programs that are started anew for each call, which takes a second of processor each."""


@pytest.mark.parametrize(
    ("name", "made"),
    [
        pytest.param(
            name,
            made,
            marks=[pytest.mark.prove] if name in OFTEN and made != "by rules, flagged by a person" else [],
        )
        for name in VIDEOS
        for made in MADE
    ],
)
async def test_a_video_is_flagged_where_models_made_it_and_its_file_says_so(
    ground: Ground, tmp_path: Path, shots: dict[bool, bytes], name: str, made: str
) -> None:
    synthetic, options, flagged = MADE[made]
    facts = {"label": LABEL if synthetic else "", "marks": {"synthetic": synthetic, "watermark": False}}
    number = await video(ground, facts["marks"], shots[synthetic], label=facts["label"])
    async with connected(VIDEOS[name], tmp_path) as connector:
        row = await out(ground, connector, video_id=number, options=options)
        assert row.state == "live", row.error
        (seen,) = connector.seen()
    assert seen.flag in (flagged, None)
    assert seen.said is flagged
    CELLS.append(("video", name, made))
    if isinstance(seen.file, str):
        assert seen.file == hashlib.sha256(shots[synthetic]).hexdigest()
        return
    (tmp_path / "sent.mp4").write_bytes(seen.file)
    found = marks_of(tmp_path / "sent.mp4")
    assert found is not None
    assert found.kind == (BY_MODELS if synthetic else BY_RULES).source_type
    assert plainly("-i", str(tmp_path / "sent.mp4"), "-f", "framemd5", "-").count(b"\n0,") == 10


WRITTEN = {
    "reviewed": ("", False, True),
    "labelled": (REVIEWED, False, True),
    "labelled, unflagged by a person": (REVIEWED, True, True),
}
"""An article's label, whether somebody said that it is no model's, and whether it goes out flagged."""


@pytest.mark.parametrize("made", WRITTEN)
@pytest.mark.parametrize("name", ARTICLES)
async def test_an_article_carries_its_label_and_the_platforms_flag(
    ground: Ground, tmp_path: Path, name: str, made: str
) -> None:
    label, unflagged, flagged = WRITTEN[made]
    number = await article(ground, label, BY_MODELS)
    async with connected(ARTICLES[name], tmp_path) as connector:
        options = {"synthetic": False} if unflagged else {}
        row = await out(ground, connector, content_id=number, options=options)
        assert row.state == "live", row.error
        (seen,) = connector.seen()
    assert seen.flag in (flagged, None)
    # A platform that flags what it shows need not be told in words too.
    assert seen.flag or not label or label in seen.words
    CELLS.append(("article", name, made))
    if seen.file:
        assert isinstance(seen.file, bytes)
        (tmp_path / "sent.png").write_bytes(seen.file)
        found = marks_of(tmp_path / "sent.png")
        assert found is not None
        assert found.kind == BY_MODELS.source_type


async def article(ground: Ground, label: str, made: Origin) -> int:
    """One that is approved, with a picture that says where it comes from."""
    house, tenant = ground.house, ground.tenant
    chain = await add_chain(house, tenant, name=f"warm {label} {os.urandom(4).hex()}"[:80])
    png = await house.files.put(tenant.workspace, marked(picture("red"), made), "image/png")
    async with house.store.workspace(tenant.workspace) as session:
        await keep_assets(session, tenant.workspace, [png])
    facts = {"html": "<p>Heat rises.</p>", "status": "approved", "label": label, "title": "Warm walls"}
    await change(house, tenant, Content, chain.content, **facts, meta_description="On walls.", summary="")
    featured = {"asset": png.sha256, "mime": "image/png", "status": "generated", "kind": "featured"}
    await change(house, tenant, Image, chain.image, **featured)
    return chain.content


@pytest.mark.prove
def test_every_way_out_was_tried_in_every_way_of_being_made() -> None:
    """Counts what the tests above went through: it is run with them."""
    wanted = len(VIDEOS) * len(MADE) + len(ARTICLES) * len(WRITTEN)
    print(
        f"T26: {len(set(CELLS))} cells: {len(VIDEOS)} ways out for videos x {len(MADE)}, {len(ARTICLES)} for"
        f" articles x {len(WRITTEN)}; all that models made is flagged or labelled, and its files say so"
    )
    assert len(set(CELLS)) == wanted


async def test_a_video_with_a_logo_over_it_is_not_sent_to_tiktok(ground: Ground, tmp_path: Path) -> None:
    async with connected(_tiktok, tmp_path) as connector:
        number = await video(ground, {"synthetic": True, "watermark": True})
        row = await out(ground, connector, video_id=number)
        assert row.state == "rejected"
        assert "without the logo" in row.error
        assert connector.seen() == []
