"""Articles reach a WordPress once, whole, with their pictures, whatever the site does on the way."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.desk.accounts import Accounts, NewAccount, Openings
from nightdesk.desk.people.roles import Operator
from nightdesk.desk.publishing import Composer, Wish, stands
from nightdesk.engine.outgoing import Outgoing, OutgoingMeans, Sender, Settling
from nightdesk.kit.endings import Ending, Later, NeedsPerson
from nightdesk.publisher import Live
from nightdesk.publishers.wordpress.pictures import Kept
from nightdesk.publishers.wordpress.posts import Post, body, lacks
from nightdesk.publishers.wordpress.site import Limits
from nightdesk.rehearsal.faults import TAKEN, UNCONNECTED
from nightdesk.rehearsal.messages import Answer, Request
from nightdesk.rehearsal.serving import serving
from nightdesk.rehearsal.wordpress import PASSWORD, FakeWordPress
from publishing.contract import FAULTS, LOGGED_OUT, REFUSED, ends_rightly, goes_out_once, oddly, trusting
from publishing.one_platform import Ground
from publishing.test_folder import article as approved_article
from publishing.wordpress_pieces import article, short_article
from publishing.wordpress_press import ROLES, Press
from publishing.wordpress_suite import *  # noqa: F403

PASSWORDS = dict.fromkeys(ROLES, PASSWORD)
SHORT = Limits(call=0.4, upload=0.4)


@pytest_asyncio.fixture(loop_scope="session")
async def press() -> AsyncIterator[Press]:
    async with serving(FakeWordPress()) as served:
        yield Press(served, PASSWORDS, Limits())


@pytest_asyncio.fixture(loop_scope="session")
async def faulty(request: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Press]:
    """One that is not waited for long; encrypted where its certificate is what fails."""
    platform = FakeWordPress()
    secure = request.node.callspec.params["fault"] == "bad_certificate"
    async with serving(platform, secure=secure) as served:
        if secure:
            trusting(served, monkeypatch, tmp_path)
        yield Press(served, PASSWORDS, SHORT, platform.revoked.clear)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_commit_under_a_fault_never_says_more_than_is_certain(faulty: Press, fault: str):
    await ends_rightly(faulty.stand(), fault)


@pytest.mark.parametrize("fault", FAULTS)
async def test_it_ends_live_once_whatever_fault_strikes(ground: Ground, faulty: Press, fault: str):
    row = await goes_out_once(ground, faulty.stand(), fault, "commit")
    assert row.state == ("rejected" if fault in REFUSED else "live"), row.error


@pytest.mark.parametrize("fault", ["refused", "busy", "expired", "taken_then_silence"])
async def test_what_strikes_while_it_is_made_ready_only_delays_it(ground: Ground, faulty: Press, fault: str):
    row = await goes_out_once(ground, faulty.stand(), fault, "prepare")
    assert row.state == "live", row.error


async def test_the_desk_connects_a_site_and_an_approved_article_appears_there(
    house: House, alice: Tenant, press: Press
):
    by, values = Operator(alice.workspace), {"address": press.served.address, "user": "author"}
    account = await accounts(house, press).connect(
        by, NewAccount("wordpress", "Press", {**values, "password": PASSWORD})
    )
    assert (account.status, account.remote_name) == ("connected", "Night press (Author)")
    await accounts(house, press).link(by, account.id, alice.site, {"tags": ["Night"]})
    wish = Wish(content_id=await approved_article(house, alice))
    (asked,) = await house.desk.publishing.publish(by, wish)
    await outgoing(house, press).send_due()
    row = (await house.desk.publishing.stories.show(alice.workspace, asked.id)).publication
    assert row.state == "live", row.error
    (post,) = press.served.platform.posts()
    assert (post.account, post.url) == ("author", row.url)
    assert "Compiled offline" in post.text
    assert row.key.hex in post.text
    (picture,) = await press.ask("GET", "media")
    (shown,) = await press.ask("GET", "posts", params={"search": row.key.hex, "context": "edit"})
    assert shown["featured_media"] == picture["id"]
    assert len(shown["tags"]) == 1


def openings(house: House, press: Press) -> Openings:
    """The desk's, reaching the site of the test."""
    own = house.desk.accounts._openings
    return replace(own, ground=replace(own.ground, guard=press.served.guard()))


def accounts(house: House, press: Press) -> Accounts:
    return Accounts(openings(house, press))


def outgoing(house: House, press: Press) -> Outgoing:
    settling = Settling(house.store, house.desk.publishing.clock, stands, lambda: None)
    composer = Composer(house.store, house.files)
    sender = Sender(settling, openings(house, press).of_taken, composer.compose)
    return Outgoing(OutgoingMeans(sender, "test", {}))


