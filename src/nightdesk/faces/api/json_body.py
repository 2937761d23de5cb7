"""Reads JSON strictly: what two readers could understand differently is refused."""

import json
import math
from collections.abc import Iterator
from typing import Any

DEEPEST = 32
"""Levels of lists and objects within each other."""

LONGEST_NUMBER = 300
"""Digits: more than any that is stored, fewer than take long to read."""


class Wrong(Exception):
    """The text is not JSON as it is taken here; `field` is the place, empty where there is none."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class _Odd:
    """Stands for a number that is none; the message says why."""

    def __init__(self, message: str) -> None:
        self.message = message


class _Twice(dict[str, Any]):
    """An object in which a key stands twice."""

    key: str


Path = tuple["Path", str | int] | None


def check(body: bytes) -> None:
    """Raises `Wrong` for what is not UTF-8, not JSON, too deep, or holds a key twice, a number that is not
    finite, a NUL or half a surrogate pair (which no database stores).
    """
    try:
        text = body.decode("utf-8")
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_no_number, parse_float=_finite, parse_int=_whole
        )
    except UnicodeDecodeError as error:
        raise Wrong("body", f"This is not UTF-8, from byte {error.start} on.") from error
    except json.JSONDecodeError as error:
        message = f"This is not JSON, at line {error.lineno}, column {error.colno}: {error.msg}."
        raise Wrong("body", message) from error
    except RecursionError as error:
        raise Wrong("body", f"More than {DEEPEST} levels within each other.") from error
    escaped = "\\u" in text
    for path, found in _walk(value):
        if isinstance(found, _Odd):
            raise Wrong(spelled(path), found.message)
        if isinstance(found, _Twice):
            raise Wrong(spelled((path, found.key)), "This key stands twice.")
        if escaped:
            _check_text(path, found)


def spelled(path: Path) -> str:
    """`items.3.phrase`, or `body` for the whole."""
    parts: list[str] = []
    while path is not None:
        path, part = path
        parts.append("".join(map(_shown, str(part)[:100])))
    return ".".join(reversed(parts)) or "body"


def _shown(char: str) -> str:
    return char if char.isprintable() else char.encode("unicode_escape").decode()


def _walk(value: Any) -> Iterator[tuple[Path, Any]]:
    """Every list and object, and what stands for an odd number. Raises `Wrong` for too many levels."""
    left: list[tuple[Path, Any, int]] = [(None, value, 1)]
    while left:
        path, found, depth = left.pop()
        if isinstance(found, (dict, list)) and depth > DEEPEST:
            raise Wrong(spelled(path), f"More than {DEEPEST} levels within each other.")
        yield path, found
        for key, inner in _parts(found):
            if isinstance(inner, (dict, list, _Odd)):
                left.append(((path, key), inner, depth + 1))


def _parts(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return iter(value.items())
    return iter(enumerate(value)) if isinstance(value, list) else iter(())


def _check_text(path: Path, value: Any) -> None:
    if isinstance(value, str):
        _check_string(path, value)
    for key, inner in _parts(value):
        if isinstance(key, str):
            _check_string((path, key), key)
        if isinstance(inner, str):
            _check_string((path, key), inner)


def _check_string(path: Path, text: str) -> None:
    if "\0" in text:
        raise Wrong(spelled(path), "A NUL character cannot be stored.")
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise Wrong(spelled(path), "Half of a surrogate pair is no character.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    twice, seen = _Twice(found), set()
    for key, _ in pairs:
        if key in seen:
            twice.key = key
            break
        seen.add(key)
    return twice


def _no_number(name: str) -> _Odd:
    return _Odd(f"{name} is no number in JSON.")


def _finite(digits: str) -> float | _Odd:
    value = float(digits)
    return value if math.isfinite(value) else _Odd(f"The number {digits[:30]} is too large.")


def _whole(digits: str) -> int | _Odd:
    return int(digits) if len(digits) <= LONGEST_NUMBER else _Odd(f"The number {digits[:30]}… is too long.")
