"""Videos reach a TikTok account once, flagged where machines made them, whatever TikTok does on the way."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from nightdesk.kit.clock import Clock, SystemClock
from nightdesk.publisher import Live, Login, Piece, Publisher, Token
from nightdesk.publishers import tiktok
from nightdesk.publishers.tiktok.service import Limits
from nightdesk.rehearsal.logins import CLIENT
from nightdesk.rehearsal.serving import Served, serving
from nightdesk.rehearsal.tiktok import ACCOUNT, FakeTikTok
from publishing.contract import FAULTS, Lines, Stand, ends_rightly, goes_out_once, trusting
from publishing.one_platform import Ground
from publishing.short_videos import TEXT, Kept, published, settled, video

AT = "PUT /video/"
SHORT = Limits(call=0.4, upload=0.4, pause=0.01, processing=20.0, chunk=1000)
PATIENT = Limits(pause=0.01, processing=20.0, chunk=1000)


@dataclass
class Account:
    """An account at a fake TikTok, which takes files in parts of 1,000 bytes."""

    served: Served
    platform: FakeTikTok
    limits: Limits = PATIENT
    clock: Clock = field(default_factory=SystemClock)
    config: dict[str, str] = field(default_factory=lambda: {"mode": "direct"})
    lines: Lines = field(default_factory=Lines)
    kept: Kept = field(init=False)

    def __post_init__(self) -> None:
        self.platform.smallest = 1000
        logins = self.platform.logins
        # At hand from the start: a renewal whose answer is lost costs the log-in itself (test_renewing).
        self.kept = Kept({**logins.connected(ACCOUNT), "access_token": logins.granted(ACCOUNT)})

    def opened(self) -> Publisher:
        config = {"client_id": CLIENT, "api": self.platform.address, **self.config}
        login = Login(1, "clips", config, self.kept.secrets, self.kept.renew)
        return tiktok.opened(login, self.served.guard(), self.clock, self.limits)

    def stand(self) -> Stand:
        return Stand(self.served, self.opened, video(), at=AT)

    async def out(self, piece: Piece, token: Token | None = None) -> Any:
        return await published(self.opened, piece, token, self.lines)


@pytest_asyncio.fixture(loop_scope="session")
async def account() -> AsyncIterator[Account]:
    platform = FakeTikTok()
    async with serving(platform) as served:
        yield Account(served, platform)


@pytest_asyncio.fixture(loop_scope="session")
async def faulty(request: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Account]:
    """One that is not waited for long; encrypted where its certificate is what fails."""
    platform = FakeTikTok()
    secure = request.node.callspec.params["fault"] == "bad_certificate"
    async with serving(platform, secure=secure) as served:
        if secure:
            trusting(served, monkeypatch, tmp_path)
        yield Account(served, platform, SHORT)


@pytest.mark.parametrize("fault", FAULTS)
async def test_publishing_under_a_fault_never_says_more_than_is_certain(faulty: Account, fault: str):
    await ends_rightly(faulty.stand(), fault)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_video_ends_live_once_whatever_fault_strikes(ground: Ground, faulty: Account, fault: str):
    row = await goes_out_once(ground, faulty.stand(), fault, "commit")
    assert row.state == ("rejected" if fault == "forbidden" else "live"), row.error


@pytest.mark.parametrize("fault", ["expired", "taken_then_silence"])
async def test_what_strikes_before_it_is_ready_only_delays_it(ground: Ground, faulty: Account, fault: str):
    faulty.config["mode"] = "draft"
    row = await goes_out_once(ground, faulty.stand(), fault, "prepare")
    assert row.state == "live", row.error


@pytest.mark.parametrize("synthetic", [True, False])
async def test_what_machines_made_is_flagged_and_nothing_else_is(account: Account, synthetic: bool):
    piece = video(synthetic=synthetic, label="Made with AI." if synthetic else "")
    found = await account.out(piece)
    assert isinstance(found, Live), found
    (upload,) = account.platform.done
    assert upload.post is not None
    assert upload.post["is_aigc"] is synthetic
    assert upload.post["title"] == f"{TEXT} #Heating #Wärmepumpe #暖房"
    assert upload.post["disable_duet"] is True
    assert upload.post["disable_comment"] is False
    assert found == Live(upload.number, f"https://www.tiktok.com/@{ACCOUNT}/video/{upload.number}")
    assert bytes(upload.body) == b"".join([part async for part in piece.media[0].read(0, None)])
    assert account.lines.tokens[0]["publish"] == upload.id


async def test_a_draft_comes_into_the_inbox_and_its_person_is_told_of_text_and_label(account: Account):
    account.config["mode"] = "draft"
    found = await account.out(video())
    (upload,) = account.platform.done
    assert found == Live(upload.id, "")
    assert upload.post is None
    assert "AI-generated content" in account.lines.said[-1][1]


async def test_an_answer_lost_at_any_request_leaves_one_video(account: Account):
    faults, tries, fault = account.platform.faults, 0, "taken_unseen"
    while True:
        piece = video(text=f"Number {tries}")
        account.lines.tokens.clear()
        faults.strike(fault, skip=tries)
        found = await account.out(piece)
        if not faults.struck:
            break
        faults.struck.clear()
        if not isinstance(found, Live):
            found = await settled(account.opened, piece, account.lines)
        assert isinstance(found, Live), found
        assert len([one for one in account.platform.posts() if one.text.startswith(piece.text)]) == 1
        tries += 1
    assert tries >= 6
