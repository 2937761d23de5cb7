"""Tells what a media file is by its first bytes alone, whatever it is called."""

from dataclasses import dataclass

from nightdesk.kit.endings import Refused

ENOUGH = 512


@dataclass(frozen=True)
class Kind:
    """A format that is taken: ffmpeg's demuxer for it, its media type, and the ending of its files."""

    demuxer: str
    mime: str
    ending: str


MP4 = Kind("mov", "video/mp4", ".mp4")
M4A = Kind("mov", "audio/mp4", ".m4a")
WEBM = Kind("matroska", "video/webm", ".webm")
WAV = Kind("wav", "audio/wav", ".wav")
MP3 = Kind("mp3", "audio/mpeg", ".mp3")
OGG = Kind("ogg", "audio/ogg", ".ogg")
FLAC = Kind("flac", "audio/flac", ".flac")
PNG = Kind("png_pipe", "image/png", ".png")
JPEG = Kind("jpeg_pipe", "image/jpeg", ".jpg")
WEBP = Kind("webp_pipe", "image/webp", ".webp")

_STARTS = (
    (b"\x1a\x45\xdf\xa3", WEBM),
    (b"OggS", OGG),
    (b"fLaC", FLAC),
    (b"ID3", MP3),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
)
_RIFF = {b"WAVE": WAV, b"WEBP": WEBP}
_TEXTS = (
    (b"#extm3u", "a playlist that names other files (HLS)"),
    (b"ffconcat", "a list that names other files (ffconcat)"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<head", "a web page"),
    (b"<body", "a web page"),
    (b"<mpd", "a playlist that names other files (DASH)"),
    (b"<?xml", "an XML file"),
    (b"<svg", "an SVG drawing"),
    (b"[playlist]", "a playlist that names other files"),
    (b"v=0", "a description of a network stream (SDP)"),
    (b"{", "JSON"),
)


def sniffed(start: bytes) -> Kind:
    """What begins with these bytes. Raises `Refused`, saying what it seems to be, for what is not taken."""
    if not start:
        raise Refused("bad media: the file is empty")
    for sign, kind in _STARTS:
        if start.startswith(sign):
            return kind
    if start[:4] == b"RIFF" and start[8:12] in _RIFF:
        return _RIFF[start[8:12]]
    if start[4:8] == b"ftyp":
        return M4A if start[8:11] == b"M4A" else MP4
    if len(start) > 1 and start[0] == 0xFF and start[1] & 0xE6 == 0xE2:
        return MP3
    text = start[:ENOUGH].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    seems = next((what for sign, what in _TEXTS if text.startswith(sign)), "something else")
    raise Refused(f"bad media: the file is {seems}, not video, sound or a picture")
