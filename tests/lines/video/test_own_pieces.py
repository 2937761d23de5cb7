"""Scenes show the site's own photos and clips where their words fit clearly, each piece once in a video."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from lines.video.film_press import FilmPress
from nightdesk.desk.studio import ChosenStudio
from nightdesk.desk.videos.taking import FootageTaken
from nightdesk.lines.keeping import keep_assets
from nightdesk.lines.video import clips
from nightdesk.lines.video.origins import GIVEN, GIVEN_BY_MODEL
from nightdesk.lines.video.own_pieces import Words, fit, notions
from nightdesk.media.moves import MOVES
from nightdesk.store.tables.videos import OwnPiece, Scene, Video

HOT, FORK, BIN = "steam over a hot heap", "a fork turns the heap", "a worm bin in a kitchen"
SAID = {HOT: "A hot heap has steam over it.", FORK: "Turn the heap with a fork.", BIN: "A worm bin is small."}


def colour(name: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (320, 180), name).save(out, "PNG")
    return out.getvalue()


async def piece(films: FilmPress, shows: str, name: str = "red", **facts: Any) -> OwnPiece:
    """A photo on the site's shelf, 320 by 180, or a clip with it as its first frame."""
    files = [await films.files.put(films.workspace, colour(name), "image/png")]
    if facts.pop("clip", False):
        files.append(await films.files.put(films.workspace, f"clip {name}".encode(), "video/mp4"))
        facts["footage"] = files[1].sha256
    async with films.store.workspace(films.workspace) as session:
        await keep_assets(session, films.workspace, files)
    row = {"picture": files[0].sha256, "mime": "image/png", "width": 320, "height": 180, "shows": shows}
    found: OwnPiece = await films.add(OwnPiece(**(row | facts)))
    return found


async def waiting(films: FilmPress, *says: str, **facts: Any) -> Video:
    """A video whose scenes wait for their pictures; what comes first opens it."""
    video = await films.video(status="captioned", title="What heaps do")
    for place, one in enumerate(("This is all about it.", *says), 1):
        row = {"video_id": video.id, "position": place, "says": one, "seconds": 1.0, "seed": place}
        await films.add(Scene(**(row | {"status": "spoken"} | facts)))
    return video


async def filmed(films: FilmPress, video: Video) -> list[Scene]:
    """Its scenes behind the first, once a worker that was just started has filmed them."""
    studio = films.studio
    assert isinstance(studio, ChosenStudio)
    means = replace(studio.means, take=FootageTaken(films.store).take)
    worker = replace(films, studio=replace(studio, means=means, workspace_id=films.workspace))
    run = await worker.walk(clips.Clips)
    assert (run.status, run.error_message) == ("completed", None)
    return (await films.scenes(video))[1:]


async def test_a_scene_shows_the_photo_whose_words_it_has_under_a_camera_and_takes_no_credits(
    films: FilmPress,
) -> None:
    hot = await piece(films, HOT, source="the photo club")
    wanted = await waiting(films, "Nothing of the kind.", SAID[HOT])
    other, scene = await filmed(films, wanted)
    assert (scene.picture, scene.footage, scene.label) == (hot.picture, None, GIVEN)
    assert scene.note == f"Own photo {hot.id}, “{HOT}” (the photo club)"
    assert scene.source == f"own:{hot.id}"
    assert scene.move in MOVES
    assert scene.move != "still"
    assert (other.source, other.label == GIVEN) == ("", False)
    before = (await films.balances()).wallet
    await filmed(films, await waiting(films, SAID[HOT]))
    assert before - (await films.balances()).wallet == 1  # For the scene that opens it, and not for this one.


