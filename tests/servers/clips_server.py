"""Makers of clips on loopback: Pexels, Pixabay and ComfyUI answer as they are documented; and footage."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from subprocess import run
from typing import Any
from urllib.parse import parse_qs, urlsplit

from PIL import Image

from nightdesk.media.ffmpeg import Ffmpeg
from servers.images_server import Comfy
from servers.openai_server import Asked, OpenAIServer

FFMPEG = Ffmpeg()


@cache
def footage(
    seconds: float = 0.6, size: str = "180x320", ending: str = ".mp4", codec: str = "libx264"
) -> bytes:
    """A short video of a test picture that moves."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(made, f"clip{ending}")
        shown = ("-f", "lavfi", "-i", f"testsrc2=size={size}:rate=10:duration={seconds}")
        how = ("-c:v", codec, "-pix_fmt", "yuv420p" if codec == "libx264" else "rgb24")
        words = [FFMPEG.program, "-loglevel", "error", *shown, *how, "-bitexact", str(path)]
        run(words, check=True, timeout=60)
        return path.read_bytes()


def huge_footage() -> bytes:
    """A video that claims 20,000 by 20,000 pixels: a small one of raw frames, its head rewritten."""
    content = bytearray(footage(0.2, "64x64", ".mov", "rawvideo"))
    entry = content.index(b"raw ", content.index(b"stsd"))
    content[entry + 28 : entry + 32] = (20_000).to_bytes(2) * 2
    return bytes(content)


def sound() -> bytes:
    """A second of silence in an MP4 file."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(made, "sound.mp4")
        shown = ("-f", "lavfi", "-i", "anullsrc=d=1", "-c:a", "aac")
        run([FFMPEG.program, "-loglevel", "error", *shown, str(path)], check=True, timeout=60)
        return path.read_bytes()


def still(width: int = 90, height: int = 160) -> bytes:
    """A scene's picture."""
    out = BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(out, "PNG")
    return out.getvalue()


BAD_MEDIA: dict[str, tuple[Callable[[], bytes], str]] = {
    "no bytes": (lambda: b"", "bad media"),
    "a web page": (lambda: b"<!doctype html><title>502</title>", "web page"),
    "a playlist": (lambda: b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "playlist"),
    "a list of files": (lambda: b"ffconcat version 1.0\nfile /etc/passwd\n", "names other files"),
    "JSON": (lambda: b'{"error": "quota"}', "JSON"),
    "a picture": (still, "image/png is no video"),
    "sound alone": (sound, "no pictures"),
    "half a video": (lambda: footage()[: len(footage()) // 2], "bad media"),
    "20,000 by 20,000 pixels": (huge_footage, "pixels cannot be used"),
}


@dataclass
class Library:
    """A library of `count` clips that also serves their files, or lets `files` say where they lie."""

    kind: str
    count: int = 5
    content: bytes = field(default_factory=footage)
    files: Callable[[OpenAIServer, int], str] = lambda server, number: f"{server.base_url}/files/{number}.mp4"
    searches: list[dict[str, str]] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    knows: Callable[[str], bool] = lambda words: True

    def __call__(self, server: OpenAIServer, asked: Asked) -> None:
        address = urlsplit(asked.path)
        if "/files/" in address.path:
            asked.reply(self.content, content_type="video/mp4")
            return
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        self.searches.append(query)
        numbers = range(1, self.count + 1) if self.knows(query.get("query", query.get("q", ""))) else range(0)
        page = self._pexels(server, numbers) if self.kind == "pexels" else self._pixabay(server, numbers)
        asked.reply_json(page, **self.told)

    def _pexels(self, server: OpenAIServer, numbers: range) -> dict[str, Any]:
        def file(number: int, width: int, height: int) -> dict[str, Any]:
            link = self.files(server, number)
            return {"id": 7, "quality": "hd", "file_type": "video/mp4", "width": width, "height": height} | {
                "fps": 25.0,
                "link": link,
            }

        playlist = {"id": 8, "quality": "hls", "file_type": "video/mp4", "width": None, "height": None}
        videos = [
            {
                "id": number,
                "url": f"https://www.pexels.com/video/{number}/",
                "duration": 9,
                "user": {"id": 3, "name": "Ana Lima", "url": "https://www.pexels.com/@ana"},
                "video_files": [
                    file(number, 1080, 1920),
                    file(number, 540, 960),
                    {**playlist, "link": "https://player.pexels.com/hls"},
                ],
                "video_pictures": [],
            }
            for number in numbers
        ]
        return {"page": 1, "per_page": 40, "total_results": len(videos), "videos": videos}

    def _pixabay(self, server: OpenAIServer, numbers: range) -> dict[str, Any]:
        def files(number: int) -> dict[str, Any]:
            known = {"large": (1080, 1920), "small": (540, 960)}
            return {
                name: {"url": self.files(server, number), "width": width, "height": height, "size": 1}
                for name, (width, height) in known.items()
            } | {"tiny": {"url": "", "width": 0, "height": 0, "size": 0}}

        hits = [
            {
                "id": number,
                "pageURL": f"https://pixabay.com/videos/id-{number}/",
                "type": "film",
                "duration": 12,
                "videos": files(number),
                "user": "Ana",
            }
            for number in numbers
        ]
        return {"total": len(hits), "totalHits": len(hits), "hits": hits}


CLIP_WORKFLOW: dict[str, Any] = {
    "1": {"class_type": "LoadImage", "inputs": {"image": "{{first_frame}}"}},
    "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "film of {{prompt}}", "clip": ["9", 1]}},
    "3": {
        "class_type": "LTXVImgToVideo",
        "inputs": {"width": "{{width}}", "height": "{{height}}", "length": "{{frames}}", "image": ["1", 0]},
    },
    "4": {"class_type": "KSampler", "inputs": {"seed": 8, "steps": 4, "latent_image": ["3", 2]}},
    "5": {"class_type": "SaveVideo", "inputs": {"video": ["4", 0], "filename_prefix": "nightdesk"}},
}


@dataclass
class ComfyClips(Comfy):
    """ComfyUI that films: takes pictures in, and its SaveVideo node says `images`, as the real one does."""

    saves: bytes = field(default_factory=footage)
    put: list[bytes] = field(default_factory=list)
    freed: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, server: OpenAIServer, asked: Asked) -> None:
        path = urlsplit(asked.path).path.removeprefix("/v1")
        if path == "/upload/image":
            self.put.append(asked.raw)
            asked.reply_json({"name": f"{len(self.put)}.png", "subfolder": "nightdesk", "type": "input"})
        elif path == "/free":
            self.freed.append(asked.body)
            asked.reply(b"")
        else:
            super().__call__(server, asked)

    def finish(self, prompt: str) -> None:
        super().finish(prompt)
        entry = self.history[prompt]
        if entry["outputs"]:
            preview = {"filename": "preview.png", "subfolder": "", "type": "temp"}
            saved = {"filename": f"{prompt}.mp4", "subfolder": "night", "type": "output"}
            entry["outputs"] = {"4": {"images": [preview]}, "5": {"images": [saved], "animated": [True]}}
