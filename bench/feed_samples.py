"""Reads every feed of a folder with our reader and with feedparser, and compares them field by field.

`python -m bench.feed_samples FOLDER [--verbose]`: FOLDER holds the sample collections of feed parsers.
"""

import argparse
import asyncio
import calendar
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser

from nightdesk.kit.clock import SystemClock
from nightdesk.sources.feeds.addresses import web_address
from nightdesk.sources.feeds.contract import FeedEntry, FeedRead, FeedRefused
from nightdesk.sources.feeds.plain import line_of
from nightdesk.sources.feeds.reading import FeedReader

FIELDS = ("title", "link", "published", "author", "text")
SAYING = ("title", "link", "text")
_KINDS = {".xml", ".rss", ".atom", ".rdf", ".json", ".jsonfeed", ""}
_FEED = re.compile(rb"<(?:[\w-]{1,20}:)?(?:rss|feed|rdf|channel)\b|jsonfeed\.org", re.I)
# feedparser's own tests carry their server's headers in a comment.
_HEADER = re.compile(rb"Header:\s+([\w-]+)\s*:\s*(.+?)(?:\r?\n|-->)", re.I)


@dataclass
class Tally:
    """What the comparison counted."""

    files: int = 0
    with_entries: int = 0
    read: int = 0
    same_count: int = 0
    ours_alone: int = 0
    crashes: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)
    compared: Counter[str] = field(default_factory=Counter)
    differing: list[str] = field(default_factory=list)


def feeds(folder: Path) -> Iterator[Path]:
    """The files that look like feeds."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix.lower() in _KINDS and _FEED.search(path.read_bytes()[:20_000]):
            yield path


async def compare(folder: Path) -> Tally:
    """Reads them all with both."""
    tally = Tally()
    async with FeedReader(SystemClock()) as reader:
        for path in feeds(folder):
            await _one(reader, path, path.relative_to(folder), tally)
    return tally


async def _one(reader: FeedReader, path: Path, name: Path, tally: Tally) -> None:
    body = path.read_bytes()
    headers = {key.decode().lower(): value.decode("latin-1") for key, value in _HEADER.findall(body[:4096])}
    tally.files += 1
    theirs = _theirs(body, headers)
    ours: FeedRead | None = None
    try:
        base = headers.get("content-location", "https://feeds.example/")
        ours = await reader.read(body, headers.get("content-type", ""), base)
    except FeedRefused as refused:
        tally.refused[refused.code] += 1
        why = str(refused)
    except Exception as error:  # noqa: BLE001 (whatever it is, it is what is counted here)
        tally.crashes.append(f"{name}: {error!r}")
        return
    # An entry without title, address and text is nothing that a newsroom could use; we leave it out.
    expected = [entry for entry in theirs["entries"] if any(_wanted(what, entry) for what in SAYING)]
    tally.ours_alone += bool(ours and ours.entries and not expected)
    if not expected:
        return
    tally.with_entries += 1
    if ours is None or not ours.entries:
        tally.differing.append(f"{name}: not read: {why if ours is None else 'no entries'}")
        return
    tally.read += 1
    _compare(name, ours, expected, tally)


def _theirs(body: bytes, headers: dict[str, str]) -> Any:
    given = {"content-location": "https://feeds.example/", **headers}
    return feedparser.parse(io.BytesIO(body), response_headers=given)


def _compare(name: Path, ours: FeedRead, expected: list[Any], tally: Tally) -> None:
    distinct = min(len({_identity(entry) for entry in expected}), 500)
    if len(ours.entries) == distinct:
        tally.same_count += 1
    else:
        tally.differing.append(f"{name}: {len(ours.entries)} entries, feedparser {distinct}")
    by_identity = {_identity(entry): entry for entry in reversed(expected)}
    for place, entry in enumerate(ours.entries):
        other = by_identity.get(entry.key) or (
            expected[place] if len(expected) == len(ours.entries) else None
        )
        if other is None:
            continue
        for what in FIELDS:
            _field(f"{name} #{place}", what, entry, other, tally)


def _identity(entry: Any) -> str:
    return str(entry.get("id") or f"{entry.get('link')}\n{entry.get('title')}").strip()


def _field(place: str, what: str, ours: FeedEntry, theirs: Any, tally: Tally) -> None:
    wanted = _wanted(what, theirs)
    if wanted is None:
        return
    given: Any = {"link": ours.url, "text": bool(ours.text)}.get(what, getattr(ours, what, None))
    tally.compared[what] += 1
    if given == wanted:
        tally.same[what] += 1
    else:
        tally.differing.append(f"{place} {what}: {given!r}, feedparser {wanted!r}")


def _wanted(what: str, theirs: Any) -> Any:
    """What feedparser found, in our terms; None where it found nothing that we would keep."""
    if what == "title":
        return line_of(theirs.get("title") or "") or None
    if what == "link":
        return web_address(theirs.get("link"), "https://feeds.example/") or None
    if what == "author":
        detail = theirs.get("author_detail") or {}
        return line_of(detail.get("name") or theirs.get("author") or "", 200) or None
    if what == "text":
        texts = [
            theirs.get("summary") or "",
            *(each.get("value") or "" for each in theirs.get("content") or []),
        ]
        return True if any(line_of(each) for each in texts) else None
    return _date(theirs.get("published_parsed") or theirs.get("updated_parsed"))


def _date(parsed: Any) -> datetime | None:
    try:
        found = datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError):
        return None
    return found if found and datetime(1990, 1, 1, tzinfo=UTC) <= found <= datetime.now(UTC) else None


def report(tally: Tally, *, verbose: bool) -> None:
    """Prints it."""
    share = tally.read / max(tally.with_entries, 1)
    print(
        f"{tally.files} files; feedparser finds entries in {tally.with_entries}, we in {tally.read} of these"
    )
    print(f"({share:.2%}), {tally.same_count} with as many; {tally.ours_alone} more that it finds none in")
    for what in FIELDS:
        same, compared = tally.same[what], tally.compared[what]
        print(f"  {what:<10} {same:>6} of {compared:>6} equal ({same / max(compared, 1):.2%})")
    print(f"refused: {dict(tally.refused)}; crashes: {len(tally.crashes)}")
    for line in [*tally.crashes, *(tally.differing if verbose else ())]:
        print(f"  {line}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--verbose", action="store_true", help="list everything that differs")
    asked = parser.parse_args()
    tally = asyncio.run(compare(asked.folder))
    report(tally, verbose=asked.verbose)
    return 1 if tally.crashes else 0


if __name__ == "__main__":
    sys.exit(main())
