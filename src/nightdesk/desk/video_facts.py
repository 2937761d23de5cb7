"""What a site may say of its videos, each fact looked at before it is kept."""

from collections.abc import Callable, Mapping
from typing import Any

from nightdesk.desk.errors import Invalid
from nightdesk.desk.inputs import storable
from nightdesk.lines.video.usual import NO_CAPTIONS
from nightdesk.lines.video.watermark import CORNERS
from nightdesk.media.captions.styles import STYLES

FORMATS = ("9:16", "16:9", "1:1")
"""The shapes that a video can have, width to height."""

SHORTEST, LONGEST = 10, 900
"""Seconds of a video."""

CAPTIONS = (*STYLES, NO_CAPTIONS)
SMALLEST_MARK, LARGEST_MARK = 0.05, 0.5
"""Of a watermark, as shares of the frame's width."""

FAINTEST_MARK = 0.1
"""The least opacity of a watermark; one that nobody sees is none."""

MOST_SPOKEN = 500
"""Words of a pronunciation lexicon."""

LONGEST_WRITTEN, LONGEST_SAID = 60, 120


def looked_at(value: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The facts as they are kept, and what is wrong with which field; what is empty is left out.

    `duration` in seconds, `format`, `voice`, `captions` (a style, or `none`), `watermark` (`off`, `corner`,
    `share` of the frame's width, `opacity`), `lexicon` (what is said for a word). Fields of the watermark
    are named like `watermark_share`.
    """
    kept: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, given in value.items():
        if given in ("", None, {}):
            continue
        if name not in _CHECKS:
            wrong[name] = f"A site's videos have no `{name}` that can be set."
            continue
        try:
            found = _CHECKS[name](given)
        except Invalid as error:
            wrong[error.field] = str(error)
        else:
            if found != {}:
                kept[name] = found
    return kept, wrong


def checked(_: str, value: Any) -> dict[str, Any]:
    """The facts as they are kept. Raises `Invalid` for the first field that is wrong."""
    if not isinstance(value, dict):
        raise Invalid("video", "This is to be an object.")
    kept, wrong = looked_at(value)
    for field, says in wrong.items():
        raise Invalid(field, says)
    return kept


def _duration(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not SHORTEST <= value <= LONGEST:
        raise Invalid("duration", f"Videos take from {SHORTEST} to {LONGEST} whole seconds.")
    return value


def _format(value: Any) -> str:
    return _one_of("format", value, FORMATS)


def _voice(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 100:
        raise Invalid("voice", "A voice is named in 100 characters at most.")
    return _kept("voice", value)


def _captions(value: Any) -> str:
    return _one_of("captions", value, CAPTIONS)


def _watermark(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Invalid("watermark", "This is to be an object.")
    given = {name: one for name, one in value.items() if one is not False and one not in ("", None)}
    if unknown := given.keys() - {"off", "corner", "share", "opacity"}:
        raise Invalid("watermark", f"A watermark has no `{min(unknown)}` that can be set.")
    if given.get("off", True) is not True:
        raise Invalid("watermark_off", "Either true or false.")
    if "corner" in given:
        _one_of("watermark_corner", given["corner"], CORNERS)
    _share("watermark_share", given.get("share", SMALLEST_MARK), SMALLEST_MARK, LARGEST_MARK)
    _share("watermark_opacity", given.get("opacity", 1), FAINTEST_MARK, 1.0)
    return given


def _share(field: str, value: Any, least: float, most: float) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
        raise Invalid(field, f"From {least:.0%} to {most:.0%}.")


def _lexicon(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(said, str) for said in value.values()):
        raise Invalid("lexicon", "This is to be an object of words and how each is said.")
    words = {" ".join(word.split()): " ".join(said.split()) for word, said in value.items()}
    if len(words) > MOST_SPOKEN:
        raise Invalid("lexicon", f"At most {MOST_SPOKEN} words.")
    for word, said in words.items():
        if not 1 <= len(word) <= LONGEST_WRITTEN:
            raise Invalid("lexicon", f"A word has from 1 to {LONGEST_WRITTEN} characters: “{word[:40]}”.")
        if not 1 <= len(said) <= LONGEST_SAID:
            raise Invalid("lexicon", f"What is said for “{word}” has from 1 to {LONGEST_SAID} characters.")
        _kept("lexicon", word + said)
    return words


def _one_of(field: str, value: Any, known: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in known:
        raise Invalid(field, f"One of {', '.join(known)}.")
    return value


def _kept(field: str, text: str) -> str:
    try:
        return storable(text).strip()
    except ValueError as error:
        raise Invalid(field, f"This cannot be kept: {error}.") from error


_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "duration": _duration,
    "format": _format,
    "voice": _voice,
    "captions": _captions,
    "watermark": _watermark,
    "lexicon": _lexicon,
}
