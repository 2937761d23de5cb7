"""Prompts for an article's pictures: one for the whole, the others under headings that can be shown."""

from nightdesk.providers.text.offline.lexicon import ABSTRACT
from nightdesk.providers.text.offline.meta import cut
from nightdesk.providers.text.offline.phrases import lower_first
from nightdesk.providers.text.offline.shapes.variants import one_of
from nightdesk.providers.text.offline.words import subject_stems, words
from nightdesk.providers.text.questions import ContentToPicture, PicturePrompt, PicturesPrompted

_MOST = 7
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
        alt=cut(_capital(f"{subject}, as the article explains it" if len(subject) < 12 else subject), 200),
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
        else f"{thing}, for {lower_first(subject)}"
    )
    return PicturePrompt(
        kind="in_article",
        heading=heading,
        prompt=_prompt(about, heading, "", content.site.subject),
        alt=cut(_capital(about), 200),
        caption=cut(f"{_capital(thing)}.", 200),
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
    """The heading without number, opening question and what follows a colon, where enough is left."""
    bare = heading.strip().lstrip("0123456789. ").rstrip("?.! ")
    head = bare.split(":", 1)[0] if len(words(bare.split(":", 1)[0])) > 1 else bare
    for opening in ("how to ", "what is ", "what are ", "how do you ", "can you ", "why ", "what ", "how "):
        if head.casefold().startswith(opening) and len(words(head)) > len(opening.split()) + 1:
            return head[len(opening) :]
    return head or heading


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
