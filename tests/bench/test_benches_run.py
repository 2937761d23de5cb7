"""Each bench runs to its table at its smallest size; how fast it is, is not for a test to say."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "sizes", "says"),
    [
        ("engine", ["--batches", "8", "--rounds", "1"], "batches a second"),
        pytest.param(
            "overview",
            ["--keywords", "200", "--contents", "20", "--calls", "3"],
            "has to be reached",
            marks=pytest.mark.prove,
        ),
        pytest.param(
            "pages",
            ["--keywords", "50", "--contents", "5", "--calls", "2"],
            "first page with everything",
            marks=pytest.mark.prove,
        ),
        pytest.param("live_pages", ["--pages", "20", "--events", "2"], " 0 lost ", marks=pytest.mark.prove),
        pytest.param(
            "dispatch", ["--sites", "40", "--timetables", "1"], "has to be reached", marks=pytest.mark.prove
        ),
        pytest.param(
            "scraping", ["--feeds", "6", "--delay-ms", "1"], "6, 6, 120, 0", marks=pytest.mark.prove
        ),
        pytest.param(
            "render",
            ["--width", "90", "--alone"],
            "900 frames 900 has to be reached",
            marks=pytest.mark.prove,
        ),
        pytest.param(
            "article_line",
            ["--things", "1", "--sample", "1", "--delay-ms", "1"],
            "times the critical path",
            marks=pytest.mark.prove,
        ),
    ],
)
def test_a_bench_prints_its_figures(name, sizes, says):
    ran = subprocess.run(
        [sys.executable, "-m", f"bench.{name}", *sizes], cwd=ROOT, capture_output=True, text=True, timeout=100
    )
    # The columns are as wide as their widest figure, which is not the same each time.
    assert says in " ".join(ran.stdout.split()), ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_bench_that_does_not_exist_is_refused_by_name():
    ran = subprocess.run(
        [sys.executable, "-m", "bench", "nonsense"], cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    assert ran.returncode == 2
    assert "there is no bench nonsense" in ran.stderr
