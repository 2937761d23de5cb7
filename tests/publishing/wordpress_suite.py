"""What a publisher has to do on a WordPress: the same for the fake one and for a real one (`press`)."""

import html
from contextlib import aclosing
from dataclasses import replace

import pytest

from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.publisher import Absent, Live, Unknown
from publishing.contract import Lines
from publishing.wordpress_pieces import LABEL, TAGS, TITLE, article
from publishing.wordpress_press import PUBLISHING, ROLES, Press


@pytest.mark.parametrize("role", ROLES)
async def test_an_article_with_pictures_goes_out_once_for_every_role_that_may(press: Press, role: str):
    piece = article()
    for _ in range(3):
        ending = await press.out(piece, role, **({} if role != "author" else {"category": "Uncategorized"}))
    there, pictures = await press.there(piece), await press.pictures(piece)
    if role in PUBLISHING:
        assert isinstance(ending, Live), ending
        assert [one["status"] for one in there] == ["publish"]
        assert len(pictures) == 2
    else:
        assert isinstance(ending, NeedsPerson), ending
        assert "Give the user the role Author" in ending.why
        assert (there, pictures) == ([], [])
    print(f"{role}: {len(there)} post, {len(pictures)} pictures after 3 tries; {_in_a_word(ending)}")


async def test_everything_of_it_is_there_letter_by_letter(press: Press):
    piece = article()
    live = await press.out(piece)
    (post,) = await press.there(piece)
    featured, inside = piece.media
    files = {one["slug"].rpartition("-")[2]: one for one in await press.pictures(piece)}
    raw = post["content"]["raw"]
    assert live == Live(str(post["id"]), post["link"])
    assert html.unescape(post["title"]["raw"]) == TITLE
    assert "&lt;Kälte&gt;" in post["title"]["raw"], "it would be taken for a tag"
    assert html.unescape(post["excerpt"]["raw"]) == piece.text
    assert post["slug"].startswith("waerme-und-kaelte")
    assert html.escape(LABEL) in raw
    assert "<p>Heat rises &amp; falls.\nA second line.</p>" in raw
    assert files[inside.asset[:8]]["source_url"] in raw
    assert post["featured_media"] == files[featured.asset[:8]]["id"]
    assert files[featured.asset[:8]]["source_url"] not in raw, "themes show the featured one themselves"
    assert {one["alt_text"] for one in files.values()} == {featured.alt, inside.alt}
    assert "asset:" not in raw


async def test_categories_and_tags_are_found_by_name_and_added_once(press: Press):
    pieces = [article(options={"categories": ["Wärme & Strom", "Uncategorized"]}) for _ in range(2)]
    for piece in pieces:
        assert isinstance(await press.out(piece), Live)
    categories = {one["id"]: html.unescape(one["name"]) for one in await press.ask("GET", "categories")}
    tags = {one["id"]: html.unescape(one["name"]) for one in await press.ask("GET", "tags")}
    for piece in pieces:
        (post,) = await press.there(piece)
        assert {categories[one] for one in post["categories"]} == {"Wärme & Strom", "Uncategorized"}
        assert {tags[one] for one in post["tags"]} == set(TAGS)
    assert sorted(tags.values()) == sorted(set(tags.values()))


async def test_a_category_that_is_not_there_is_never_passed_over_in_silence(press: Press):
    unknown = article(options={"category": 4711})
    ending = await press.out(unknown)
    assert isinstance(ending, Refused)
    assert "4711" in ending.why
    lacking = await press.out(article(options={"category": "Nobody's own"}), "author")
    assert isinstance(lacking, Refused)
    assert "Nobody's own" in lacking.why


async def test_what_was_made_and_not_kept_is_taken_over_by_our_mark(press: Press):
    piece = article()
    first = await press.made_ready(piece)
    second = await press.made_ready(piece)
    assert first == second
    assert [one["status"] for one in await press.there(piece)] == ["draft"]
    assert len(await press.pictures(piece)) == 2
    async with aclosing(press.opened()) as publisher:
        found = await publisher.look_up(piece, None, Lines())
        assert isinstance(found, Absent)
        assert "draft" in found.says
        live = await publisher.commit(piece, second, Lines())
        assert await publisher.look_up(piece, None, Lines()) == live
        assert await publisher.look_up(piece, second, Lines()) == live


