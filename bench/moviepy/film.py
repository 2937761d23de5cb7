"""Makes the film of an `order.json` with MoviePy 2: `film.py ORDER PASSES`; imports nothing of ours.

Written as its makers' examples are: a picture is zoomed by `Resize` in a composition of the frame's size.
Captions are small pictures, one for each word that is said, which is less work for it than its text clips.
One pass composes everything at once and encodes it as ours is encoded. Three passes are what popular makers
do: scenes with the voice, then captions over that file, then music and the mark over the next.
"""

import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

from moviepy import (
    AudioFileClip,
    CompositeAudioClip,
    CompositeVideoClip,
    ImageClip,
    VideoFileClip,
    afx,
    vfx,
)

CLOSER, PAN_ZOOM, PAN_A_SECOND = 1.12, 1.10, 0.05
BED, DUCKED = 0.22, 0.35
FROM_EDGE = 0.05


def main():
    order, passes = json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2])
    if passes == 1:
        film = CompositeVideoClip([*scenes(order), *captions(order), mark(order)], size=size(order))
        heard = film.with_audio(sound(order, AudioFileClip(order["narration"])))
        write(heard, "film.mp4", order, "veryfast", threads=1)
        return
    shown = CompositeVideoClip(scenes(order), size=size(order))
    write(shown.with_audio(AudioFileClip(order["narration"])), "scenes.mp4", order, "medium")
    shown = VideoFileClip("scenes.mp4")
    write(CompositeVideoClip([shown, *captions(order)]), "captioned.mp4", order, "medium")
    shown = VideoFileClip("captioned.mp4")
    film = CompositeVideoClip([shown, mark(order)]).with_audio(sound(order, shown.audio))
    write(film, "film.mp4", order, "medium")


def write(clip, name, order, preset, threads=2):
    """Two threads are what popular makers have; one pass has as many as ours."""
    clip.with_duration(order["seconds"]).write_videofile(
        name, fps=order["rate"], codec="libx264", preset=preset, threads=threads, audio_codec="aac",
        audio_bitrate="160k", audio_fps=48000, logger=None,
        ffmpeg_params=["-crf", "21", "-pix_fmt", "yuv420p", "-movflags", "+faststart"],
    )  # fmt: skip


def size(order):
    return order["width"], order["height"]


def scenes(order):
    """Each picture fills the frame and is zoomed or panned; scenes fade into one another."""
    half, clips = order["crossing"] / 2, []
    for number, scene in enumerate(order["scenes"]):
        before = half if number else 0
        after = half if number < len(order["scenes"]) - 1 else 0
        clip = filmed(scene, order, before + scene["seconds"] + after).with_start(scene["start"] - before)
        if number:
            clip = clip.with_effects([vfx.CrossFadeIn(order["crossing"])])
        clips.append(clip)
    return clips


def filmed(scene, order, seconds):
    move, (width, height) = scene["move"], size(order)
    if move in ("push-in", "pull-out"):
        clip = ImageClip(fitted(scene, (width, height))).with_duration(seconds)
        share = (lambda t: t / seconds) if move == "push-in" else (lambda t: 1 - t / seconds)
        zoomed = clip.with_effects([vfx.Resize(lambda t: CLOSER ** share(t))]).with_position("center")
        return CompositeVideoClip([zoomed], size=(width, height))
    large = fitted(scene, (round(width * PAN_ZOOM), round(height * PAN_ZOOM)))
    clip = ImageClip(large).with_duration(seconds)
    room_x, room_y = large.shape[1] - width, large.shape[0] - height
    if move in ("pan-left", "pan-right"):
        way = min(room_x, width * PAN_A_SECOND * seconds)
        across = lambda t: -((room_x - way) / 2 + way * turned(t / seconds, move == "pan-left"))  # noqa: E731
        return clip.with_position(lambda t: (across(t), -room_y / 2))
    way = min(room_y, height * PAN_A_SECOND * seconds)
    down = lambda t: -((room_y - way) / 2 + way * turned(t / seconds, move == "pan-up"))  # noqa: E731
    return clip.with_position(lambda t: (-room_x / 2, down(t)))


def turned(share, backwards):
    return 1 - share if backwards else share


def fitted(scene, wanted):
    with Image.open(scene["footage"]) as picture:
        return np.asarray(ImageOps.fit(picture.convert("RGB"), wanted, Image.Resampling.LANCZOS))


def captions(order):
    """One small picture for each word that is said: its phrase, with that word in the accent's colour."""
    font = ImageFont.truetype(order["font"], round(order["em"]))
    clips = []
    for phrase in order["phrases"]:
        starts = [word["start"] for line in phrase["lines"] for word in line]
        starts[0] = phrase["start"]
        for place, (start, end) in enumerate(zip(starts, [*starts[1:], phrase["end"]], strict=True)):
            picture = lettered(phrase, place, font, order)
            left = (order["width"] - picture.shape[1]) / 2
            clip = ImageClip(picture).with_start(start).with_duration(max(end - start, 0.01))
            clips.append(clip.with_position((left, order["area"][3] - picture.shape[0])))
    return clips


def lettered(phrase, said, font, order):
    line_height, edge = round(order["em"] * 1.2), round(order["edge"])
    width = order["area"][2] - order["area"][0]
    sheet = Image.new("RGBA", (width, line_height * len(phrase["lines"]) + 2 * edge))
    pen, place = ImageDraw.Draw(sheet), 0
    for row, line in enumerate(phrase["lines"]):
        whole = " ".join(word["text"] for word in line)
        x = (width - pen.textlength(whole, font)) / 2
        for word in line:
            colour = order["accent"] if place == said else order["text"]
            pen.text(
                (x, edge + row * line_height),
                word["text"],
                colour,
                font,
                stroke_width=edge,
                stroke_fill=order["outline"],
            )
            x += pen.textlength(word["text"] + " ", font)
            place += 1
    return np.asarray(sheet)


def mark(order):
    wanted = order["mark"]
    with Image.open(wanted["picture"]) as found:
        wide = round(order["width"] * wanted["share"])
        logo = found.convert("RGBA").resize((wide, round(found.height * wide / found.width)))
    edge = round(min(size(order)) * FROM_EDGE)
    vertical, _, across = wanted["corner"].partition("-")
    left = edge if across == "left" else order["width"] - edge - logo.width
    top = edge if vertical == "top" else order["height"] - edge - logo.height
    clip = ImageClip(np.asarray(logo)).with_duration(order["seconds"]).with_opacity(wanted["opacity"])
    return clip.with_position((left, top))


def sound(order, voice):
    """The voice, and music under it that steps back while somebody speaks."""
    spans = np.array([[p["start"] - 0.1, p["end"] + 0.1] for p in order["phrases"]])

    def ducked(get_frame, t):
        at = np.atleast_1d(t)
        speaking = ((at[:, None] >= spans[:, 0]) & (at[:, None] <= spans[:, 1])).any(axis=1)
        gain = BED * np.where(speaking, DUCKED, 1.0)
        heard = get_frame(t)
        return heard * (gain[:, None] if np.ndim(t) else gain[0])

    music = AudioFileClip(order["music"]).with_effects([afx.AudioLoop(duration=order["seconds"])])
    faded = music.transform(ducked, keep_duration=True).with_effects([afx.AudioFadeOut(1.5)])
    return CompositeAudioClip([voice, faded])


if __name__ == "__main__":
    main()
