"""Parts of videos stay while edits may want them, and go a week after they were last used."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nightdesk.desk.old_parts import sweep

NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)


def part(folder: Path, name: str, age: timedelta) -> Path:
    file = folder / "1" / "7" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    if name.startswith("making"):
        file.mkdir()
        (file / "half.mp4").write_bytes(b"half")
    else:
        file.write_bytes(b"part")
    at = (NOW - age).timestamp()
    os.utime(file, (at, at))
    return file


@pytest.mark.parametrize(
    ("name", "age", "stays"),
    [
        ("part.mp4", timedelta(days=6), True),
        ("part.mp4", timedelta(days=8), False),
        ("making-1", timedelta(hours=1), True),
        ("making-1", timedelta(hours=3), False),
    ],
)
def test_a_part_stays_for_a_week_and_a_working_folder_for_two_hours(
    tmp_path: Path, name: str, age: timedelta, stays: bool
) -> None:
    left = part(tmp_path, name, age)
    assert sweep(tmp_path, NOW) == (not stays)
    assert left.exists() == stays


def test_where_there_are_no_parts_nothing_is_swept(tmp_path: Path) -> None:
    assert sweep(tmp_path / "parts", NOW) == 0
