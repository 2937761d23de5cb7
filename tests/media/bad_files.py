"""All bad files, and their contents made in a process of their own, whose memory is not that of the house."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from media.bad_clips import CLIPS
from media.bad_pictures import PICTURES, Bad
from media.bad_sounds import SOUNDS

CORPORA: Mapping[str, Mapping[str, Bad]] = {"pictures": PICTURES, "clips": CLIPS, "sounds": SOUNDS}


def content_of(kind: str, name: str) -> bytes:
    """What a file of a corpus holds."""
    return CORPORA[kind][name].content()


@contextmanager
def maker() -> Iterator[ProcessPoolExecutor]:
    """What makes contents: `maker.submit(content_of, kind, name)`."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield pool
