"""Finds what keeps a video from being taken by a platform, and says what to do about each."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from nightdesk.media.platforms.facts import CoverFacts, PostFacts, VideoFacts, length
from nightdesk.media.platforms.limits import Cover, Limits

SLACK = 0.005
"""The share by which a shape or a rate may miss its limits: what rounding to whole pixels makes."""

_TAG = re.compile(r"#\w+")


@dataclass(frozen=True)
class Break:
    """One limit that is broken; an export mends those that are `mendable`."""

    code: str
    message: str
    mendable: bool = True

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def validate(facts: VideoFacts, platform: Limits, post: PostFacts | None = None) -> list[Break]:
    """What the platform would not take; `post`: what is said beside the video, where that is known."""
    found = [*_file(facts, platform), *_frames(facts, platform), *_length(facts, platform)]
    if facts.watermark and not platform.watermark:
        message = f"{platform.name} takes no watermark: render the video without the logo."
        found.append(Break("watermark", message, mendable=False))
    return found + (list(_post(post, platform)) if post else [])


def _file(facts: VideoFacts, platform: Limits) -> Iterator[Break]:
    name = platform.name
    if facts.container not in platform.containers:
        yield Break("container", f"{name} takes no {facts.container}: make an MP4 of it.")
    if facts.video not in platform.video:
        yield Break("video_codec", f"{name} takes no pictures in {facts.video}: encode them in H.264.")
    if facts.sound and facts.sound not in platform.sound:
        yield Break("sound_codec", f"{name} takes no sound in {facts.sound}: encode it in AAC.")
    if facts.bytes > platform.bytes:
        have, may = _mega(facts.bytes), _mega(platform.bytes)
        message = f"{name} takes files up to {may} MB, this has {have}: encode it smaller."
        yield Break("bytes", message)
    if platform.bit_rate and facts.bit_rate > platform.bit_rate:
        have, may = _mega(facts.bit_rate), _mega(platform.bit_rate)
        yield Break("bit_rate", f"It has {have} Mbit/s, {name} takes {may}: encode it at a lower bit rate.")


def _frames(facts: VideoFacts, platform: Limits) -> Iterator[Break]:
    name, (low, high) = platform.name, platform.shapes
    if not low * (1 - SLACK) <= facts.shape <= high * (1 + SLACK):
        best = " or ".join(f"{width} × {height}" for width, height in platform.best)
        yield Break("shape", f"{name} shows no {facts.width} × {facts.height}: fit it to {best}.")
    if min(facts.width, facts.height) < platform.sides[0]:
        least = platform.sides[0]
        yield Break("small", f"{name} wants sides of at least {least} pixels: enlarge it.")
    over = platform.shorter and min(facts.width, facts.height) > platform.shorter
    if over or max(facts.width, facts.height) > platform.sides[1]:
        most = f"{platform.sides[1]} × {platform.shorter or platform.sides[1]}"
        yield Break("large", f"{name} takes up to {most} pixels: make it smaller.")
    slow, fast = platform.rates
    if not slow * (1 - SLACK) <= facts.rate <= fast * (1 + SLACK):
        yield Break("rate", f"{name} takes {slow:g} to {fast:g} frames a second, not {facts.rate:g}.")


def _length(facts: VideoFacts, platform: Limits) -> Iterator[Break]:
    least, most = platform.seconds
    if facts.seconds < least:
        message = f"{platform.name} wants at least {least:g} s, it has {facts.seconds:.1f}: say more in it."
        yield Break("short", message, mendable=False)
    elif facts.seconds > most:
        message = f"{platform.name} takes {most:g} s, it has {facts.seconds:.1f}: shorten the script."
        yield Break("long", message)


def _post(post: PostFacts, platform: Limits) -> Iterator[Break]:
    name = platform.name
    if platform.title and length(post.title, "characters") > platform.title:
        message = f"The title has {len(post.title)} characters, {name} takes {platform.title}: shorten it."
        yield Break("title", message, mendable=False)
    if platform.title and not post.title.strip():
        yield Break("title", f"{name} wants a title: write one.", mendable=False)
    long = length(post.text, platform.counts)
    if platform.description and long > platform.description:
        unit = "bytes" if platform.counts == "bytes" else "characters"
        message = f"The text has {long} {unit}, {name} takes {platform.description}: shorten it."
        yield Break("description", message, mendable=False)
    tags = len(set(_TAG.findall(f"{post.title} {post.text}")))
    if platform.hashtags and tags > platform.hashtags:
        message = f"{tags} hashtags are too many, {name} takes {platform.hashtags}: keep the best."
        yield Break("hashtags", message, mendable=False)
    if post.cover and platform.thumbnail:
        yield from _cover(post.cover, platform.thumbnail, name)


def _cover(cover: CoverFacts, wanted: Cover, name: str) -> Iterator[Break]:
    if cover.mime not in wanted.kinds:
        kinds = " or ".join(kind.removeprefix("image/").upper() for kind in wanted.kinds)
        yield Break("thumbnail_kind", f"{name} takes thumbnails as {kinds}: save it as that.", mendable=False)
    if cover.bytes > wanted.bytes:
        message = (
            f"{name} takes thumbnails of {_mega(wanted.bytes)} MB, not {_mega(cover.bytes)}: compress it."
        )
        yield Break("thumbnail_bytes", message, mendable=False)
    if cover.width < wanted.width:
        message = f"The thumbnail is {cover.width} pixels wide, {name} wants {wanted.width}: make it larger."
        yield Break("thumbnail_small", message, mendable=False)
    if wanted.shape and abs(cover.width / cover.height / wanted.shape - 1) > 0.05:
        message = f"The thumbnail's shape is not the one that {name} shows: choose the variant that is."
        yield Break("thumbnail_shape", message, mendable=False)


def _mega(number: float) -> str:
    return f"{number / 1e6:,.1f}".removesuffix(".0")
