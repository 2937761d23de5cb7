"""Stock footage: searched by what a scene shows, chosen by how it fits, credited, never twice in a video."""

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.http.failures import FetchRefused
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.clips import open_clips
from nightdesk.providers.clips.contract import ClipRequest
from nightdesk.providers.clips.stock.choosing import choices_of, file_of
from nightdesk.providers.clips.stock.library import File, Found
from nightdesk.providers.clips.stock.words import searches
from servers import clips_openers
from servers.clips_openers import Bench, opened
from servers.clips_server import Library, still
from servers.openai_server import Asked, OpenAIServer

REQUEST = ClipRequest(still(), "Close-up of a compost bin on a sunny balcony", 4.0, 540, 960)
TALL, WIDE = File("tall", 540, 960), File("wide", 1920, 1080)


def found(name: str, *files: File, seconds: float = 9.0) -> Found:
    return Found(name, f"https://pages.example/{name}", "Ana", seconds, files)


def chosen(among: list[Found], *, fresh: bool = True, **more: Any) -> list[str]:
    return [one.source for one, _ in choices_of(among, replace(REQUEST, **more), fresh=fresh)]


def library_of(bench: Bench) -> Library:
    assert isinstance(bench.server.behaviour, Library)
    return bench.server.behaviour


@pytest.mark.parametrize(
    ("prompt", "first"),
    [
        ("Close-up of a compost bin on a sunny balcony", "compost bin sunny balcony"),
        ("Cinematic wide shot, hands turning soil; hands again", "hands turning soil again"),
        ("Ein Komposthaufen auf dem Balkon", "ein komposthaufen auf dem balkon"),
        ("a close-up", "a close-up"),
        ("堆肥桶在阳台上", "堆肥桶在阳台上"),
    ],
)
def test_a_prompt_is_searched_by_the_words_that_name_something(prompt: str, first: str) -> None:
    assert searches(prompt)[0] == first


def test_a_search_grows_wider_until_it_is_one_word() -> None:
    assert searches("red worms eat kitchen scraps quickly indoors tonight") == [
        "red worms eat kitchen scraps quickly",
        "red worms eat",
        "red",
    ]
    assert searches("12 34 …") == []


def test_what_fits_the_frame_is_chosen_before_what_would_be_cropped() -> None:
    assert chosen([found("wide", WIDE), found("tall", TALL)]) == ["tall", "wide"]


def test_what_lasts_the_scene_is_chosen_before_what_would_start_again() -> None:
    assert chosen([found("short", TALL, seconds=1), found("long", TALL, seconds=5)]) == ["long", "short"]


def test_what_is_equally_fitting_is_chosen_by_the_librarys_order_and_the_seed() -> None:
    alike = [found(str(number), TALL) for number in range(5)]
    assert [chosen(alike, seed=seed)[0] for seed in range(4)] == ["0", "1", "2", "0"]
    assert chosen(alike, seed=1) == ["1", "2", "0", "3", "4"]


def test_what_the_sites_last_videos_show_is_chosen_only_where_there_is_nothing_else() -> None:
    alike = [found(str(number), TALL) for number in range(3)]
    seen = {"stale": frozenset({"0", "1"}), "avoid": frozenset({"2"})}
    assert chosen(alike, **seen) == []
    assert chosen(alike, fresh=False, **seen) == ["0", "1"]


def test_a_clip_that_is_too_long_or_has_no_usable_file_is_not_chosen() -> None:
    huge = File("huge", 20_000, 20_000)
    assert chosen([found("film", TALL, seconds=600), found("huge", huge), found("none")]) == []


def test_the_smallest_file_that_fills_the_frame_is_fetched() -> None:
    larger, smaller = File("larger", 2160, 3840), File("smaller", 270, 480)
    assert file_of(found("x", larger, smaller, TALL), REQUEST) == TALL
    assert file_of(found("x", smaller), REQUEST) == smaller


@pytest.mark.parametrize("kind", ["stock:pexels", "stock:pixabay"])
async def test_no_clip_is_in_a_video_twice(kind: str, tmp_path: Path) -> None:
    used: set[str] = set()
    async with opened(kind, tmp_path) as bench:
        for _ in range(5):
            clip = await bench.provider.make(replace(REQUEST, avoid=frozenset(used)), ListMeter())
            assert clip.source not in used
            used.add(clip.source)
        with pytest.raises(Refused, match="nothing found"):
            await bench.provider.make(replace(REQUEST, avoid=frozenset(used)), ListMeter())


async def test_what_somebody_else_took_meanwhile_is_not_fetched(tmp_path: Path) -> None:
    """All scenes choose at once and alike; who writes first has it."""
    book: dict[str, int] = {}

    async def take(seed: int, source: str, *, fresh: bool) -> bool:
        await asyncio.sleep(0)
        return fresh and book.setdefault(source, seed) == seed

    async with opened("stock:pexels", tmp_path) as bench:
        wanted = [replace(REQUEST, seed=seed, take=partial(take, seed)) for seed in (0, 3, 6)]
        made = await asyncio.gather(*(bench.provider.make(each, ListMeter()) for each in wanted))
        assert len({clip.source for clip in made}) == 3
        again = await bench.provider.make(wanted[1], ListMeter())
        book.update(dict.fromkeys((f"pexels:{number}" for number in range(99)), -1))
        with pytest.raises(Refused, match="nothing found"):
            await bench.provider.make(wanted[2], ListMeter())
    assert again.source == made[1].source


