"""`nightdesk demo` leaves articles that can be read, and ends well only if every stage made its result."""

import signal
from types import SimpleNamespace

import pytest
from cli_command import well

from media.film_looks import looks_right, sounds_right, watched
from nightdesk.faces.cli.demo import _check
from nightdesk.faces.cli.failure import Failure

STAGES = [{"number": 1, "name": "One"}, {"number": 2, "name": "Two"}]
WELL = {"failed": 0, "partial": False, "skipped": False, "ideas_created": 3, "batches_run": 0}


@pytest.mark.parametrize(
    ("second", "word"),
    [
        (None, "did not run"),
        (WELL | {"skipped": True}, "did not run"),
        (WELL | {"partial": True}, "did not run"),
        (WELL | {"failed": 2}, "parked 2"),
        (WELL | {"ideas_created": 0}, "made nothing"),
    ],
)
def test_a_stage_without_its_result_is_a_failed_demo(second, word):
    results = {"1": WELL} | ({"2": second} if second else {})
    with pytest.raises(Failure, match=f"Stage 2, Two, {word}"):
        _check(SimpleNamespace(id=1, results=results), STAGES)


def test_a_demo_with_all_its_results_is_well():
    _check(SimpleNamespace(id=1, results={"1": WELL, "2": WELL}), STAGES)


@pytest.mark.timeout(420)
def test_a_small_demo_made_once_exports_what_it_wrote_and_a_video_that_looks_and_sounds_right(nightdesk):
    told = well(nightdesk.process("demo", "--articles", 3, "--seconds", 10, "--once", seconds=300))
    assert "3 articles" in told
    index = nightdesk.data / "demo" / "heap-and-soil" / "index.html"
    assert str(index) in told
    assert index.read_text().count('class="card"') == 3
    (film,) = (index.parent / "videos").glob("*.mp4")
    assert film.read_bytes()[4:8] == b"ftyp"
    assert "-->" in film.with_suffix(".srt").read_text()
    assert film.with_suffix(".jpg").read_bytes()[:2] == b"\xff\xd8"
    seen = watched(film, film.with_suffix(".srt"))
    looks_right(seen, 10)
    sounds_right(seen)
    assert "The run is complete." in well(nightdesk("logs", "heap-and-soil"))


@pytest.mark.prove
def test_a_demo_that_is_stopped_does_not_end_well(nightdesk):
    demo = nightdesk.start("demo", "--once")
    while "3. The articles" not in demo.stdout.readline():
        assert demo.poll() is None
    demo.send_signal(signal.SIGINT)
    rest, _ = demo.communicate(timeout=40)
    assert demo.returncode == 1
    assert "stopped before it was done" in rest