@pytest.mark.parametrize("fault", ["taken_unseen", "taken_then_html"])
async def test_a_fault_at_any_request_leaves_one_post_and_one_picture(press: Press, fault: str):
    tries = 0
    while True:
        piece = short_article()
        press.served.platform.requests.clear()
        press.served.platform.faults.strike(fault, skip=tries)
        await press.out(piece)
        if not press.served.platform.faults.struck:
            break
        press.served.platform.faults.struck.clear()
        assert isinstance(await press.out(piece), Live)
        assert len([one for one in press.served.platform.posts() if piece.key in one.text]) == 1
        assert len(await press.pictures(piece)) == 1
        tries += 1
    assert tries >= 11


@pytest.mark.parametrize(
    "odd", [[None], {"id": "x", "namespaces": 1, "capabilities": ["a"], "roles": 7}, "text"]
)
async def test_data_of_another_shape_is_an_ending_and_no_crash(odd: Any):
    platform = oddly(FakeWordPress, odd)
    async with serving(platform) as served:
        press, piece = Press(served, PASSWORDS, Limits()), short_article()
        for at in range(1, 15):
            platform.at = at
            assert isinstance(await press.out(replace(piece, key=f"{at:032x}")), Live | Ending)
    assert len(platform.posts()) <= 14


async def test_a_site_without_readable_addresses_is_spoken_to_as_well(press: Press):
    platform = press.served.platform
    assert isinstance(platform, FakeWordPress)
    platform.readable_addresses = False
    assert isinstance(await press.out(article()), Live)
    assert len(platform.posts()) == 1


async def test_a_password_is_never_sent_to_another_site_than_its_own(press: Press):
    async with serving(FakeWordPress()) as other:
        press.served.platform.address = other.address.replace("127.0.0.1", "localhost")
        async with aclosing(press.opened()) as publisher:
            with pytest.raises(NeedsPerson, match="another site"):
                await publisher.look()
        assert other.platform.requests == []
    assert all("authorization" not in one.headers for one in press.served.platform.requests)


@pytest.mark.parametrize(
    ("onward", "words"),
    [("/blog/", ""), ("http://elsewhere.invalid/", "give that address"), ("/", "on and on")],
)
async def test_a_site_that_leads_on_is_followed_within_itself_alone(onward: str, words: str):
    class Moved(FakeWordPress):
        async def answer(self, request: Request) -> Answer:
            if request.line == "HEAD /":
                return Answer(301, headers={"Location": onward})
            return await super().answer(request)

    async with serving(Moved()) as served:
        ending = await Press(served, PASSWORDS, Limits()).out(short_article())
        assert isinstance(ending, NeedsPerson if words else Live), ending
        assert words in (ending.why if words else "")
        assert all("authorization" not in one.headers for one in served.platform.requests if words)


async def test_what_is_not_made_by_machines_or_vouched_for_carries_no_label(press: Press):
    piece = replace(short_article(), label="", synthetic=False)
    assert isinstance(await press.out(piece), Live)
    (post,) = press.served.platform.posts()
    assert "nightdesk-label" not in post.text


async def test_a_place_that_is_no_wordpress_is_said_so(press: Press):
    async with aclosing(press.opened(address=f"{press.served.address}/elsewhere")) as publisher:
        await publisher.look()
    press.served.platform.faults.strike("forbidden", times=4)
    async with aclosing(press.opened()) as publisher:
        with pytest.raises(NeedsPerson, match="no WordPress"):
            await publisher.look()


@pytest.mark.parametrize("fault", [*UNCONNECTED, "busy", "too_many", "html", "taken_then_silence"])
async def test_a_look_at_a_site_that_is_away_is_for_later(faulty: Press, fault: str):
    faulty.served.platform.faults.strike(fault, skip=2)
    async with aclosing(faulty.opened()) as publisher:
        with pytest.raises(Later):
            await publisher.look()


def test_what_wordpress_takes_no_part_of_is_said_before_the_first_byte(press: Press):
    publisher = press.opened()
    tiff = article()
    tiff.media[0].__dict__["mime"] = "image/tiff"
    assert any("image/tiff" in one for one in publisher.faults(tiff))
    assert publisher.faults(article(kind="video")) != []
    assert len(publisher.faults(article(title=" ", html=""))) == 2
    assert publisher.faults(article()) == []


def test_the_matrix_goes_over_every_fault_that_there_is():
    assert len(FAULTS) >= 14
    assert set(TAKEN) < set(FAULTS)
    assert not set(LOGGED_OUT) & set(REFUSED)


def test_what_wordpress_has_dropped_of_a_draft_is_said_by_its_name():
    piece = article()
    library = {one.asset: Kept(n, f"https://press.test/{n}.png") for n, one in enumerate(piece.media, 7)}
    inside = body(piece, library)
    whole = Post(1, "draft", "", inside, 7, frozenset({2, 3}), frozenset({5}))
    assert lacks(whole, piece, library, [2, 3], [5]) == []
    changed = {
        "its tags": replace(whole, tags=frozenset()),
        "its categories": replace(whole, categories=frozenset({2})),
        "its featured picture": replace(whole, featured=0),
        "1 of its pictures": replace(whole, raw=inside.replace("https://press.test/8.png", "")),
    }
    assert {says: lacks(post, piece, library, [2, 3], [5]) for says, post in changed.items()} == {
        says: [says] for says in changed
    }