async def test_a_clip_is_shown_as_it_is_and_one_by_a_model_is_marked_so(films: FilmPress) -> None:
    shown = await piece(films, HOT, clip=True, by_model=True)
    (scene,) = await filmed(films, await waiting(films, SAID[HOT]))
    assert (scene.picture, scene.footage) == (shown.picture, shown.footage)
    assert (scene.label, scene.move) == (GIVEN_BY_MODEL, "still")
    assert scene.note == f"Own clip {shown.id}, “{HOT}”"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_no_two_scenes_show_the_same_and_the_better_fit_has_it_whichever_comes_first(
    films: FilmPress, order: tuple[int, int]
) -> None:
    only = await piece(films, "a fork, a heap and steam")
    says = ("A fork in the heap.", "A fork, a heap, and steam.")
    found = await filmed(films, await waiting(films, *(says[at] for at in order)))
    assert [scene.source for scene in found] == [f"own:{only.id}" if at else "" for at in order]


async def test_what_the_last_videos_showed_comes_after_what_they_did_not(films: FilmPress) -> None:
    first, second = await piece(films, HOT), await piece(films, "a heap and steam", "blue")
    seen = [(await filmed(films, await waiting(films, SAID[HOT])))[0].source for _ in range(3)]
    assert seen == [f"own:{one.id}" for one in (first, second, first)]


async def test_what_is_off_removed_passed_or_in_another_scene_by_hand_is_not_taken(films: FilmPress) -> None:
    off, gone = await piece(films, HOT, off=True), await piece(films, FORK, "green")
    await films.change(gone, removed_at=off.added_at)
    bin_ = await piece(films, BIN, "blue")
    (one, two) = await filmed(films, await waiting(films, SAID[HOT], SAID[FORK]))
    assert (one.source, two.source) == ("", "")
    (passed,) = await filmed(films, await waiting(films, SAID[BIN], passed=[bin_.id]))
    assert passed.source == ""
    video = await waiting(films, SAID[BIN])
    await films.change((await films.scenes(video))[0], picture=bin_.picture, label=GIVEN, status="filmed")
    assert (await filmed(films, video))[0].source == ""


async def test_figures_comparisons_and_the_last_call_stay_set_in_type(films: FilmPress) -> None:
    await piece(films, HOT)
    call = "See steam over a hot heap."
    video = await waiting(films, "A hot heap has steam over it at 60 °C.", call)
    await films.change(video, script={"cta": call})
    assert [scene.source for scene in await filmed(films, video)] == ["", ""]


async def test_a_batch_that_is_tried_again_shows_what_it_took_before(films: FilmPress) -> None:
    await piece(films, HOT)
    mine = await piece(films, "a heap and steam", "blue")
    video = await waiting(films, SAID[HOT])
    await films.change((await films.scenes(video))[1], source=f"own:{mine.id}")
    assert (await filmed(films, video))[0].source == f"own:{mine.id}"


@pytest.mark.parametrize(
    ("shows", "heading", "prompt", "says", "fits"),
    [
        ("compost heap in autumn", "The heap in autumn", "", "Cover it now.", True),
        ("compost heap in autumn", "", "A compost heap", "Turn it in spring.", False),
        ("compost heap in autumn", "Compost", "", "Compost is earth.", False),
        ("compost", "Compost", "compost", "Compost is earth.", False),  # As all that the site tells.
        ("earthworms", "Earthworms at work", "", "They dig.", True),
        ("earthworms", "", "", "Even earthworms do.", False),
        ("fork, heap, straw, rain, barrow", "", "A fork and a barrow", "In the rain.", True),
        ("fork, heap, straw, rain, barrow", "", "A fork and a barrow", "In the sun.", False),
        ("Komposthaufen im Herbst", "Der Haufen im Herbst", "", "Ein Komposthaufen ruht.", True),
        ("秋の堆肥の山", "秋の堆肥", "", "", True),
        ("秋の堆肥の山", "春の庭", "", "", False),
        ("12 × 30", "12 × 30", "12 × 30", "12 × 30", False),
    ],
)
def test_a_fit_is_two_words_at_least_and_most_of_what_is_said_of_a_piece(
    shows: str, heading: str, prompt: str, says: str, fits: bool
) -> None:
    scene = Scene(heading=heading, prompt=prompt, says=says)
    found = fit(notions(shows), Words.of(scene), notions("Home composting"))
    assert (found is not None) is fits
