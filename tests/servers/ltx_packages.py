"""Packages named torch and diffusers, as far as an LTX pipeline is used of them, that make plain frames.

They stand where the real ones are too heavy: the provider's own child runs, loads a model's folder by them
and films with them. What the folder's `model_index.json` says under `does` is how they behave.
"""

import json
from pathlib import Path

TORCH = """
float32, bfloat16 = "float32", "bfloat16"


class cuda:
    is_available = staticmethod(lambda: False)


class backends:
    class mps:
        is_available = staticmethod(lambda: False)


class Generator:
    def __init__(self, device):
        self.device = device

    def manual_seed(self, seed):
        self.seed = seed
        return self
"""

DIFFUSERS = """
import json, os, signal, socket, time
from pathlib import Path
from types import SimpleNamespace

from PIL import Image


class LTXConditionPipeline:
    @classmethod
    def from_pretrained(cls, folder, torch_dtype, local_files_only):
        assert local_files_only
        pipeline = cls()
        pipeline.does = json.loads(Path(folder, "model_index.json").read_text()).get("does")
        if pipeline.does == "not load":
            raise ValueError("there is no transformer in it")
        return pipeline

    def to(self, device):
        return self

    def set_progress_bar_config(self, disable):
        assert disable

    def __call__(self, *, width, height, num_frames, generator, prompt, conditions=(), **more):
        if self.does == "hang":
            time.sleep(60)
        if self.does == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.does == "run out of memory":
            raise RuntimeError("CUDA out of memory. Tried to allocate 7.3 GiB")
        if self.does == "fail":
            raise ValueError("the prompt is too long")
        if self.does == "call home":
            socket.create_connection(("127.0.0.1", 9))
        if self.does == "write":
            open("/tmp/left behind", "w")
        if self.does == "stop early":
            num_frames -= 4
        begins = 40 * len(conditions)
        shades = [(generator.seed + begins + 3 * n) % 256 for n in range(num_frames)]
        frames = [Image.new("RGB", (width, height), (shade, 90, len(prompt) % 256)) for shade in shades]
        return SimpleNamespace(frames=[frames])
"""

CONDITION = """
class LTXVideoCondition:
    def __init__(self, image, frame_index):
        self.image, self.frame_index = image, frame_index
"""


def packages(folder: Path) -> Path:
    """A folder that holds them."""
    inner = folder / "diffusers" / "pipelines" / "ltx"
    inner.mkdir(parents=True, exist_ok=True)
    (folder / "torch.py").write_text(TORCH)
    (folder / "diffusers" / "__init__.py").write_text(DIFFUSERS)
    for package in (inner.parent, inner):
        (package / "__init__.py").write_text("")
    (inner / "pipeline_ltx_condition.py").write_text(CONDITION)
    return folder


def model(folder: Path, does: str | None = None) -> Path:
    """A folder as diffusers keeps a model."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model_index.json").write_text(json.dumps({"_class_name": "LTXPipeline", "does": does}))
    return folder
