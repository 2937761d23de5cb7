"""One loopback server for all attempts that answers the article line's questions and paints its pictures.

An attempt reaches it under a path of its own, `/NAME/DELAY/v1`, DELAY in milliseconds. How often an attempt
asked each question is told under `/NAME/asked`, so that a call too many is seen.
"""

import asyncio
import hashlib
import json
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO

from PIL import Image

from servers.images_server import base64_of
from servers.openai_answers import answer_to, data_of
from servers.openai_server import Asked, OpenAIServer, on_the_wire

SHORT_SCRIPT = {
    "title": "Worms",
    "hook": "Worms eat leaves.",
    "scenes": [{"heading": "Little", "says": "Feed them little.", "cites": []}],
    "cta": "",
}
"""Two scenes: what is rendered of them is whatever is rendered of more, and soon."""


@lru_cache(maxsize=512)
def painted(prompt: str, size: str) -> bytes:
    """A plain picture in a colour of the prompt's own, as the answer to be sent."""
    width, height = (int(side) for side in size.split("x"))
    colour = tuple(hashlib.sha256(prompt.encode()).digest()[:3])
    out = BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return json.dumps({"created": 1_790_000_000, "data": [{"b64_json": base64_of(out.getvalue())}]}).encode()


@dataclass
class Attempts:
    """What every attempt asked."""

    asked: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def __call__(self, server: OpenAIServer, asked: Asked) -> None:
        name, _, rest = asked.path.lstrip("/").partition("/")
        if rest == "asked":
            asked.reply_json(self.asked[name])
            return
        delay = rest.partition("/")[0]
        answer = self._answered(name, asked)
        if delay != "0":
            asyncio.get_running_loop().call_later(int(delay) / 1000, asked.reply, answer)
        else:
            asked.reply(answer)

    def _answered(self, name: str, asked: Asked) -> bytes:
        body = asked.body
        if asked.path.endswith("/images/generations"):
            self.asked[name][f"picture: {body['prompt']}"] += 1
            return painted(body["prompt"], body["size"])
        data = data_of(body)
        answer = json.dumps(SHORT_SCRIPT if "beats" in data else answer_to(data))
        self.asked[name][_question(data)] += 1
        return json.dumps(on_the_wire(asked, answer)).encode()


def _question(data: dict) -> str:
    """A name for the question: what it is about, and not what else was known when it was asked."""
    for key in ("groups", "clusters"):
        if key in data:
            return f"{key}: {json.dumps(data[key], sort_keys=True)}"
    for key in ("script", "beats", "most_scenes"):
        if key in data:
            return f"{key}: {data['title']}"
    return f"{'outline' if 'outline' in data else 'headings'}: {data['title']}"


async def serve() -> None:
    async with OpenAIServer(behaviour=Attempts(), keep=False) as server:
        print(server.port, flush=True)
        # Ends with the process that started it, whose end of the pipe is closed then.
        await asyncio.to_thread(sys.stdin.buffer.read)


if __name__ == "__main__":
    asyncio.run(serve())
