"""A model in a process of its own: OpenAI's wire for text and images, each answer after the same delay.

`python -m bench.model_stub --delay-ms 200` prints one JSON line with its base URL and serves until it is
ended; `GET /v1/tally` tells how many calls it had and how many were open at once. A picture is a plain JPEG
of the size asked for, drawn once, so that the stub itself takes little CPU.
"""

import argparse
import asyncio
import base64
import contextlib
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

TESTS = Path(__file__).resolve().parent.parent / "tests"


@contextlib.contextmanager
def model(delay_ms: int) -> Iterator[str]:
    """Starts the stub and gives its base URL; ends it afterwards."""
    paths = os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-m", "bench.model_stub", "--delay-ms", str(delay_ms)]
    root = TESTS.parent
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, cwd=root, env={**os.environ, "PYTHONPATH": paths}
    ) as stub:
        try:
            assert stub.stdout is not None
            yield json.loads(stub.stdout.readline())["base_url"]
        finally:
            stub.kill()


def tally(base_url: str) -> dict[str, int]:
    """How many calls the stub had, and how many at once."""
    with urllib.request.urlopen(f"{base_url}/tally") as answer:
        return dict(json.load(answer))


@lru_cache
def picture(size: str) -> bytes:
    """The whole answer to a request for a picture of `size` (`1200x675`)."""
    width, height = (int(side) for side in size.split("x"))
    out = BytesIO()
    Image.new("RGB", (width, height), (29, 53, 87)).save(out, "JPEG")
    encoded = base64.b64encode(out.getvalue()).decode()
    return json.dumps({"created": 1_790_000_000, "data": [{"b64_json": encoded}]}).encode()


async def serve(delay_ms: int) -> None:
    from servers.openai_server import OpenAIServer  # noqa: PLC0415 - lies with the tests

    calls = {"calls": 0, "at_once": 0}

    class Stub(OpenAIServer):
        def received(self, asked: Any) -> None:
            if asked.path.endswith("/tally"):
                asked.reply_json({**calls, "at_once": self.busiest})
                return
            calls["calls"] += 1
            super().received(asked)

    def behave(server: Any, asked: Any) -> None:
        if asked.path.endswith("/images/generations"):
            asked.reply(picture(asked.body["size"]))
        else:
            server.answer(asked)

    async with Stub(delay_ms / 1000, behaviour=behave, keep=False) as server:
        print(json.dumps({"base_url": server.base_url}), flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--delay-ms", type=int, default=200)
    asyncio.run(serve(parser.parse_args().delay_ms))


if __name__ == "__main__":
    main()
