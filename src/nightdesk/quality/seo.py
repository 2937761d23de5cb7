"""Search engines: whether a page says early, plainly and once what it is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nightdesk.kit.text import count_words, shorten, slug
from nightdesk.quality.page_outline import Outline, outline
from nightdesk.quality.report import CheckReport, Finding, score_of
from nightdesk.quality.words import content_words, stem, words

# Google shows about 580 pixels of a title and 920 of a description: some 60 and 155 letters of Latin type.
_TITLE = (20, 60)
_DESCRIPTION = (70, 160)
_SLUG = 75
_STUFFED = 0.035
_EVERY_HEADING = 300


@dataclass(frozen=True)
class Page:
    """What is checked: `keywords` with the most important first, `words_wanted` 0 where nothing was asked."""

    title: str
    meta_title: str
    meta_description: str
    slug: str
    html: str
    text: str
    """The visible text, without the list of sources."""
    keywords: Sequence[str] = ()
    words_wanted: int = 0
    own_pieces: int = 0
    """How many other pieces of the site could have been linked to."""


def check(page: Page) -> CheckReport:
    """The score is 100 less 8 for each warning and 25 for each serious finding."""
    seen = outline(page.html)
    counted = count_words(page.text)
    internal = [href for href, _ in seen.links if href.startswith("/") and not href.startswith("//")]
    findings = [
        *_lengths(page),
        *_keyword(page, seen),
        *_headings(seen, counted),
        *_links(internal, page.own_pieces),
        *_pictures(seen),
        *_amount(counted, page.words_wanted),
        *_stuffing(page),
    ]
    facts = {
        "meta_title_length": len(page.meta_title),
        "meta_description_length": len(page.meta_description),
        "words": counted,
        "headings": len(seen.headings),
        "internal_links": len(internal),
        "pictures": len(seen.pictures),
        "keyword": page.keywords[0] if page.keywords else None,
        "keyword_density": round(_density(page.keywords[0], words(page.text)), 4) if page.keywords else None,
    }
    return CheckReport("seo", score_of(findings), findings, facts)


def _lengths(page: Page) -> Iterable[Finding]:
    for name, text, (least, most) in (
        ("meta_title", page.meta_title or page.title, _TITLE),
        ("meta_description", page.meta_description, _DESCRIPTION),
    ):
        called = name.replace("_", " ")
        if not text.strip():
            yield Finding(f"{name}_missing", "serious", f"The {called} is missing: write one.")
        elif len(text) < least:
            message = f"The {called} has {len(text)} characters: use {least} to {most}."
            yield Finding(f"{name}_short", "warning", message, text)
        elif len(text) > most:
            message = f"The {called} has {len(text)} characters and will be cut at about {most}: shorten it."
            yield Finding(f"{name}_long", "warning", message, text)
    if not page.slug or slug(page.slug, 1000) != page.slug:
        yield Finding(
            "slug_form",
            "serious",
            "Write the slug in small letters and digits with single hyphens between words.",
            page.slug,
        )
    elif len(page.slug) > _SLUG:
        message = f"The slug has {len(page.slug)} characters: keep it under {_SLUG}."
        yield Finding("slug_long", "warning", message, page.slug)


def _keyword(page: Page, seen: Outline) -> Iterable[Finding]:
    if not page.keywords:
        return
    keyword = page.keywords[0]
    if not _speaks_of(keyword, page.meta_title or page.title):
        yield Finding("keyword_not_in_title", "warning", f"Say “{keyword}” in the title.", page.meta_title)
    if not _speaks_of(keyword, seen.first_paragraph):
        message = f"Say “{keyword}” in the first paragraph."
        yield Finding(
            "keyword_not_in_first_paragraph", "warning", message, shorten(seen.first_paragraph, 160)
        )
    if seen.headings and not any(_speaks_of(keyword, text) for _, text in seen.headings):
        yield Finding("keyword_not_in_headings", "info", f"Say “{keyword}” in one of the headings.")
    if not _speaks_of(keyword, page.meta_description):
        yield Finding("keyword_not_in_description", "info", f"Say “{keyword}” in the meta description.")
    said = frozenset(map(stem, words(page.text)))
    for other in page.keywords[1:]:
        if not _wanted(other) <= said:
            yield Finding("keyword_missing", "info", f"“{other}” was asked for and is not in the text.")


def _speaks_of(keyword: str, text: str) -> bool:
    """Whether every word of the keyword that carries meaning is in the text, in whatever form and order."""
    return _wanted(keyword) <= frozenset(map(stem, words(text)))


def _wanted(keyword: str) -> frozenset[str]:
    return content_words(keyword) or frozenset(map(stem, words(keyword)))


def _headings(seen: Outline, counted: int) -> Iterable[Finding]:
    before = 1
    for level, text in seen.headings:
        if level == 1:
            yield Finding("second_h1", "serious", "The title is the only h1: make this one an h2.", text)
        if level > before + 1:
            message = f"A heading of level {level} follows level {before}: leave no level out."
            yield Finding("heading_level_skipped", "warning", message, text)
        if not text:
            yield Finding("heading_empty", "warning", "A heading is empty: remove it.")
        before = level
    wanted = counted // _EVERY_HEADING
    if len(seen.headings) < wanted:
        message = (
            f"{len(seen.headings)} headings for {counted} words: one every {_EVERY_HEADING} words helps."
        )
        yield Finding("few_headings", "warning", message)
    told = [text.casefold() for _, text in seen.headings]
    for text in sorted({text for text in told if told.count(text) > 1}):
        yield Finding("heading_repeated", "warning", "Two headings are the same: name them apart.", text)


def _links(internal: Sequence[str], own_pieces: int) -> Iterable[Finding]:
    if own_pieces and not internal:
        yield Finding("no_internal_links", "warning", "Link to at least one of the site's own pieces.")


def _pictures(seen: Outline) -> Iterable[Finding]:
    for src, alt in seen.pictures:
        if not alt:
            yield Finding("alt_missing", "serious", "Describe this picture in its alternative text.", src)
        elif len(alt) > 160:
            yield Finding("alt_long", "info", "Shorten this alternative text to one sentence.", alt)


def _amount(counted: int, wanted: int) -> Iterable[Finding]:
    if not wanted:
        return
    message = f"{counted} words where {wanted} were asked for: "
    if counted < 0.5 * wanted:
        yield Finding("far_too_short", "serious", message + "write the missing parts.")
    elif counted < 0.8 * wanted:
        yield Finding("too_short", "warning", message + "say more where the outline asks for it.")
    elif counted > 1.5 * wanted:
        yield Finding("too_long", "warning", message + "cut what repeats itself.")


def _stuffing(page: Page) -> Iterable[Finding]:
    said = words(page.text)
    for keyword in page.keywords:
        density = _density(keyword, said)
        if density > _STUFFED:
            message = f"“{keyword}” makes up {density:.1%} of the words: say it less often, or otherwise."
            yield Finding("keyword_stuffing", "serious" if density > 2 * _STUFFED else "warning", message)


def _density(keyword: str, said: Sequence[str]) -> float:
    """Share of the words `said` that belong to the keyword, said whole; 0 for fewer than 100 words."""
    wanted = words(keyword)
    if len(said) < 100 or not wanted:
        return 0.0
    size = len(wanted)
    times = sum(said[at : at + size] == wanted for at, word in enumerate(said) if word == wanted[0])
    # A single word that names the subject cannot be avoided as a phrase can: it counts by half.
    return times * size / len(said) * (0.5 if size == 1 else 1.0)
