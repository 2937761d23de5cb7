"""Prompts for an article's pictures: one for the whole, the others under headings that can be shown."""

import re

from nightdesk.providers.text.offline.lexicon import ABSTRACT
from nightdesk.providers.text.offline.meta import cut
from nightdesk.providers.text.offline.phrases import gerund, lower_first
from nightdesk.providers.text.offline.shapes.variants import one_of
from nightdesk.providers.text.offline.words import subject_stems, words
from nightdesk.providers.text.questions import ContentToPicture, PicturePrompt, PicturesPrompted

_MOST = 7
_TO_DO = re.compile(r"^how (?:to|do you|can you|should you) ([a-z]+)( .+)?$", re.I)
_IS = re.compile(
    r"^what (?:(?:is|are) (?:an? |the )?(.+)|(?:an? |the )?(.+?) (?:is|are|means?|does)(?:,? and what .+)?)$",
    re.I,
)
_ABOUT = re.compile(
    r"^(?:what (?:to know|people ask) about|making sense of|a short guide to|a working list of|who needs"
    r"|choosing between|(?:short|straight) answers (?:on|about)) (.+)$",
    re.I,
)
_TAIL = re.compile(
    r"(?:, (?:and what .+|step by step|one by one|point by point|judged .+|explained .+|asked and answered)"
    r"| in plain words| at a glance)$",
    re.I,
)
_VIEWS = (
    "seen from above on a plain surface, everything in focus",
    "close up at eye level, shallow depth of field",
    "in its usual place, wide view with room to breathe",
    "a pair of hands at work, face out of frame",
)
_LIGHT = (
    "soft morning daylight",
    "overcast daylight, true colours",
    "low evening sun, long shadows",
    "bright window light",
)


def prompt_pictures(content: ContentToPicture) -> PicturesPrompted:
    """One featured picture and up to `in_article` more; fewer where fewer headings can be shown."""
    subject = _thing(content.title)
    featured = PicturePrompt(
        kind="featured",
        prompt=_prompt(subject, content.title, content.summary, content.site.subject),
        alt=cut(_capital(subject), 200),
        caption=cut(content.title, 200),
    )
    others = [_under(heading, subject, content) for heading in _picturable(content)]
    return PicturesPrompted(pictures=[featured, *others])


def _picturable(content: ContentToPicture) -> list[str]:
    """The headings that name most things one can see, at most as many as asked, in the article's order."""

    def shown(heading: str) -> int:
        found = subject_stems(heading)
        return sum(stem not in ABSTRACT and not stem[0].isdigit() for stem in found) - sum(
            s in ABSTRACT for s in found
        )

    ranked = sorted((h for h in content.headings if shown(h) > 0), key=lambda h: -shown(h))
    chosen = set(ranked[: min(content.in_article, _MOST)])
    return [heading for heading in dict.fromkeys(content.headings) if heading in chosen]


def _under(heading: str, subject: str, content: ContentToPicture) -> PicturePrompt:
    thing = _thing(heading)
    about = (
        thing
        if set(subject_stems(thing)) & set(subject_stems(subject))
        else f"{lower_first(subject).rstrip('?')}: {lower_first(thing)}"
    )
    return PicturePrompt(
        kind="in_article",
        heading=heading,
        prompt=_prompt(about, heading, "", content.site.subject),
        alt=cut(_capital(about), 200),
        caption=cut(_capital(re.sub(r"^\d+\.\s+", "", heading)), 200),
    )


def _prompt(thing: str, seed: str, summary: str, subject: str) -> str:
    told = f" The story: {cut(summary, 300)}" if summary else ""
    setting = f"Setting: {lower_first(subject)}. " if subject else ""
    return cut(
        f"Editorial photograph of {lower_first(thing)}, {one_of(_VIEWS, seed)}, "
        f"{one_of(_LIGHT, seed[::-1])}. "
        f"{setting}No lettering, no logos, no recognisable people.{told}",
        1500,
    )


def _thing(heading: str) -> str:
    """What a title or heading is on, as a phrase that can stand alone; itself where it says so already.

    `How to make leaf mold: the steps` → `Making leaf mold`, `What leaf mold is` → `Leaf mold`.
    """
    bare = re.sub(r"^\d+\.\s+", "", heading.strip())
    head, _, _ = bare.partition(":")
    head = _TAIL.sub("", head if len(words(head)) > 1 else bare)
    done = _TO_DO.match(head.rstrip("?"))
    if done:
        return f"{gerund(done[1].lower())}{done[2] or ''}"
    named = _ABOUT.match(head) or _IS.match(head.rstrip("?"))
    return next(filter(None, named.groups())) if named else head or heading


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
