"""How far a video is moves on within the steps that are one piece of work, and never falls."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lines.video.film_press import FilmPress
from nightdesk.desk.studio import ChosenStudio
from nightdesk.desk.videos.share import TOLD, ShareTold
from nightdesk.kit.clock import SetClock
from nightdesk.lines.video import sizes
from nightdesk.lines.video.telling import STEPS
from nightdesk.store.tables.occasions import Event

SCRIPT = "Worms eat leaves.\n\nFeed them little."


class Passing(SetClock):
    """A second goes by each time that somebody asks for it, so that everything is due to be told."""

    def monotonic(self) -> float:
        self.move(1.0)
        return super().monotonic()


async def test_captions_checks_and_thumbnails_tell_how_far_they_are_and_nothing_told_falls(
    films: FilmPress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sizes.SIZES, "9:16", (270, 480))  # type: ignore[arg-type]
    studio = films.studio
    assert isinstance(studio, ChosenStudio)
    teller = ShareTold(films.store, Passing(datetime(2026, 1, 1, tzinfo=UTC)), lambda: None)
    means = replace(studio.means, tell=teller.tell)
    films.studio = replace(studio, means=means, workspace_id=films.workspace)
    video = await films.video(SCRIPT)
    await films.walk()
    assert (await films.seen(video)).status == "review"
    events = await films.rows(Event, Event.type.in_(("job_progress", "job_completed")))
    told = [event.data["progress"] for event in events]
    assert told == sorted(told)
    assert told[-1] == 100
    for status in ("narrated", "rendered", "checked"):
        step = STEPS[status]
        within = [
            event.data["progress"]
            for event in events
            if event.data["stage"] == step.stage and step.begin < event.data["progress"] < step.end
        ]
        assert within, status


def test_only_steps_of_one_piece_are_told_of_by_their_share() -> None:
    assert set(TOLD) <= STEPS.keys()
    assert not {"scripted", "captioned"} & set(TOLD)
