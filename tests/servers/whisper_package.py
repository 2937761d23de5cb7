"""A package named faster_whisper, as far as it is used of it, that hears what the model's folder says.

It stands where the real one is too heavy: the listener's own child runs, loads a model's folder by it and
listens with it. What the folder's `config.json` says under `does` is how it behaves; under `words` are the
words that it hears.
"""

import json
from collections.abc import Sequence
from pathlib import Path

_PACKAGE = """
import json, os, signal, socket, time, wave
from pathlib import Path
from types import SimpleNamespace


def decode_audio(file):
    with wave.open(file) as sound:
        return sound.getnframes() / sound.getframerate()


class WhisperModel:
    supported_languages = ["en", "pt", "no"]

    def __init__(self, folder, device, compute_type, cpu_threads, local_files_only):
        assert (device, local_files_only) == ("cpu", True)
        self.told = json.loads(Path(folder, "config.json").read_text())
        if self.told["does"] == "reaches out":
            socket.create_connection(("127.0.0.1", self.told["port"]))
        if self.told["does"] == "is no model":
            raise RuntimeError("File model.bin is incomplete")

    def transcribe(self, seconds, language, word_timestamps, **options):
        print("Listening.")
        does = self.told["does"]
        if does == "hangs":
            time.sleep(600)
        if does == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if does == "fails":
            raise RuntimeError("cannot be multiplied")
        if does == "tells no times":
            return [SimpleNamespace(words=[SimpleNamespace(word=" one", start=0.0, end=float("nan"))])], None
        words = [SimpleNamespace(word=text, start=start, end=end) for text, start, end in self.told["words"]]
        if does == "tells what it was told":
            words = [SimpleNamespace(word=f" {language}", start=0.0, end=seconds)]
        return iter([SimpleNamespace(words=words), SimpleNamespace(words=None)]), None
"""


def put_package(folder: Path) -> str:
    """Puts the package into `folder`; gives the folder's name."""
    (folder / "faster_whisper").mkdir(parents=True, exist_ok=True)
    (folder / "faster_whisper" / "__init__.py").write_text(_PACKAGE)
    return str(folder)


def put_model(
    folder: Path, does: str = "", words: Sequence[tuple[str, float, float]] = (), port: int = 0
) -> Path:
    """A model's folder that behaves so; gives it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("model.bin", "tokenizer.json"):
        (folder / name).write_bytes(b"{}")
    (folder / "config.json").write_text(json.dumps({"does": does, "words": list(words), "port": port}))
    return folder
