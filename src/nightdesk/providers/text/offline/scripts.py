"""Compiles the script of a video from the passages of the site's own sources; nothing in it is invented."""

import re

from nightdesk.kit.endings import Refused
from nightdesk.kit.text import sentences, shorten
from nightdesk.providers.text.offline.meta import cut
from nightdesk.providers.text.offline.phrases import QUESTION
from nightdesk.providers.text.offline.pictures import prompt_pictures
from nightdesk.providers.text.offline.script_headings import headings
from nightdesk.providers.text.offline.script_lines import LONGEST_SECONDS, aloud, lines_of
from nightdesk.providers.text.offline.script_room import Made, Room, Said
from nightdesk.providers.text.offline.script_shapes import SHAPES, explainer
from nightdesk.providers.text.offline.script_words import phrases_of
from nightdesk.providers.text.offline.statements import subject_of
from nightdesk.providers.text.offline.words import subject_stems, words
from nightdesk.providers.text.pace import words_in, words_said
from nightdesk.providers.text.questions import ContentToPicture
from nightdesk.providers.text.video_questions import (
    ScriptBeat,
    ScriptOutlined,
    ScriptScene,
    ScriptToOutline,
    ScriptToWrite,
    ScriptWritten,
    VideoSubject,
)

FEWEST_SUMMARY_WORDS = 40
"""Of a topic's summary that a short script can be made of."""
_FEWEST_WORDS = 15
"""Below this the passages have nothing to make a script of."""
_HASHTAGS = 5
_PARTS = re.compile(r",? (?:and|or|und|oder|y|et|e|en|vs\.?) |[,;:?!]\s*")
_ASKS = ("?", "？", "؟")
_NAME = 3
"""Words of a name that makes one hashtag."""


def outline_script(subject: ScriptToOutline) -> ScriptOutlined:
    """The statements that the script will be compiled from, in order. Raises `Refused` without any."""
    made = _made(subject)
    beats = [ScriptBeat(point=shorten(said.says, 400), cites=_cites(said)) for said in made.scenes]
    return ScriptOutlined(hook=shorten(made.hook.says, 400), beats=beats)


def write_script(subject: ScriptToWrite) -> ScriptWritten:
    """The script, every statement cited. Raises `Refused` where no source says anything on the subject."""
    made = _made(subject)
    names = headings(subject.title, made.scenes, subject.language)
    return ScriptWritten(
        title=shorten(subject.title, min(subject.limits.title, 200)) or "…",
        hook=made.hook.says,
        hook_cites=_cites(made.hook),
        scenes=[_scene(said, name, subject) for said, name in zip(made.scenes, names, strict=True)],
        cta=_follow(subject),
        description=_description(made, subject),
        hashtags=_hashtags(subject),
    )


def _made(subject: VideoSubject) -> Made:
    phrases = phrases_of(subject.language)
    lines = lines_of(subject) if subject.passages else []
    room = Room(subject, lines, subject.words - words_said(_follow(subject)), phrases)
    if sum(line.words for line in lines) >= _FEWEST_WORDS:
        # What a kind cannot be made of, for want of time or headings, is told as it comes.
        for shape in (SHAPES[subject.kind], explainer):
            if (made := shape(room)) and made.scenes:
                return made
    return _of_summary(subject)


def _of_summary(subject: VideoSubject) -> Made:
    """The topic's own summary, said as it stands."""
    longest = words_in(LONGEST_SECONDS + 2, subject.language)
    said = [aloud(one) for one in sentences(subject.summary) if words_said(one) <= longest]
    if words_said(subject.summary) < FEWEST_SUMMARY_WORDS or len(said) < 2:
        raise Refused(
            f"No document says anything about “{shorten(subject.title, 100)}”: add sources on it to the "
            f"site, or give the topic a summary of at least {FEWEST_SUMMARY_WORDS} words and write it again."
        )
    kept: list[str] = []
    for one in said:
        if sum(map(words_said, kept)) + words_said(one) <= 1.1 * subject.words:
            kept.append(one)
    rest = [Said(one, (), 0, subject.title) for one in kept[1:]]
    return Made(Said(kept[0], (), 0, subject.title), rest)


def _cites(said: Said) -> list[int]:
    return list(dict.fromkeys(line.passage for line in said.lines))


def _scene(said: Said, heading: str, subject: VideoSubject) -> ScriptScene:
    told = " ".join(line.says for line in said.lines) or said.says
    asked = ContentToPicture(site=subject.site, title=_seen(said, subject), summary=told, headings=[])
    prompt = prompt_pictures(asked).pictures[0].prompt
    seen = f" In the picture: {subject.character}." if subject.character else ""
    return ScriptScene(
        heading=cut(heading, 120),
        says=said.says,
        speaker=said.speaker,
        prompt=cut(prompt + seen, 1500),
        cites=_cites(said),
    )


def _seen(said: Said, subject: VideoSubject) -> str:
    """What a picture can show: what the first sentence is about, else what its heading or the title names."""
    found = subject_of(said.lines[0].says) if said.lines and subject.language.startswith("en") else None
    thing = re.sub(r"^(?:an?|the|each|every|most|some) ", "", found[0], flags=re.I) if found else ""
    named = (name for name in (thing, said.heading, subject.title) if name and not QUESTION.match(name))
    return next(named, subject.site.subject or subject.title)


def _follow(subject: VideoSubject) -> str:
    return phrases_of(subject.language).follow.format(subject.site.name) if subject.site.name else ""


def _description(made: Made, subject: VideoSubject) -> str:
    """What is said first, and the titles of the documents that it was compiled from."""
    opening = " ".join(said.says for said in (made.hook, *made.scenes[:1]) if said.lines) or made.hook.says
    used = {line.place[0] for said in (made.hook, *made.scenes) for line in said.lines}
    titles = [document.title for document in subject.documents if document.number in used]
    unsaid = [line for said in made.scenes for line in said.unsaid]
    rest = "\n".join(f"{line.place[2] + 1}. {line.sentence.text}" for line in unsaid)
    named = phrases_of(subject.language).sources
    sources = f"{named}: {'; '.join(titles)}" if named and titles else "; ".join(titles)
    return cut("\n\n".join(filter(None, (opening, rest, sources))), min(subject.limits.description, 5000))


def _hashtags(subject: VideoSubject) -> list[str]:
    """What the title is on, and the things that the site is about: names of up to three words as one."""
    asked = ContentToPicture(site=subject.site, title=subject.title, summary="", headings=[])
    thing = prompt_pictures(asked).pictures[0].alt
    thing = "" if QUESTION.match(thing) or subject.title.endswith(_ASKS) else thing
    named = [part for text in (thing, subject.site.subject) for part in _PARTS.split(text)]
    telling = ([word for word in words(name) if subject_stems(word)] for name in named)
    joined = ["".join(word[:1].upper() + word[1:] for word in name) for name in telling if len(name) <= _NAME]
    bare = [tag for tag in (re.sub(r"[\W_]", "", tag) for tag in joined) if 2 < len(tag) <= 40]
    tags = {tag.casefold(): f"#{tag}" for tag in reversed(bare) if not tag.isdigit()}
    return list(reversed(tags.values()))[: min(subject.limits.hashtags, _HASHTAGS)]
