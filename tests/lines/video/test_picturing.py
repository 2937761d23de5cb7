"""What a scene's picture shows of it: a heading, a figure or a number, and where type may stand."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from nightdesk.lines.video.key_figure import key_figure
from nightdesk.lines.video.picturing import Told, clear_of, short, shown
from nightdesk.media.camera import Camera
from nightdesk.media.captions.sheet import Layout
from nightdesk.media.captions.styles import style
from nightdesk.media.planes import Frame
from nightdesk.store.tables.videos import Scene

ALL = ("youtube", "instagram", "tiktok")


def told(says: list[str], kind: str = "explainer", size: tuple[int, int] = (1080, 1920)) -> Told:
    lines = dict(enumerate(says, 1))
    return Told(
        "Hot heaps",
        kind,
        {"cta": says[-1]},
        "en",
        *size,
        "clean",
        ALL,
        90.0,
        lines,
        dict.fromkeys(lines, "Heat"),
    )


def views(says: list[str], kind: str = "explainer", heading: str = "Heat") -> list[tuple[str, str]]:
    video = told(says, kind)
    scenes = [Scene(position=place, heading=heading, says=one) for place, one in enumerate(says, 1)]
    return [(view.kind, view.sign) for view in (shown(scene, video).view for scene in scenes)]


@pytest.mark.parametrize(
    ("says", "figure"),
    [
        ("The castings are ready about three to six months after the start.", "~3–6 months"),
        ("It keeps between 55 and 65 degrees Celsius.", "55–65 °C"),
        ("It gets up to 160°F.", "≤ 160 °F"),
        ("Never let it exceed 70 °C.", "70 °C"),
        ("It takes more than two weeks.", "> 2 weeks"),
        ("About 40% of it costs $1,250.", "~40%"),
        ("A ratio of 30:1 is best.", "30:1"),
        ("Keep a pH of 6.5 to 7.", "pH 6.5–7"),
        ("A tray of 12 x 8 inches holds it.", ""),
        ("Since 1978 three bins have stood here.", ""),
    ],
)
def test_the_key_figure_is_written_as_short_as_it_can_be_read(says: str, figure: str) -> None:
    assert key_figure(says) == figure


def test_each_kind_of_statement_gets_a_view_of_its_own() -> None:
    said = [
        "Heat kills.",
        "It takes 3 weeks.",
        "He said “never again” to it.",
        "Worms like it.",
        "Follow us.",
    ]
    assert [kind for kind, _ in views(said)] == ["hook", "figure", "quote", "point", "call"]


def test_steps_that_follow_each_other_are_numbered() -> None:
    said = ["Heat kills.", "It is warm.", "First, pile it.", "Then turn it.", "Finally, wait.", "Follow us."]
    assert views(said)[1:5] == [("point", ""), ("step", "1"), ("step", "2"), ("step", "3")]
    assert views(["Heat kills.", "Then turn it.", "Worms like it.", "Follow us."])[1] == ("point", "")


def test_steps_under_one_heading_are_named_by_what_they_bid() -> None:
    said = ["Heat.", "First, turn the heap on day four.", "Then leave it alone, and wait.", "Follow us."]
    video = told(said)
    scenes = [Scene(position=place, heading="Heat", says=said[place - 1]) for place in (2, 3)]
    assert [shown(scene, video).heading for scene in scenes] == ["Turn the heap", "Leave it alone"]


def test_entries_of_a_list_have_the_number_that_is_said() -> None:
    said = ["Heat kills.", "Number one. Air.", "Number two. Water.", "Follow us."]
    assert views(said, "list")[1:3] == [("item", "1"), ("item", "2")]


def test_a_heading_of_two_things_compares_them() -> None:
    video = told(["Heat.", "Both work.", "Bye."])
    scene = Scene(position=2, heading="Hot composting compared with cold composting", says="Both work.")
    assert shown(scene, video).view.sides == ("Hot composting", "Cold composting")


@pytest.mark.parametrize(
    ("heading", "kept"),
    [
        ("Safety around hot piles", "Safety around hot piles"),
        ("Temperature: what a thermometer in the middle of the heap tells you", "Temperature"),
        ("What the heap in the corner of your garden wants from you", "What the heap in the corner"),
        ("How to make hot compost in 18 days", "How to make hot compost"),
        ("", ""),
    ],
)
def test_a_heading_is_as_short_as_a_glance(heading: str, kept: str) -> None:
    assert short(heading) == kept


@pytest.mark.parametrize("size", [(1080, 1920), (1080, 1080), (1920, 1080)], ids=str)
def test_where_type_may_stand_stays_clear_of_captions_however_the_camera_moves(size: tuple[int, int]) -> None:
    video = told(["Heat.", "Bye."], size=size)
    width, height = (side // 4 for side in size)
    left, top, right, bottom = clear_of(video)
    sheet = Image.new("L", (width, height), 0)
    sheet.paste(255, (round(left * width), round(top * height), round(right * width), round(bottom * height)))
    out = BytesIO()
    sheet.save(out, "PNG")
    area = Layout(*size, style("clean")).area
    for move, seed in [("push-in", seed) for seed in range(6)] + [
        ("pan-up", 1),
        ("pan-left", 1),
        ("still", 1),
    ]:
        camera = Camera(out.getvalue(), (width, height), move, seconds=8, seed=seed)  # type: ignore[arg-type]
        for share in (0.0, 1.0):
            frame = Frame(width, height)
            camera.shoot(share, frame)
            ys, xs = np.nonzero(frame.y > 128)
            assert ys.max() * 4 < area.bottom - 2 * style("clean").size * min(size)
            assert ys.min() * 4 >= min(90.0, area.top) - 4
            assert xs.min() > 0
            assert xs.max() < width - 1
            assert (np.ptp(xs), np.ptp(ys)) > (width * 0.5, height * 0.25)
