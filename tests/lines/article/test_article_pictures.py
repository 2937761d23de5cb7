"""Stages 5 to 7: articles get prompts, prompts become files, and what is whole goes to the gate."""

import hashlib
from io import BytesIO

import pytest
from article_press import Press, Scripted
from PIL import Image as Opened
from sqlalchemy import select, update

from nightdesk.kit.endings import Refused
from nightdesk.lines.article.image_prompts import ImagePrompts, Wanted, placed
from nightdesk.lines.article.images import Images
from nightdesk.lines.article.review import Review, illustrated
from nightdesk.lines.branding import brand
from nightdesk.providers.calls import Call
from nightdesk.providers.images.contract import Picture
from nightdesk.providers.text.questions import PicturePrompt, PicturesPrompted
from nightdesk.store.tables.library import Asset
from nightdesk.store.tables.writer import Content, Image


def prompt(kind: str = "in_article", heading: str = "") -> PicturePrompt:
    return PicturePrompt(kind=kind, heading=heading, prompt="A bin in a small yard.", alt=f"Bin {heading}")


async def test_a_draft_gets_a_featured_picture_and_one_under_each_of_two_headings(press: Press):
    content = await press.content("Compost bins")
    run = await press.walk(ImagePrompts)
    images = await press.rows(Image)
    assert [(image.position, image.kind) for image in images] == [
        (0, "featured"), (1, "in_article"), (2, "in_article")
    ]  # fmt: skip
    assert {image.heading for image in images[1:]} == {"Worms in the bin", "Dry leaves on top"}
    assert all(image.state == "pending" and image.alt for image in images)
    (after,) = await press.rows(Content)
    assert (after.id, after.pictures, after.state) == (content.id, 3, "illustrating")
    result = run.results["5"]
    assert (result["content_processed"], result["prompts_created"], result["credits_used"]) == (1, 3, 2)


async def test_a_run_that_wants_no_pictures_asks_for_none_and_pays_nothing(press: Press):
    await press.content("Compost bins")
    press.text = Scripted({})
    run = await press.walk(ImagePrompts, Images, Review, featured_image=False, images_in_article=0)
    assert await press.count(Image) == 0
    assert run.total_credits_used == 0
    assert run.results["7"]["ready_for_review"] == 1


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([prompt("featured"), prompt(heading="B"), prompt(heading="A")], ["", "B", "A"]),
        ([prompt(heading="A"), prompt(heading="B")], ["", "B"]),
        ([prompt("featured"), prompt(heading="Z"), prompt(heading="Y")], ["", "A", "B"]),
        ([prompt("featured"), prompt(heading="a"), prompt(heading="A")], ["", "A", "B"]),
        ([prompt("featured"), prompt("featured"), prompt(heading="A")], ["", "A"]),
        ([prompt("featured"), *(prompt(heading=h) for h in "ABC")], ["", "A", "B"]),
    ],
)
def test_pictures_are_put_right(given: list[PicturePrompt], expected: list[str]):
    found = placed(given, Wanted(), ["A", "B", "C"])
    assert [picture.heading for picture in found] == expected
    assert found[0].kind == "featured"


def test_without_a_featured_picture_only_those_in_the_article_are_left():
    found = placed([prompt("featured"), prompt(heading="A")], Wanted(featured=False, in_article=1), ["A"])
    assert [picture.heading for picture in found] == ["A"]


async def test_pictures_made_by_hand_keep_their_places(press: Press):
    content = await press.content("Compost bins")
    await press.image(content, 0, status="generated", alt="Mine")
    press.text = Scripted({"image_prompts": lambda _: PicturesPrompted(pictures=[prompt("featured")])})
    await press.walk(ImagePrompts)
    assert [(image.position, image.alt) for image in await press.rows(Image)] == [(0, "Mine"), (1, "Bin")]
    assert (await press.rows(Content))[0].pictures == 2


async def test_an_image_becomes_a_file_named_by_its_content(press: Press):
    content = await press.content("Compost bins", pictures=1)
    await press.image(content)
    run = await press.walk(Images)
    (image,) = await press.rows(Image)
    stored = await press.files.get(press.workspace, image.asset)
    assert hashlib.sha256(stored).hexdigest() == image.asset
    assert Opened.open(BytesIO(stored)).size == (image.width, image.height) == (1200, 675)
    assert (image.state, image.label) == ("generated", "cards")
    async with press.store.workspace(press.workspace) as session:
        asset = (await session.scalars(select(Asset))).one()
    assert (asset.sha256, asset.mime, asset.size) == (image.asset, image.mime, len(stored))
    result = run.results["6"]
    assert (result["images_processed"], result["images_generated"], result["credits_used"]) == (1, 1, 1)


class Maker:
    """Stands for an outside image model that gives one picture to all, for 3 credits."""

    label, credits = "openai:gpt-image", 3

    def __init__(self, refuses: str = "") -> None:
        self.refuses = refuses
        self.asked = []

    async def make(self, request, meter):
        self.asked.append(request)
        if self.refuses and self.refuses in request.prompt:
            raise Refused("The prompt breaks the model's rules.")
        meter.record(Call("image", "openai", "gpt-image", 0.1, True, units=1))
        drawn = BytesIO()
        Opened.new("RGB", (64, 36), "green").save(drawn, "PNG")
        return Picture(drawn.getvalue(), "image/png", 64, 36)


