"""The tiny real call for each kind of work, and what a person is told of its answer."""

import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nightdesk.desk.chosen import Chosen
from nightdesk.desk.providers import Providers
from nightdesk.providers.calls import ListMeter, Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.clips.contract import ClipRequest
from nightdesk.providers.images.contract import Picture, PictureRequest
from nightdesk.providers.renderers.contract import Look, RenderRequest, Scene
from nightdesk.providers.speech.contract import SpeechRequest
from nightdesk.providers.text.contract import Question
from nightdesk.providers.text.questions import Group, GroupsJudged, GroupsToJudge, SiteBrief

PHRASES = ("how to start composting", "worm bin at home")
NEARBY = "starting a compost heap"
SAID = "Good evening. This is how the night desk sounds."
_QUESTION = Question(
    "groups",
    "Put each of the groups into a cluster with a short name; every number exactly once.",
    GroupsToJudge(
        site=SiteBrief(name="Trial", subject="Composting"),
        groups=[Group(number=n, representative=phrase, keywords=1) for n, phrase in enumerate(PHRASES, 1)],
    ),
    GroupsJudged,
    max_tokens=1024,
)
_PICTURE = PictureRequest("A plain sheet of paper on a desk", "A trial picture", width=1024, height=1024)
_CARD = replace(_PICTURE, width=480, height=270)
_FILMED = (480, 270)
_RENDERED = Look(width=128, height=128, captions="")
_TIMING = {
    "engine": "the voice itself told when each word is said",
    "heard": "faster-whisper found the words in the sound",
    "aligned": "the words were found in the sound",
    "counted": "the times of words are shared out by their length",
}


@dataclass(frozen=True)
class Answer:
    """What a provider gave: told in a sentence, and for a person to look at.

    `sound` is a WAV file; `heard` names it where a trial has kept it.
    """

    says: str
    lines: Sequence[str] = ()
    picture: Picture | None = None
    sound: bytes = b""
    heard: str = ""


async def _text(providers: Providers, chosen: Chosen, meter: Meter) -> Answer:
    answer = await providers.text(chosen).ask(_QUESTION, meter)
    named = dict(enumerate(PHRASES, 1))
    lines = [
        f"{one.name}: {', '.join(f'“{named[n]}”' for n in one.groups if n in named)}"
        for one in answer.clusters
    ]
    return Answer(f"It answered with {len(answer.clusters)} clusters.", lines)


async def _embeddings(providers: Providers, chosen: Chosen, meter: Meter) -> Answer:
    vectors = await providers.embeddings(chosen).embed((*PHRASES, NEARBY), meter)
    near = [
        f"“{PHRASES[0]}” and “{phrase}” are {float(vectors[0] @ vectors[n]):.0%} alike."
        for n, phrase in ((2, NEARBY), (1, PHRASES[1]))
    ]
    return Answer(f"It answered with vectors of {vectors.shape[1]} numbers.", near)


async def _images(providers: Providers, chosen: Chosen, meter: Meter) -> Answer:
    picture = await providers.images(chosen).make(_PICTURE, meter)
    return Answer(f"It made a picture of {picture.width} × {picture.height}.", picture=picture)


async def _speech(providers: Providers, chosen: Chosen, meter: Meter) -> Answer:
    spoken = await providers.speech(chosen).speak(SpeechRequest(SAID), meter)
    took = f"The voice {spoken.label} read a sentence in {spoken.seconds:.1f} seconds"
    said = f"{took}: {_TIMING[spoken.timing]}."
    return Answer(said, [spoken.note] if spoken.note else [], sound=spoken.sound)


async def _clips(providers: Providers, chosen: Chosen, meter: Meter) -> Answer:
    card = await _card(providers, chosen)
    width, height = _FILMED
    request = ClipRequest(card.content, _CARD.prompt, 2.0, width, height)
    clip = await providers.clips(chosen).make(request, meter)
    note = [clip.note] if clip.note and clip.note != clip.move else []
    if clip.footage is None:
        return Answer(f"It moves the camera over the picture: {clip.move}.", note, card)
    return Answer(f"It made footage of {len(clip.footage) / 1e6:.1f} MB.", note, card)


async def _renderer(providers: Providers, chosen: Chosen, meter: Meter) -> Answer:
    card = await _card(providers, chosen)
    with tempfile.TemporaryDirectory(prefix="nightdesk-trial-") as made:
        folder = Path(made)
        footage = folder / "card.png"
        footage.write_bytes(card.content)
        request = RenderRequest((Scene(footage, 0.5),), look=_RENDERED)
        video = await providers.renderer(chosen).render(
            request, folder / "trial.mp4", folder / "parts", meter
        )
        cover, size = video.cover.read_bytes(), video.video.stat().st_size
    picture = Picture(cover, "image/png", _RENDERED.width, _RENDERED.height)
    return Answer(f"It rendered {video.frames} frames into a video of {size / 1000:.0f} kB.", picture=picture)


async def _card(providers: Providers, chosen: Chosen) -> Picture:
    """A picture to film, set on this machine whatever makes the site's pictures."""
    return await providers.images(replace(chosen, images=Choice("cards"))).make(_CARD, ListMeter())


CALLS: Mapping[str, Callable[[Providers, Chosen, Meter], Awaitable[Answer]]] = {
    "text": _text,
    "embeddings": _embeddings,
    "images": _images,
    "speech": _speech,
    "clips": _clips,
    "renderer": _renderer,
}
