"""T1, videos: killed at any point, the video line loses nothing and makes and charges nothing twice."""

import pytest
from sweep.attempt import Slot
from sweep.films import BY_NUMBER, Film, FilmSlot, film_slots, remotion
from sweep.sweeping import share, sweep

pytestmark = [pytest.mark.prove, pytest.mark.timeout(1800)]
FEWEST = 150
RESUMED = 10.0
FREEZE_EVERY = 5
LONGEST_WAIT = 5.0
BEFORE, DRAWN = "work.renders.before#1", "renderer.cover.made#1"
"""The first and the last point of a render."""


@pytest.fixture(scope="module")
def films(slots: list[Slot]) -> list[FilmSlot]:
    return film_slots(slots)


@pytest.fixture(scope="module")
def film(films: list[FilmSlot]) -> Film:
    return films[0].undisturbed()


def test_a_worker_killed_at_any_point_of_the_video_line_leaves_everything_right(
    films: list[FilmSlot], film: Film
) -> None:
    assert len(film.points) >= FEWEST
    points = [film.points[int(BY_NUMBER) - 1]] if BY_NUMBER else share(film.points)
    told = sweep("T1v", films, points, lambda slot, point: slot.kill(film, point))
    print(f"\n{told.line()} of {len(film.points)}; not come by: {', '.join(told.missed()) or 'none'}")
    assert not told.broken, told.failures()
    assert told.longest_wait < RESUMED


def test_a_worker_killed_at_any_point_of_a_remotion_render_leaves_everything_right(slots: list[Slot]) -> None:
    films = film_slots(slots, remotion(slots[0].ground))
    film = films[0].undisturbed()
    points = film.points[film.points.index(BEFORE) : film.points.index(DRAWN) + 1]
    assert any(point.startswith("renderer.remotion.started") for point in points)
    told = sweep("T1vr", films, share(points), lambda slot, point: slot.kill(film, point))
    print(f"\n{told.line()} of {len(points)}; not come by: {', '.join(told.missed()) or 'none'}")
    assert not told.broken, told.failures()
    assert told.longest_wait < RESUMED


def test_who_orders_videos_may_be_killed_at_any_point(films: list[FilmSlot]) -> None:
    points = films[0].points_of_ordering()
    told = sweep("T1vo", films, share(points), FilmSlot.kill_ordering)
    print(f"\n{told.line()} of {len(points)}")
    assert not told.broken, told.failures()


def test_a_worker_frozen_at_points_of_the_video_line_is_replaced(films: list[FilmSlot], film: Film) -> None:
    points = share(film.points[::FREEZE_EVERY])
    told = sweep("T5v", films, points, lambda slot, point: slot.freeze(film, point))
    print(f"\n{told.line('freezes')}")
    assert not told.broken, told.failures()
    assert told.longest_wait <= LONGEST_WAIT


def test_two_undisturbed_runs_make_the_same_bytes(films: list[FilmSlot], film: Film) -> None:
    films[-1].undisturbed(film)
