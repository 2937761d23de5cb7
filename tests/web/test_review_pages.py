"""The review pages over HTTP: whose pieces and pictures they show, what they refuse, and what they keep."""

import re
from io import BytesIO
from uuid import uuid4

import pytest
import pytest_asyncio
from PIL import Image as Raster

from api.api_house import Tenant
from api.rows import Chain, add_chain, change, read
from nightdesk.bootstrap import House
from nightdesk.desk.review.differences import differences
from nightdesk.desk.review.evidence import Evidence
from nightdesk.faces.web.piece_history import folded
from nightdesk.faces.web.piece_sources import with_notes
from nightdesk.lines.keeping import keep_assets
from nightdesk.store.tables.writer import Content
from web.conftest import Person

HTMX = {"HX-Request": "true"}


def raster(colour: str = "#3b4fc4") -> bytes:
    out = BytesIO()
    Raster.new("RGB", (640, 360), colour).save(out, "PNG")
    return out.getvalue()


@pytest_asyncio.fixture(loop_scope="session")
async def mine(house: House, owner: Person) -> Tenant:
    """A site of the owner's workspace."""
    site = await house.desk.sites.create(owner.workspace, f"Gate {uuid4().hex[:6]}")
    return Tenant(owner.workspace, site.id, owner.token, owner.client)


@pytest_asyncio.fixture(loop_scope="session")
async def piece(house: House, mine: Tenant) -> Chain:
    return await add_chain(house, mine, name=f"heaters {uuid4().hex[:6]}")


@pytest_asyncio.fixture(loop_scope="session")
async def theirs(house: House) -> tuple[Tenant, Chain]:
    """A piece of another workspace, with a picture that nobody else has."""
    workspace = await house.desk.founding.found("Another desk")
    site = await house.desk.sites.create(workspace, "Theirs")
    tenant = Tenant(workspace, site.id, "", None)  # type: ignore[arg-type]
    chain = await add_chain(house, tenant, name="boilers")
    await house.desk.review.images.replace(workspace, chain.image, raster("#d63939"))
    return tenant, chain


async def test_a_picture_is_sent_so_that_nothing_can_come_of_it(
    house: House, owner: Person, piece: Chain
) -> None:
    image = await house.desk.review.images.replace(owner.workspace, piece.image, raster())
    for path, wide in ((f"/media/{image.asset}", 640), (f"/media/{image.asset}/small", 320)):
        answer = await owner.client.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert "immutable" in answer.headers["cache-control"]
        assert Raster.open(BytesIO(answer.content)).width == wide


async def test_a_file_that_holds_no_whole_picture_is_none_that_a_list_shows(
    house: House, owner: Person, piece: Chain
) -> None:
    for content in (b"\x89PNG\r\n", raster("#123456")[:200]):
        file = await house.files.put(owner.workspace, content, "image/png")
        async with house.store.workspace(owner.workspace) as session:
            await keep_assets(session, owner.workspace, [file])
        assert (await owner.client.get(f"/media/{file.sha256}/small")).status_code == 404


async def test_another_workspaces_pieces_and_pictures_are_not_there(
    house: House, owner: Person, theirs: tuple[Tenant, Chain]
) -> None:
    tenant, chain = theirs
    picture = await house.desk.review.images.get(tenant.workspace, chain.image)
    at = f"/review/{chain.content}"
    paths = [f"/media/{picture.asset}", f"/media/{picture.asset}/small", at]
    paths += [f"{at}/edit", f"{at}/revisions", f"{at}/news", f"{at}/pictures/{chain.image}"]
    for path in paths:
        assert (await owner.client.get(path)).status_code == 404, path
    form = {"decision": "approve", "revision": "2"}
    assert (await owner.client.post(f"{at}/decide", data=form)).status_code == 404
    told = await owner.client.post("/review/decide", data={"decision": "approve", "ids": str(chain.content)})
    assert "There is no such content." in told.text
    content = await read(house, tenant, Content, chain.content)
    assert (content.status, content.revision) == ("review", 2)


@pytest.mark.parametrize("number", ["0", "99999999999999999999999999", str(2**63), "9" * 18])
async def test_a_number_that_no_piece_has_is_a_page_that_says_so(owner: Person, number: str) -> None:
    for path in (f"/review/{number}", f"/review/{number}/edit", f"/review/1/pictures/{number}"):
        answer = await owner.client.get(path)
        assert answer.status_code == 404, path
        assert "There is no such" in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "site=none&order=none&state=none&checks=none",
        "after=x",
        "after=%00",
        "search=%00%27%3B--",
        "search=%ED%A0%80",
        "decided=1,x,,99999999999999999999999,-1",
        "changed=x",
        "old=x&new=0",
    ],
)
async def test_an_address_that_says_nonsense_shows_the_usual_list(owner: Person, query: str) -> None:
    assert (await owner.client.get(f"/review?{query}")).status_code == 200


