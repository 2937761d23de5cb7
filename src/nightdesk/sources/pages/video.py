"""Reads video pages: what is said in them and of them; the video itself is never loaded."""

import json
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.http.failures import shown
from nightdesk.kit.processes import ChildLimits, Finished, run
from nightdesk.kit.text import clean, count_words, shorten
from nightdesk.sources.documents import Document, DocumentRefused
from nightdesk.sources.documents.language import language_of
from nightdesk.sources.pages.captions import text_of
from nightdesk.sources.pages.contract import PageMeans

HOSTS = frozenset(
    (
        *("youtube.com", "youtu.be", "youtube-nocookie.com", "vimeo.com", "dailymotion.com", "dai.ly"),
        *("tiktok.com", "twitch.tv", "ted.com", "bilibili.com", "rumble.com", "odysee.com", "bitchute.com"),
        *(
            "arte.tv",
            "ardmediathek.de",
            "zdf.de",
            "media.ccc.de",
            "peertube.tv",
            "framatube.org",
            "c-span.org",
        ),
    )
)
"""Sites whose pages are videos above all; their subdomains too."""

FEWEST_WORDS = 15
LIMITS = ChildLimits(
    seconds=60.0, cpu_seconds=30, memory=1 << 30, file_size=1 << 20, open_files=64, output=8 << 20
)
MISSING = (
    "This is the page of a video, and reading its captions needs the library yt-dlp: install "
    "`nightdesk[video]`, or copy what is said in it into a file and add that."
)
_CHILD = Path(__file__).with_name("video_child.py")


@dataclass(frozen=True)
class VideoPages:
    """Pages of known video sites."""

    means: PageMeans
    hosts: Collection[str] = field(default=HOSTS)
    limits: ChildLimits = LIMITS
    name = "video"

    def reads(self, url: str) -> bool:
        host = (urlsplit(url).hostname or "").lower()
        parts = host.split(".")
        return any(".".join(parts[at:]) in self.hosts for at in range(len(parts)))

    async def read(self, url: str) -> Document:
        """Its captions as a document of the kind `video`; what the page tells of it, where it has none."""
        asked = {"url": self.means.fetcher.inspect(url), "allow": list(self.means.allow)}
        done = await run(
            [sys.executable, "-I", "-B", str(_CHILD)],
            limits=self.limits,
            stdin=json.dumps(asked).encode(),
        )
        return await document_of(_answer(done, url), url)


async def document_of(told: Mapping[str, Any], url: str) -> Document:
    """What was told of a video as a document. Raises `DocumentRefused` where there is nothing to read."""
    text = text_of(str(told.get("captions") or ""), str(told.get("form") or ""))
    if count_words(text) < FEWEST_WORDS:
        text = clean(str(told.get("description") or "")).strip()
    if count_words(text) < FEWEST_WORDS:
        why = f"'{shown(url)}' has no captions and says hardly anything of its video."
        raise DocumentRefused("no_text", f"{why} Copy what is said in it into a file and add that.")
    image = str(told.get("image") or "")
    return Document(
        title=shorten(clean(str(told.get("title") or "")), 200) or shown(url),
        text=text,
        url=url,
        author=shorten(clean(str(told.get("author") or "")), 200) or None,
        published=_day(str(told.get("day") or "")),
        language=await language_of(text),
        image=image if image.startswith(("http://", "https://")) and len(image) <= 2000 else None,
        kind="video",
    )


def _answer(done: Finished, url: str) -> Mapping[str, Any]:
    """What the child told. Raises as `PageReader.read`."""
    if not done.well:
        raise Later(f"'{shown(url)}' took more time or memory to read than a video page may.")
    told = json.loads(done.stdout)
    match told.get("outcome"):
        case "read":
            return dict(told)
        case "missing":
            raise NeedsPerson(MISSING)
        case "blocked":
            raise Refused(f"'{shown(url)}' does not lead to the public internet, so it was not opened.")
    said = shorten(clean(str(told.get("says") or "")), 200)
    raise Refused(f"No video could be read at '{shown(url)}'. {said}".strip())


def _day(spelled: str) -> date | None:
    try:
        return date(int(spelled[:4]), int(spelled[4:6]), int(spelled[6:8])) if len(spelled) == 8 else None
    except ValueError:
        return None
