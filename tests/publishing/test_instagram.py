"""Reels reach an Instagram account once, flagged where machines made them, whatever Meta does on the way."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from nightdesk.kit.clock import Clock, SystemClock
from nightdesk.publisher import Live, Login, Piece, Publisher, Token
from nightdesk.publishers import instagram
from nightdesk.publishers.instagram.graph import Limits
from nightdesk.rehearsal.instagram import USER, FakeInstagram
from nightdesk.rehearsal.serving import Served, serving
from publishing.contract import FAULTS, Lines, Stand, ends_rightly, goes_out_once, trusting
from publishing.one_platform import Ground
from publishing.short_videos import TEXT, Kept, published, settled, video

AT = r"POST /v25.0/\d+/media_publish"
SHORT = Limits(call=0.4, upload=0.4, pause=0.01, processing=20.0)
PATIENT = Limits(pause=0.01, processing=20.0)


@dataclass
class Account:
    """An account at a fake Instagram."""

    served: Served
    platform: FakeInstagram
    limits: Limits = PATIENT
    clock: Clock = field(default_factory=SystemClock)
    config: dict[str, str] = field(default_factory=dict)
    lines: Lines = field(default_factory=Lines)
    kept: Kept = field(default_factory=lambda: Kept({}))

    def opened(self) -> Publisher:
        config = {"user": USER, "api": self.platform.api, **self.config}
        secrets = {"access_token": self.platform.token, **self.kept.secrets}
        login = Login(1, "reels", config, secrets, self.kept.renew)
        return instagram.opened(login, self.served.guard(), self.clock, self.limits)

    def stand(self) -> Stand:
        return Stand(self.served, self.opened, video(), self.platform.again, AT)

    async def out(self, piece: Piece, token: Token | None = None) -> Any:
        return await published(self.opened, piece, token, self.lines)


@pytest_asyncio.fixture(loop_scope="session")
async def account() -> AsyncIterator[Account]:
    platform = FakeInstagram()
    async with serving(platform) as served:
        yield Account(served, platform)


@pytest_asyncio.fixture(loop_scope="session")
async def faulty(request: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Account]:
    """One that is not waited for long; encrypted where its certificate is what fails."""
    platform = FakeInstagram()
    secure = request.node.callspec.params["fault"] == "bad_certificate"
    async with serving(platform, secure=secure) as served:
        if secure:
            trusting(served, monkeypatch, tmp_path)
        yield Account(served, platform, SHORT)


@pytest.mark.parametrize("fault", FAULTS)
async def test_publishing_under_a_fault_never_says_more_than_is_certain(faulty: Account, fault: str):
    await ends_rightly(faulty.stand(), fault)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_reel_ends_live_once_whatever_fault_strikes(ground: Ground, faulty: Account, fault: str):
    row = await goes_out_once(ground, faulty.stand(), fault, "commit")
    assert row.state == ("rejected" if fault == "forbidden" else "live"), row.error


@pytest.mark.parametrize("fault", ["expired", "taken_then_silence"])
async def test_what_strikes_while_it_is_made_ready_only_delays_it(
    ground: Ground, faulty: Account, fault: str
):
    row = await goes_out_once(ground, faulty.stand(), fault, "prepare")
    assert row.state == "live", row.error


@pytest.mark.parametrize("synthetic", [True, False])
async def test_what_machines_made_is_flagged_and_nothing_else_is(account: Account, synthetic: bool):
    piece = video(synthetic=synthetic, label="Made with AI." if synthetic else "")
    found = await account.out(piece)
    assert isinstance(found, Live)
    (reel,) = account.platform.reels
    assert (reel.container.facts.get("is_ai_generated") == "true") is synthetic
    assert reel.container.facts["caption"] == f"{TEXT} #Heating #Wärmepumpe #暖房"
    assert (found.remote_id, found.url) == (reel.id, f"https://www.instagram.com/reel/{reel.id}/")
    assert reel.body == b"".join([part async for part in piece.media[0].read(0, None)])
    assert account.lines.tokens[0]["container"] == reel.container.id


async def test_an_answer_lost_at_any_request_leaves_one_reel(account: Account):
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