async def test_a_dearer_model_is_paid_what_it_takes_and_equal_pictures_are_one_asset(press: Press):
    press.images = Maker()
    content = await press.content("Compost bins", pictures=2)
    for position in range(2):
        await press.image(content, position)
    run = await press.walk(Images, batch_sizes={"6": 2})
    assert (run.total_credits_used, (await press.balances()).held) == (6, 0)
    async with press.store.workspace(press.workspace) as session:
        assert len((await session.scalars(select(Asset))).all()) == 1


async def test_of_a_dearer_model_no_more_pictures_are_made_than_can_be_paid(press: Press):
    press.images = Maker()
    await press.spend(but=4)
    content = await press.content("Compost bins", pictures=2)
    for position in range(2):
        await press.image(content, position)
    run = await press.walk(Images)
    assert len(press.images.asked) == 1
    assert (run.status, run.pause_reason) == ("paused", "insufficient_credits")
    assert "3 credits are needed and 1 are left" in run.error_message
    assert (run.total_credits_used, (await press.balances()).wallet) == (3, 1)


async def test_a_refused_picture_among_several_has_the_rest_held_at_its_price(press: Press):
    press.images = Maker(refuses="forbidden")
    content = await press.content("Compost bins", pictures=4)
    for position in range(4):
        await press.image(content, position, prompt="forbidden" if position == 1 else "A compost bin.")
    run = await press.walk(Images, batch_sizes={"6": 4})
    assert run.results["6"]["failed"] == 1
    assert (run.total_credits_used, (await press.balances()).held) == (9, 0)
    holds = await press.transfers("hold")
    assert sorted(one.amount for one in holds) == [3, 3, 6, 6, 12]


async def test_the_provider_is_told_titles_and_the_sites_colours(press: Press):
    press.images = Maker()
    content = await press.content("Compost bins", pictures=2)
    await press.image(content)
    await press.image(content, 1, kind="in_article", heading="Worms in the bin")
    await press.walk(Images)
    featured, inside = press.images.asked
    assert (featured.title, featured.kicker) == ("Compost bins", "Home composting and garden soil")
    assert (inside.title, inside.kicker) == ("Worms in the bin", "Compost bins")
    assert (featured.brand.primary, featured.brand.text) == ("#2f5d3a", "#1f2a21")
    assert featured.seed != inside.seed


async def test_a_colour_that_is_none_is_left_as_usual(press: Press):
    press.site.brand = {"primary": "red; url(http://x)", "accent": None, "background": "#FFFFFF"}
    found = brand(press.site)
    assert (found.primary, found.background) == ("#1d3557", "#FFFFFF")


async def test_whole_articles_go_to_the_gate_and_others_do_not(press: Press):
    whole = await press.content("Whole", pictures=1)
    await press.image(whole, status="generated")
    waits = await press.content("Waits", pictures=2)
    await press.image(waits, status="generated")
    await press.image(waits, 1)
    bare = await press.content("Wants none", pictures=0)
    await press.content("Not planned yet")
    run = await press.walk(Review)
    assert {content.id for content in await press.rows(Content, Content.state == "review")} == {
        whole.id,
        bare.id,
    }
    assert run.results["7"]["ready_for_review"] == 2
    again = await press.walk(Review)
    assert again.results["7"]["ready_for_review"] == 2


async def test_a_picture_that_was_given_up_does_not_hold_its_article_back(press: Press):
    press.images = Maker(refuses="war")
    content = await press.content("Compost bins", pictures=2)
    await press.image(content)
    await press.image(content, 1, prompt="A bin at war.", kind="in_article", heading="Dry leaves on top")
    run = await press.walk(Images, Review)
    assert (await press.rows(Content))[0].state == "review"
    assert run.results["6"]["failed"] == 1
    (parked,) = await press.rows(Image, Image.state == "failed")
    assert parked.error == "The prompt breaks the model's rules."


async def test_what_a_person_decided_is_not_moved_back(press: Press):
    content = await press.content("Approved", pictures=0, status="approved")
    await press.walk(Review)
    async with press.store.workspace(press.workspace) as session:
        await session.execute(update(Content).values(revision=2))
    await press.walk(Review)
    assert [(c.id, c.status) for c in await press.rows(Content)] == [(content.id, "approved")]


async def test_pictures_are_put_into_the_page_when_it_is_read_as_often_as_it_is_read(press: Press):
    content = await press.content("Compost bins", pictures=3)
    await press.image(content, asset="a" * 64, width=12, height=6)
    await press.image(
        content, 1, kind="in_article", heading="Dry leaves on top", asset="b" * 64, caption="Look."
    )
    await press.image(content, 2, kind="in_article", heading="Worms in the bin")
    images = await press.rows(Image)
    once = illustrated(content.html, images, lambda sha: f"/media/{sha}")
    assert once.startswith('<figure class="featured"><img src="/media/aaaa')
    assert once.index("<p>More.</p>") < once.index("/media/bbbb")
    assert once.count("<figure") == 2
    assert illustrated(once, images, lambda sha: f"/media/{sha}") == once
