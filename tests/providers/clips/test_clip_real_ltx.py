"""The real diffusers film by a pipeline of random weights, in the provider's own child, fenced in.

`NIGHTDESK_LTX_PACKAGES` names a folder with torch, diffusers, transformers and sentencepiece, built for this
Python.
"""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from nightdesk.kit.clock import SystemClock
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.clips import open_clips
from nightdesk.providers.clips.contract import ClipRequest
from nightdesk.providers.clips.footage import looked_at
from nightdesk.providers.clips.opening import ClipSurroundings
from servers import ltx_tiny_model
from servers.clips_server import FFMPEG, still

PACKAGES = os.environ.get("NIGHTDESK_LTX_PACKAGES", "")
pytestmark = [
    pytest.mark.prove,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not PACKAGES, reason="NIGHTDESK_LTX_PACKAGES names no torch and diffusers"),
]


async def test_a_tiny_pipeline_films_from_pictures_and_from_words_and_the_same_each_time(
    tmp_path: Path,
) -> None:
    model = tmp_path / "tiny"
    program = [sys.executable, ltx_tiny_model.__file__, PACKAGES, str(model)]
    subprocess.run(program, check=True, timeout=400, capture_output=True)
    around = ClipSurroundings(clock=SystemClock(), ffmpeg=FFMPEG)
    options = {"packages": PACKAGES, "steps": 2, "longest": 128}
    choice = Choice("ltx", str(model), timeout=300, options=options)
    film = open_clips(choice, around)
    words = open_clips(replace(choice, options={**options, "pictures": False}), around)
    request = ClipRequest(still(), "a compost bin", 0.3, 64, 128, seed=3)
    first = await film.make(replace(request, last=still(20, 20)), ListMeter())
    assert first.footage is not None
    media = await looked_at(first.footage, FFMPEG)
    assert media.pictures is not None
    assert (media.pictures.width, media.pictures.height, media.pictures.frames) == (64, 128, 9)
    again = await film.make(replace(request, last=still(20, 20)), ListMeter())
    other = await film.make(replace(request, seed=4), ListMeter())
    assert again.footage == first.footage
    assert other.footage != first.footage
    await film.aclose()
    assert (await words.make(request, ListMeter())).footage is not None
    await words.aclose()