async def test_a_decision_on_a_revision_that_is_not_the_newest_is_refused(
    house: House, owner: Person, mine: Tenant, piece: Chain
) -> None:
    await change(house, mine, Content, piece.content, revision=5)
    form = {"decision": "approve", "revision": "4"}
    answer = await owner.client.post(f"/review/{piece.content}/decide", data=form, headers=HTMX)
    assert answer.status_code == 409
    assert "Nothing was decided" in answer.text
    assert (await read(house, mine, Content, piece.content)).status == "review"


async def test_a_decision_goes_on_to_the_next_of_the_queue_it_was_taken_in(
    house: House, owner: Person, mine: Tenant
) -> None:
    site = await house.desk.sites.get(owner.workspace, mine.site)
    first, second = [(await add_chain(house, mine, name=f"{n} {uuid4().hex[:6]}")).content for n in "ab"]
    form = {"decision": "approve", "revision": "1"}
    answer = await owner.client.post(f"/review/{first}/decide?site={site.slug}", data=form, headers=HTMX)
    onward = answer.headers["hx-redirect"]
    assert re.fullmatch(rf"/review/{second}\?site={site.slug}&decided=\d+", onward)
    assert "was approved." in (await owner.client.get(onward)).text
    answer = await owner.client.post(f"/review/{second}/decide?site={site.slug}", data=form, headers=HTMX)
    assert answer.headers["hx-redirect"].startswith(f"/review?site={site.slug}&decided=")


async def test_a_preview_shows_what_would_be_kept_and_keeps_nothing(
    house: House, owner: Person, mine: Tenant, piece: Chain
) -> None:
    text = "## A heading\n\n<script>alert(1)</script>" + "Words that are read in the morning. " * 12
    form = {"title": "Another title", "markdown": text, "slug": "x"}
    answer = await owner.client.post(f"/review/{piece.content}/preview", data=form, headers=HTMX)
    assert '<h2 id="h-a-heading">A heading</h2>' in answer.text
    assert "<script" not in answer.text
    assert "HTML was taken out" in answer.text
    assert (await read(house, mine, Content, piece.content)).revision == 1


async def test_an_edit_by_the_second_of_two_answers_with_both_texts(
    house: House, owner: Person, mine: Tenant, piece: Chain
) -> None:
    kept = await read(house, mine, Content, piece.content)
    form = {name: getattr(kept, name) for name in ("title", "meta_title", "meta_description", "slug")}
    first = form | {"markdown": kept.markdown + "\nAdded by the first.\n", "revision": "1"}
    second = form | {"markdown": kept.markdown + "\nAdded by the second.\n", "revision": "1"}
    at = f"/review/{piece.content}/edit"
    assert (await owner.client.post(at, data=first)).status_code == 303
    answer = await owner.client.post(at, data=second)
    assert answer.status_code == 409
    assert "Added by the first" in answer.text
    assert "Added by the second" in answer.text
    assert "Added by the second" not in (await read(house, mine, Content, piece.content)).markdown


async def test_an_edit_that_changes_nothing_makes_no_revision(
    house: House, owner: Person, mine: Tenant, piece: Chain
) -> None:
    kept = await read(house, mine, Content, piece.content)
    names = ("title", "meta_title", "meta_description", "slug", "markdown")
    form = {name: getattr(kept, name).replace("\n", "\r\n") for name in names} | {"revision": "1"}
    answer = await owner.client.post(f"/review/{piece.content}/edit", data=form)
    assert answer.headers["location"] == f"/review/{piece.content}"
    assert (await read(house, mine, Content, piece.content)).revision == 1


def _mark(shown: int, use: int) -> str:
    return f'<sup class="citation" id="cite-{shown}-{use}"><a href="#source-{shown}">[{shown}]</a></sup>'


def _says(shown: int, use: int, says: str, verbatim: bool = False) -> Evidence:
    return Evidence(shown, use, 9, "<b>T</b>", "https://a.example/x", "", "", "S.", says, verbatim)


def test_notes_stand_before_their_paragraphs_and_inside_their_items() -> None:
    html = f"<p>One.{_mark(1, 1)} Two.{_mark(1, 2)}</p>\n<ul><li>Three{_mark(2, 1)}</li></ul><p>Four</p>"
    evidence = [_says(1, 1, "first"), _says(1, 2, "second"), _says(2, 1, "", verbatim=False)]
    made = str(with_notes(html, evidence))
    assert made.startswith('<aside class="source-note" data-for="1-1 1-2"')
    assert made.count("<aside") == 2
    assert '<li><aside class="source-note" data-for="2-1"' in made
    assert "has no sentence like this one" in made
    assert "&lt;b&gt;T" in made
    bare = re.sub(r"<aside.*?</aside>", "", made).replace("\u2060", "")
    assert bare == html


def test_paragraphs_that_stayed_are_folded_but_for_their_neighbours() -> None:
    old = "\n\n".join(f"Paragraph {n}." for n in range(9))
    found = list(folded(differences(old, old.replace("Paragraph 4", "Chapter 4"))))
    assert [(fold, len(group)) for fold, group in found] == [(True, 3), (False, 3), (True, 3)]
    assert list(folded([])) == []