async def test_what_is_out_is_not_written_over_nor_taken_back(press: Press):
    piece = article()
    token = await press.made_ready(piece)
    await press.committed(piece, token)
    assert await press.made_ready(replace(piece, title="Another"), token) == token
    await press.committed(piece, token)
    (post,) = await press.there(piece)
    assert (post["status"], html.unescape(post["title"]["raw"])) == ("publish", TITLE)


async def test_a_draft_in_the_trash_stays_there_and_one_deleted_for_good_is_made_anew(press: Press):
    piece = article()
    token = await press.made_ready(piece)
    assert token is not None
    await press.ask("DELETE", f"posts/{token['post']}")
    for kept in (token, None):
        ending = await press.out(piece, token=kept)
        assert isinstance(ending, Refused)
        assert "trash" in ending.why
    await press.ask("DELETE", f"posts/{token['post']}", params={"force": "true"})
    with pytest.raises(Later, match="made anew"):
        await press.committed(piece, token)
    assert isinstance(await press.out(piece, token=token), Live)
    assert len(await press.there(piece)) == 1


@pytest.mark.parametrize(("status", "role"), [("draft", "editor"), ("pending", "editor")])
async def test_an_account_may_leave_drafts_which_a_person_publishes(press: Press, status: str, role: str):
    piece = article()
    assert isinstance(await press.out(piece, role, status=status), Live)
    (post,) = await press.there(piece)
    assert post["status"] == status
    await press.ask("POST", f"posts/{post['id']}", json={"status": "publish"})
    assert isinstance(await press.out(piece, role, {"post": post["id"]}, status=status), Live)
    (post,) = await press.there(piece)
    assert post["status"] == "publish", "what a person has published was taken back"


async def test_a_contributor_may_leave_drafts_without_pictures(press: Press):
    plain = article(media=(), html="<p>Heat.</p>")
    ending = await press.out(plain, "contributor", status="pending", category="Uncategorized")
    assert isinstance(ending, Live), ending
    assert [one["status"] for one in await press.there(plain)] == ["pending"]


async def test_a_look_says_who_we_are_and_what_is_missing(press: Press):
    for role in ("editor", "columnist"):
        async with aclosing(press.opened(role)) as publisher:
            standing = await publisher.look()
        assert standing.name.lower() == f"night press ({role})"
        assert any("may not upload" in one for one in standing.warnings) == (role == "columnist")
    for role, words in (("contributor", "leave drafts"), ("subscriber", "role: subscriber")):
        async with aclosing(press.opened(role)) as publisher:
            with pytest.raises(NeedsPerson, match=words):
                await publisher.look()


async def test_a_wrong_password_and_a_foreign_user_ask_for_a_person(press: Press):
    for user, password in (("editor", "wrong password of mine"), ("nobody", "abcd EFGH ijkl MNOP")):
        async with aclosing(press.opened(user, password=password)) as publisher:
            with pytest.raises(NeedsPerson, match="application password"):
                await publisher.look()
            found = await publisher.look_up(article(), None, Lines())
            assert isinstance(found, Unknown)


async def test_a_picture_that_the_site_does_not_take_is_refused_with_its_words(press: Press):
    async def read(start: int = 0, end: int | None = None):
        yield b"no picture"

    piece = article()
    broken = replace(piece.media[1], size=10, read=read)
    ending = await press.out(replace(piece, media=(piece.media[0], broken)))
    assert isinstance(ending, Refused)
    assert "picture-2" in ending.why
    assert "rest_upload" in ending.why
    assert await press.there(piece) == []


async def test_the_password_stands_in_no_line_of_the_story(press: Press):
    piece = article()
    await press.out(piece)
    await press.out(piece, password="wrong password of mine")
    told = str(press.lines.said) + str(press.lines.tokens)
    assert press.passwords["editor"] not in told
    assert press.passwords["editor"].replace(" ", "") not in told
    assert "wrong password of mine" not in told
    assert len(press.lines.said) > 20


def _in_a_word(ending: object) -> str:
    return "live" if isinstance(ending, Live) else type(ending).__name__
