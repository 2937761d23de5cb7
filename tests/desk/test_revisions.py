"""What the gate keeps: revisions, who decided what on which of them, and what is taken back."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image as Raster

from api.api_house import Tenant
from api.rows import STORAGE, add_chain, put_in_hand, read
from nightdesk.bootstrap import House
from nightdesk.desk.errors import Conflict, Invalid, NotFound
from nightdesk.desk.people import Caller
from nightdesk.desk.review.contents import ChangedMeanwhile
from nightdesk.desk.review.inputs import ContentChanges, Decided, ImageChanges, ManyDecided
from nightdesk.store.tables.writer import Content, Image


def person(tenant: Tenant, name: str, number: int = 1) -> Caller:
    return Caller(tenant.workspace, number, 1, name, f"{name}@desk.test", "editor", "UTC", "en", "light")


def edited(chain: Any, says: str, revision: int | None = None) -> ContentChanges:
    text = f"## How they work\n\n{STORAGE.format(document=chain.document)}\n\n{says}\n"
    return ContentChanges(markdown=text, revision=revision)


def picture(width: int = 64, height: int = 48) -> bytes:
    out = BytesIO()
    Raster.new("RGB", (width, height), "#3b4fc4").save(out, "PNG")
    return out.getvalue()


async def test_the_first_edit_keeps_what_was_there_before_and_who_changed_it(
    house: House, alice: Tenant
) -> None:
    chain = await add_chain(house, alice)
    review = house.desk.review
    before = (await review.contents.get(alice.workspace, chain.content)).markdown
    (only,) = await review.revisions.listed(alice.workspace, chain.content)
    assert (only.number, only.what) == (1, "written")
    await review.contents.change(
        alice.workspace, chain.content, edited(chain, "Bricks are heavy."), person(alice, "Bo", 7)
    )
    assert len(await review.revisions.listed(alice.workspace, chain.content)) == 2
    first, second = [await review.revisions.get(alice.workspace, chain.content, n) for n in (1, 2)]
    assert (first.number, first.markdown, first.person_id) == (1, before, None)
    assert (second.number, second.what, second.who, second.person_id) == (2, "edited", "Bo", 7)
    assert "Bricks are heavy." in second.markdown
    assert [one["alt"] for one in second.pictures] == ["A heater"]


async def test_the_second_of_two_editors_is_told_and_neither_text_is_lost(
    house: House, alice: Tenant
) -> None:
    chain = await add_chain(house, alice)
    review = house.desk.review
    await review.contents.change(
        alice.workspace, chain.content, edited(chain, "By Ada.", 1), person(alice, "Ada")
    )
    with pytest.raises(ChangedMeanwhile) as told:
        await review.contents.change(
            alice.workspace, chain.content, edited(chain, "By Bo.", 1), person(alice, "Bo")
        )
    assert (told.value.now, told.value.seen) == (2, 1)
    assert "By Ada." in (await review.contents.get(alice.workspace, chain.content)).markdown


async def test_a_decision_is_kept_with_who_and_revision_and_an_edit_voids_it(
    house: House, alice: Tenant
) -> None:
    chain = await add_chain(house, alice)
    review, ada = house.desk.review, person(alice, "Ada", 3)
    await review.decisions.decide(alice.workspace, chain.content, "approve", Decided(note="Fine."), ada)
    await review.contents.change(alice.workspace, chain.content, edited(chain, "More."), ada)
    (taken,) = await review.decisions.of_content(alice.workspace, chain.content)
    assert (taken.decision, taken.who, taken.person_id, taken.revision) == ("approve", "Ada", 3, 1)
    content = await read(house, alice, Content, chain.content)
    assert (content.status, content.revision, content.reviewed_at) == ("review", 2, None)


async def test_what_was_decided_last_can_be_taken_back_once(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    review, ada = house.desk.review, person(alice, "Ada")
    await review.decisions.decide(alice.workspace, chain.content, "approve", Decided(), ada)
    asked = ManyDecided(decision="reject", ids=[chain.content], note="No.")
    (outcome,) = await review.decisions.decide_many(alice.workspace, None, asked, ada)
    assert outcome.decision is not None
    (undone,) = await review.decisions.undo(alice.workspace, [outcome.decision], ada)
    assert (undone.done, undone.status) == (True, "approved")
    content = await read(house, alice, Content, chain.content)
    assert content.checks["review"]["decision"] == "approve"
    assert content.reviewed_at is not None
    (again,) = await review.decisions.undo(alice.workspace, [outcome.decision], ada)
    assert not again.done
    assert "decided on since" in again.why
    first = (await review.decisions.of_content(alice.workspace, chain.content))[-1]
    assert not (await review.decisions.undo(alice.workspace, [first.id], ada))[0].done


async def test_a_decision_on_a_text_that_changed_since_is_not_taken_back(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    review = house.desk.review
    asked = ManyDecided(decision="approve", ids=[chain.content])
    (outcome,) = await review.decisions.decide_many(alice.workspace, None, asked)
    await review.contents.change(alice.workspace, chain.content, edited(chain, "More."))
    (undone,) = await review.decisions.undo(alice.workspace, [outcome.decision or 0])
    assert not undone.done


async def test_nobody_decides_for_or_takes_back_of_another_workspace(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    chain = await add_chain(house, alice)
    decisions = house.desk.review.decisions
    asked = ManyDecided(decision="approve", ids=[chain.content])
    (outcome,) = await decisions.decide_many(bob.workspace, None, asked)
    assert not outcome.done
    (mine,) = await decisions.decide_many(alice.workspace, None, asked)
    assert await decisions.undo(bob.workspace, [mine.decision or 0]) == []
    assert await decisions.listed(bob.workspace, [mine.decision or 0]) == []
    assert (await read(house, alice, Content, chain.content)).status == "approved"


async def test_a_picture_is_replaced_and_the_earlier_one_put_back(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    images = house.desk.review.images
    first = await images.replace(alice.workspace, chain.image, picture(), person(alice, "Ada"))
    assert (first.status, first.mime, first.width, first.height) == ("generated", "image/jpeg", 64, 48)
    assert first.label == "uploaded"
    again = ImageChanges(prompt="Another heater in a hall")
    made_again = await images.change(alice.workspace, chain.image, again)
    assert (made_again.asset, made_again.status) == (None, "pending")
    (earlier,) = await house.desk.review.revisions.earlier_pictures(alice.workspace, made_again)
    assert (earlier.revision, earlier.asset) == (2, first.asset)
    back = await images.put_back(alice.workspace, chain.image, 2, person(alice, "Ada"))
    assert (back.asset, back.prompt, back.status) == (first.asset, "A heater in a hall", "generated")
    kept = await house.desk.review.revisions.listed(alice.workspace, chain.content)
    assert [one.what for one in kept] == ["picture_put_back", "picture_again", "picture_replaced", "written"]
    assert await house.desk.review.revisions.earlier_pictures(alice.workspace, back) == []
    shown = await house.desk.review.pictures.small(alice.workspace, str(first.asset))
    assert shown.mime == "image/jpeg"


@pytest.mark.parametrize(
    "content",
    [b"", b"<html><script>alert(1)</script>", b"\x89PNG\r\n\x1a\n broken", picture()[:60], b"GIF89a"],
)
async def test_what_is_no_whole_picture_is_refused_and_changes_nothing(
    house: House, alice: Tenant, content: bytes
) -> None:
    chain = await add_chain(house, alice)
    with pytest.raises(Invalid, match="Nothing was changed"):
        await house.desk.review.images.replace(alice.workspace, chain.image, content)
    assert (await read(house, alice, Image, chain.image)).asset is None
    assert (await read(house, alice, Content, chain.content)).revision == 1


async def test_a_large_upload_is_kept_no_larger_than_pages_show(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    image = await house.desk.review.images.replace(alice.workspace, chain.image, picture(4800, 1200))
    assert (image.width, image.height) == (2400, 600)


async def test_a_picture_is_shown_to_its_own_workspace_alone(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    chain = await add_chain(house, alice)
    image = await house.desk.review.images.replace(alice.workspace, chain.image, picture())
    for sha256 in (str(image.asset), "0" * 64, "../../etc/passwd", ""):
        with pytest.raises(NotFound):
            await house.desk.review.pictures.get(bob.workspace, sha256)


async def test_a_picture_in_hand_is_left_alone(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    await put_in_hand(house, alice, Image, chain.image)
    with pytest.raises(Conflict):
        await house.desk.review.images.replace(alice.workspace, chain.image, picture())
    assert (await read(house, alice, Content, chain.content)).revision == 1