@pytest.mark.parametrize(
    ("kind", "credit"),
    [
        ("stock:pexels", "Video by Ana Lima on Pexels (https://www.pexels.com/video/1/), Pexels License"),
        (
            "stock:pixabay",
            "Video by Ana on Pixabay (https://pixabay.com/videos/id-1/), Pixabay Content License",
        ),
    ],
)
async def test_a_clip_says_whose_it_is_and_under_which_licence(
    kind: str, credit: str, tmp_path: Path
) -> None:
    async with opened(kind, tmp_path) as bench:
        clip = await bench.provider.make(REQUEST, ListMeter())
    assert (clip.note, clip.synthetic, clip.credits) == (credit, False, 0)


async def test_a_search_says_shape_and_language(tmp_path: Path) -> None:
    async with opened("stock:pexels", tmp_path) as bench:
        await bench.provider.make(replace(REQUEST, language="de"), ListMeter())
        (asked,) = library_of(bench).searches
    assert asked["query"] == "compost bin sunny balcony"
    assert (asked["orientation"], asked["locale"]) == ("portrait", "de-DE")


async def test_a_search_that_finds_nothing_is_made_wider(tmp_path: Path) -> None:
    library = Library("pixabay", knows=lambda words: words == "compost")
    async with opened("stock:pixabay", tmp_path, library) as bench:
        await bench.provider.make(REQUEST, ListMeter())
    assert [asked["q"] for asked in library.searches] == [
        "compost bin sunny balcony",
        "compost bin sunny",
        "compost",
    ]


async def test_a_library_that_has_nothing_is_said_with_its_words(tmp_path: Path) -> None:
    async with opened("stock:pixabay", tmp_path, Library("pixabay", count=0)) as bench:
        with pytest.raises(Refused, match="compost bin sunny balcony"):
            await bench.provider.make(REQUEST, ListMeter())


async def test_the_same_search_is_made_once_a_day(tmp_path: Path) -> None:
    class Moved(SystemClock):
        ahead = 0.0

        def monotonic(self) -> float:
            return super().monotonic() + self.ahead

    clock = Moved()
    async with opened("stock:pixabay", tmp_path) as bench:
        around = clips_openers.surroundings(tmp_path, clock, (bench.server.port,))
        provider = open_clips(bench.choice, around)
        for ahead, searched in ((0.0, 1), (3600.0, 1), (90_000.0, 2)):
            clock.ahead = ahead
            await provider.make(REQUEST, ListMeter())
            assert len(library_of(bench).searches) == searched
        await provider.aclose()


@pytest.mark.parametrize(("kind", "reset"), [("stock:pixabay", "41"), ("stock:pexels", "{in 41 s}")])
async def test_a_library_is_not_asked_again_before_it_allows_more(
    kind: str, reset: str, tmp_path: Path
) -> None:
    told = reset if reset.isdigit() else str(int(SystemClock().now().timestamp()) + 41)
    spent = {"x_ratelimit_remaining": "0", "x_ratelimit_reset": told}
    meter = ListMeter()
    async with opened(kind, tmp_path, Library(kind.partition(":")[2], told=spent)) as bench:
        await bench.provider.make(REQUEST, meter)
        with pytest.raises(Later, match="allows no more searches") as ended:
            await bench.provider.make(replace(REQUEST, prompt="a worm"), ListMeter())
        assert len(library_of(bench).searches) == 1
    assert ended.value.seconds == pytest.approx(40, abs=2)


async def test_a_library_that_was_asked_too_often_is_left_alone_as_long_as_it_says(tmp_path: Path) -> None:
    def full(_: OpenAIServer, asked: Asked) -> None:
        asked.reply(b"[ERROR 429] API rate limit exceeded", 429, x_ratelimit_reset="17")

    async with opened("stock:pixabay", tmp_path, full) as bench:
        with pytest.raises(Later) as ended:
            await bench.provider.make(REQUEST, ListMeter())
    assert ended.value.seconds == 17


async def test_a_key_that_pixabay_does_not_know_needs_a_person(tmp_path: Path) -> None:
    def unknown(_: OpenAIServer, asked: Asked) -> None:
        asked.reply(b"[ERROR 400] Invalid or missing API key (https://pixabay.com/api/docs/).", 400)

    async with opened("stock:pixabay", tmp_path, unknown) as bench:
        with pytest.raises(NeedsPerson, match=r"pixabay\.com/api/docs"):
            await bench.provider.make(REQUEST, ListMeter())


async def test_a_file_inside_the_house_is_never_opened(tmp_path: Path) -> None:
    inside = Library("pexels", files=lambda _, number: "http://169.254.169.254/latest/meta-data")
    async with opened("stock:pexels", tmp_path, inside) as bench:
        with pytest.raises(FetchRefused, match="blocked_address"):
            await bench.provider.make(REQUEST, ListMeter())
