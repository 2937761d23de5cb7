"""Image services on loopback: OpenAI's Images API, Runware's tasks and ComfyUI, as they are documented."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from PIL import Image

from servers.openai_server import Asked, OpenAIServer

COST = 0.0013


def painted(width: int = 320, height: int = 240, form: str = "PNG") -> bytes:
    """A picture that says where it was taken, as a camera's or a maker's would."""
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    exif = Image.Exif()
    exif[0x010E] = "secret description"
    out = BytesIO()
    picture.save(out, form, exif=exif)
    return out.getvalue()


def base64_of(content: bytes) -> str:
    return base64.b64encode(content).decode()


def openai_images(_: OpenAIServer, asked: Asked) -> None:
    """What `POST /images/generations` answers for a GPT image model, in the size asked for."""
    width, height = (int(side) for side in asked.body["size"].split("x"))
    parts = {"image_tokens": 0, "text_tokens": 40}
    asked.reply_json(
        {
            "created": 1_790_000_000,
            "data": [{"b64_json": base64_of(painted(width, height))}],
            "usage": {
                "input_tokens": 40,
                "input_tokens_details": parts,
                "output_tokens": 1056,
                "total_tokens": 1096,
            },
        }
    )


def runware_task(asked: Asked) -> dict[str, Any]:
    return dict(json.loads(asked.raw)[0])


def runware(_: OpenAIServer, asked: Asked) -> None:
    """What Runware answers to one `imageInference` task."""
    task = runware_task(asked)
    done = {
        "taskType": "imageInference",
        "taskUUID": task["taskUUID"],
        "imageUUID": str(uuid4()),
        "imageBase64Data": base64_of(painted(task["width"], task["height"], "JPEG")),
        "cost": COST,
    }
    asked.reply_json({"data": [done]})


WORKFLOW: dict[str, Any] = {
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 512, "height": 512, "batch_size": 1}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "photo of {{prompt}}", "clip": ["4", 1]}},
    "3": {
        "class_type": "KSampler",
        "inputs": {"seed": 8, "steps": 4, "positive": ["6", 0], "latent_image": ["5", 0]},
    },
    "9": {"class_type": "SaveImage", "inputs": {"images": ["3", 0], "filename_prefix": "nightdesk"}},
}


@dataclass
class Comfy:
    """ComfyUI's queue and history. A prompt is done after `looks` looks at the history.

    `loses`: so many prompts vanish as if the server were restarted. `saves`: the file that `/view` gives.
    """

    looks: int = 2
    loses: int = 0
    saves: bytes = field(default_factory=lambda: painted(512, 512))
    ending: tuple[str, list[Any]] = ("success", [])
    mints_ids: bool = False
    taken: list[dict[str, Any]] = field(default_factory=list)
    queue: dict[str, int] = field(default_factory=dict)
    history: dict[str, Any] = field(default_factory=dict)
    withdrawn: list[str] = field(default_factory=list)
    interrupted: list[str] = field(default_factory=list)

    def __call__(self, _: OpenAIServer, asked: Asked) -> None:
        path = urlsplit(asked.path).path.removeprefix("/v1")
        routes: dict[str, Callable[[Asked], None]] = {
            "/prompt": self.take,
            "/queue": self.queued,
            "/interrupt": self.interrupt,
            "/view": self.view,
        }
        if path.startswith("/history/"):
            self.past(asked, path.removeprefix("/history/"))
        else:
            routes[path](asked)

    def take(self, asked: Asked) -> None:
        body = asked.body
        prompt = str(uuid4()) if self.mints_ids else body["prompt_id"]
        self.accept(body, prompt)
        asked.reply_json({"prompt_id": prompt, "number": len(self.taken), "node_errors": {}})

    def accept(self, body: dict[str, Any], prompt: str) -> None:
        self.taken.append(body)
        if self.loses:
            self.loses -= 1
        else:
            self.queue[prompt] = self.looks

    def past(self, asked: Asked, prompt: str) -> None:
        if prompt in self.queue:
            self.queue[prompt] -= 1
            if self.queue[prompt] <= 0:
                del self.queue[prompt]
                self.finish(prompt)
        asked.reply_json({prompt: self.history[prompt]} if prompt in self.history else {})

    def finish(self, prompt: str) -> None:
        status, messages = self.ending
        preview = {"filename": "preview.png", "subfolder": "", "type": "temp"}
        saved = {"filename": f"{prompt}.png", "subfolder": "night", "type": "output"}
        outputs = {"8": {"images": [preview]}, "9": {"images": [saved]}} if status == "success" else {}
        told = {"status_str": status, "completed": status == "success", "messages": messages}
        self.history[prompt] = {"prompt": [], "outputs": outputs, "status": told}

    def queued(self, asked: Asked) -> None:
        if asked.raw:
            for prompt in asked.body["delete"]:
                self.withdrawn.append(prompt)
            asked.reply(b"")
            return
        entries = [[number, prompt, {}, {}, []] for number, prompt in enumerate(self.queue)]
        asked.reply_json({"queue_running": entries[:1], "queue_pending": entries[1:]})

    def interrupt(self, asked: Asked) -> None:
        self.interrupted.append(asked.body["prompt_id"])
        asked.reply(b"")

    def view(self, asked: Asked) -> None:
        wanted = parse_qs(urlsplit(asked.path).query)
        if wanted["type"] != ["output"] or wanted["subfolder"] != ["night"]:
            asked.reply(b"", 404)
        else:
            asked.reply(self.saves, content_type="image/png")
