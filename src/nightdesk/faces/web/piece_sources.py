"""Puts what the sources say beside the paragraphs that cite them."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from markupsafe import Markup

from nightdesk.desk.review.evidence import Evidence

_MARK = re.compile(r'<sup class="citation" id="cite-(\d+)-(\d+)">')
_PLACE = re.compile(r"<(p|li|table|blockquote)\b[^>]*>")

JOINED = "\u2060"
"""Keeps a mark on the line of the word before it."""


def with_notes(html: str, evidence: Sequence[Evidence]) -> Markup:
    """`html`: cleaned, with its marks. Before each paragraph stands a note for each source that it cites."""
    by_mark = {(one.shown, one.use): one for one in evidence}
    notes: dict[tuple[int, int], list[Evidence]] = {}
    for mark in _MARK.finditer(html):
        one = by_mark.get((int(mark[1]), int(mark[2])))
        if one is not None:
            notes.setdefault((_place(html, mark.start()), one.shown), []).append(one)
    known: set[int] = set()
    parts, done = [], 0
    for (at, shown), found in notes.items():
        parts += [_safe(html[done:at]), _note(found, first=shown not in known)]
        known.add(shown)
        done = at
    return Markup("").join([*parts, _safe(html[done:])])


def _safe(html: str) -> Markup:
    """A piece of what the desk has cleaned."""
    return Markup(html.replace("<sup", JOINED + "<sup"))  # noqa: S704


def _place(html: str, mark: int) -> int:
    """Before the paragraph, table or quotation that holds the mark; of a list, inside its item."""
    last = None
    for found in _PLACE.finditer(html, 0, mark):
        last = found
    if last is None:
        return 0
    return last.end() if last[1] == "li" else last.start()


def _note(found: Sequence[Evidence], *, first: bool) -> Markup:
    """What one source says to one paragraph; where it stands is told the first time."""
    one = found[0]
    marks = " ".join(f"{each.shown}-{each.use}" for each in found)
    said = dict.fromkeys(each.says for each in found if each.says and not each.verbatim)
    lines = [Markup('<q class="note-says">{}</q>').format(says) for says in said]
    if any(each.verbatim for each in found):
        lines.insert(0, Markup('<span class="note-same">says so word for word</span>'))
    if not all(each.says for each in found):
        lines.append(Markup('<span class="note-silent">has no sentence like this one</span>'))
    return Markup(
        '<aside class="source-note" data-for="{}" aria-label="Source {}">'
        '<span class="note-number">{}</span><span class="note-body">{}{}</span></aside>'
    ).format(marks, one.shown, one.shown, _head(one, first=first), Markup("").join(lines))


def _head(one: Evidence, *, first: bool) -> Markup:
    host = (urlsplit(one.url).hostname or "").removeprefix("www.") if "://" in one.url else ""
    about = " · ".join(part for part in (one.author, one.published, host) if part)
    kind = "note-head" if first else "note-head note-again"
    return Markup('<span class="{}"><cite>{}</cite> <small>{}</small></span>').format(
        kind, one.title or one.url, about
    )
