"""Captions beside the file: SRT, and WebVTT (W3C, "WebVTT: The Web Video Text Tracks Format")."""

from collections.abc import Iterable

from nightdesk.media.captions.phrases import Phrase
from nightdesk.media.captions.sheet import Sheet

Cue = tuple[float, float, str]


def cues(scenes: Iterable[tuple[float, Sheet]]) -> list[Cue]:
    """When each phrase of each scene is shown in the whole video, and what it says.

    `scenes`: where each begins, in seconds, and its captions.
    """
    return [_cue(at, phrase) for at, sheet in scenes for phrase in sheet.phrases]


def srt(shown: Iterable[Cue]) -> str:
    """SubRip; it knows no escaping, so an arrow of its own is written as the sign for one."""
    blocks = (
        f"{number}\n{_time(start, ',')} --> {_time(end, ',')}\n{text.replace('-->', '→')}\n"
        for number, (start, end, text) in enumerate(shown, start=1)
    )
    return "\n".join(blocks)


def vtt(shown: Iterable[Cue]) -> str:
    """WebVTT with everything escaped that it would read as a mark."""
    blocks = (f"{_time(start, '.')} --> {_time(end, '.')}\n{_marked(text)}\n" for start, end, text in shown)
    return "\n".join(["WEBVTT\n", *blocks])


def _cue(at: float, phrase: Phrase) -> Cue:
    return at + phrase.start, at + phrase.end, "\n".join(phrase.texts)


def _marked(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _time(seconds: float, point: str) -> str:
    whole = round(seconds * 1000)
    minutes, milliseconds = divmod(whole, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{milliseconds // 1000:02d}{point}{milliseconds % 1000:03d}"
