"""The film that every renderer makes: six scenes in 30 s, narrated, captioned, with watermark and music."""

import wave
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nightdesk.media.captions.words import Word
from nightdesk.media.moves import Move
from nightdesk.providers.renderers.contract import Look, RenderRequest, Scene, Watermark

RATE, SAMPLES = 30, 48_000
MOVES: tuple[Move, ...] = ("push-in", "pan-left", "pull-out", "push-in", "pan-up", "pull-out")
FRAMES = (160, 180, 140, 190, 150, 80)
SAID = (
    "A heap of leaves that is turned every week grows warm within three days.",
    "Bacteria eat what is green and moist first, and the warmth is what is left of their meal.",
    "Without air they starve, and others take over that smell of eggs.",
    "A fork, a dry day and ten minutes are all it takes. Lift what lay below and let it fall back loosely.",
    "Brown leaves keep the heap open, so add two buckets of them to each of green.",
    "More on the site, every morning.",
)
INSTEAD = "Brown leaves keep the heap open, so add two buckets for each of kitchen scraps."
ANEW = ((4, 146, INSTEAD), (3, 171, f"{SAID[3].split('. ')[0]}. Then let it fall back loosely."))
"""Scenes of which one sentence is written anew, and how many frames each is long then.

The first has the length of them all in the mean, the second is the longest of all.
"""

_PAUSE = 0.35
"""Seconds of a scene in which nobody speaks, at its end."""


def film(folder: Path, look: Look) -> RenderRequest:
    """Everything that the film is made of, as files in `folder`."""
    scenes = tuple(
        Scene(picture(folder / f"{n}.jpg", n), frames / RATE, move, n, spoken(said, frames / RATE))
        for n, (frames, move, said) in enumerate(zip(FRAMES, MOVES, SAID, strict=True))
    )
    logo = folder / "logo.png"
    Image.new("RGBA", (300, 120), (255, 255, 255, 200)).save(logo)
    narration = voice(folder / "voice.wav", scenes)
    return RenderRequest(scenes, narration, music(folder / "music.wav"), Watermark(logo), look)


def edited(request: RenderRequest, which: int, folder: Path) -> RenderRequest:
    """The film after one sentence of a scene was written anew: its words, length and captions are others."""
    scene, frames, said = ANEW[which]
    changed = replace(request.scenes[scene], seconds=frames / RATE, words=spoken(said, frames / RATE))
    scenes = (*request.scenes[:scene], changed, *request.scenes[scene + 1 :])
    return replace(request, scenes=scenes, narration=voice(folder / f"voice-{which}.wav", scenes))


def spoken(said: str, seconds: float) -> tuple[Word, ...]:
    """Its words with times, each as long as it has letters."""
    words = said.split()
    ends = list(accumulate(len(word) + 2 for word in words))
    a_letter = (seconds - _PAUSE) / ends[-1]
    begins = [0, *ends[:-1]]
    return tuple(
        Word(word, begin * a_letter, (end - 0.5) * a_letter)
        for word, begin, end in zip(words, begins, ends, strict=True)
    )


def picture(path: Path, seed: int) -> Path:
    """A picture with detail of every size, as photographs have, from noise of a few sizes laid together."""
    dice = np.random.default_rng(seed)
    whole = np.zeros((1600, 1200, 3), np.float32)
    for step, strength in ((4, 40), (8, 40), (16, 60), (32, 60), (64, 60), (256, 60), (512, 120)):
        small = dice.integers(0, 255, (1600 // step + 1, 1200 // step + 1, 3), np.uint8)
        grown = Image.fromarray(small).resize((1200, 1600), Image.Resampling.BICUBIC)
        whole += (np.asarray(grown, np.float32) - 127) * strength / 255
    Image.fromarray(np.clip(whole + 127, 0, 255).astype(np.uint8)).save(path, quality=92)
    return path


def voice(path: Path, scenes: Sequence[Scene]) -> Path:
    """A hum for every word, and silence between them."""
    starts = [0.0, *accumulate(scene.seconds for scene in scenes)]
    at = np.arange(round(starts[-1] * SAMPLES)) / SAMPLES
    heard = np.zeros(len(at))
    for start, scene in zip(starts, scenes, strict=False):
        for word in scene.words:
            first, last = (round((start + moment) * SAMPLES) for moment in (word.start, word.end))
            heard[first:last] = np.hanning(last - first)
    tone = np.sin(2 * np.pi * 180 * at) + 0.5 * np.sin(2 * np.pi * 720 * at)
    return _written(path, heard * tone * 0.3)


def music(path: Path) -> Path:
    """Eight seconds of chords, to be played again and again."""
    at = np.arange(8 * SAMPLES) / SAMPLES
    chord = sum(np.sin(2 * np.pi * tone * at) for tone in (110, 165, 220, 277))
    return _written(path, chord * (0.6 + 0.4 * np.cos(np.pi * at)) * 0.12)


def _written(path: Path, sound: NDArray[np.float64]) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, SAMPLES, 0, "NONE", ""))
        out.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return path
