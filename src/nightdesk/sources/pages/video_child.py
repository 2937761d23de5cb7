"""Runs in a child process behind a fence: has yt-dlp read one video page, without the video.

It is asked and answers in JSON, by standard input and output. Asked: `url` and `allow`. Answered: `outcome`
(`read`, `missing`, `blocked` or `failed`), and what was read. It is run by its path, so that the desk is not
loaded with it.
"""

import json
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from nightdesk.kit.fence import Fence, folders_of_python

MOST_CAPTIONS = 2_000_000
"""Bytes."""

FORMS = ("vtt", "srt", "json3")
OPTIONS: Mapping[str, Any] = {
    "quiet": True,
    "no_warnings": True,
    "skip_download": True,
    "noplaylist": True,
    "playlist_items": "1",
    "ignore_no_formats_error": True,
    "cachedir": False,
    "socket_timeout": 10,
    "retries": 1,
    "extractor_retries": 1,
    "proxy": "",
    "color": "never",
}


class Silent:
    """What yt-dlp says on its way; the last error is what it failed of."""

    def __init__(self) -> None:
        self.error_said = ""

    def debug(self, _: str) -> None: ...

    def info(self, _: str) -> None: ...

    def warning(self, _: str) -> None: ...

    def error(self, said: str) -> None:
        self.error_said = said


def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What came of it; everything that yt-dlp may load is loaded before the fence closes."""
    try:
        from yt_dlp import YoutubeDL  # noqa: PLC0415 (an extra)
        from yt_dlp.extractor import gen_extractor_classes  # noqa: PLC0415
        from yt_dlp.networking._urllib import UrllibRH  # noqa: PLC0415
        from yt_dlp.utils import YoutubeDLError  # noqa: PLC0415
    except ImportError:
        return {"outcome": "missing"}
    gen_extractor_classes()
    fence = Fence(allow=addresses(asked["allow"]), readable=folders_of_python())

    class Fenced(YoutubeDL):  # type: ignore[misc]
        """Speaks by Python's own sockets alone: what machine code opens, the fence would not see."""

        def build_request_director(self, _: Any, preferences: Any = None) -> Any:
            return super().build_request_director([UrllibRH], preferences)

    with Fenced({**OPTIONS, "logger": Silent()}) as reader:
        fence.close()
        try:
            found = reader.extract_info(asked["url"], download=False)
            while found and found.get("entries"):
                found = next(iter(found["entries"]))
            return told(reader, found or {})
        except (YoutubeDLError, OSError) as error:
            outcome = "blocked" if fence.refused else "failed"
            return {"outcome": outcome, "says": str(error).removeprefix("ERROR: ")}


def addresses(allowed: Sequence[Sequence[Any]]) -> list[tuple[str, int]]:
    """Where the operator's own servers are just now; one that has no address is none."""
    found = []
    for host, port in allowed:
        with suppress(OSError):
            for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
                found.append((str(entry[4][0]), int(port)))
    return found


def told(reader: Any, found: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of all that is known of a video."""
    captions, form = best_captions(found)
    text = captions.get("data") or ""
    if captions.get("url") and not text:
        with suppress(OSError), reader.urlopen(captions["url"]) as response:
            text = response.read(MOST_CAPTIONS).decode("utf-8", "replace")
    return {
        "outcome": "read",
        "title": found.get("title"),
        "author": found.get("uploader") or found.get("channel"),
        "day": found.get("upload_date"),
        "description": found.get("description"),
        "image": found.get("thumbnail"),
        "captions": text[:MOST_CAPTIONS],
        "form": form,
    }


def best_captions(found: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """Those that people wrote before those that a machine heard; the video's own language before others."""
    own = str(found.get("language") or "")
    for kind in ("subtitles", "automatic_captions"):
        by_language = found.get(kind) or {}
        order = sorted(
            by_language, key=lambda name: (not own or not name.startswith(own), "orig" not in name)
        )
        for name in order:
            for form in FORMS:
                for one in by_language[name]:
                    if one.get("ext") == form:
                        return one, form
    return {}, ""


def main() -> None:
    json.dump(answer(json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main()
