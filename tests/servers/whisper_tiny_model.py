"""Makes a Whisper model of random weights, small enough for any machine, in the form of CTranslate2.

Run with two folders: the one that holds faster-whisper with what it needs, and the one that the model is put
into. Its words are made up.
"""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

WIDTH = 16
_LANGUAGES, _WORDS = 99, 50_257
_TASKS = ("translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps")


def main(packages: str, folder: str) -> None:
    sys.path.insert(0, packages)
    specs, tokenizers = import_module("ctranslate2.specs"), import_module("tokenizers")
    codes = import_module("faster_whisper.tokenizer")._LANGUAGE_CODES[:_LANGUAGES]
    letters = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    words = [*letters, *(f"Ġ{_made_up(number)}" for number in range(_WORDS - len(letters)))]
    special = ["<|endoftext|>", "<|startoftranscript|>", *(f"<|{code}|>" for code in codes)]
    special += [f"<|{task}|>" for task in _TASKS]
    tokens = words + special
    tokenizer = tokenizers.Tokenizer(
        tokenizers.models.BPE({token: number for number, token in enumerate(words)}, [])
    )
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    tokenizer.add_special_tokens(special)
    tokens += [f"<|{number * 0.02:.2f}|>" for number in range(1501)]
    spec = specs.WhisperSpec(1, 2, 1, 2)
    _fill(spec, len(tokens))
    spec.register_vocabulary(tokens)
    spec.config.alignment_heads = [(0, 0), (0, 1)]
    spec.config.lang_ids = list(range(_WORDS + 2, _WORDS + 2 + _LANGUAGES))
    Path(folder).mkdir(parents=True)
    spec.validate()
    spec.save(folder)
    tokenizer.save(str(Path(folder, "tokenizer.json")))


def _made_up(number: int) -> str:
    return "".join(chr(97 + int(digit)) for digit in f"{number:05d}")


def _fill(spec: Any, tokens: int) -> None:
    """Random weights of the shapes that a model of one layer either side has."""
    chance = np.random.default_rng(7)

    def weights(*shape: int) -> np.ndarray:
        return chance.normal(0, 0.3, shape).astype(np.float32)

    def norm(of: Any) -> None:
        of.gamma, of.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)

    def linear(of: Any, out: int, into: int) -> None:
        of.weight, of.bias = weights(out, into), np.zeros(out, np.float32)

    def attention(of: Any, *outs: int) -> None:
        norm(of.layer_norm)
        for each, out in zip(of.linear, outs, strict=True):
            linear(each, out, WIDTH)

    encoder, decoder = spec.encoder, spec.decoder
    for conv, bands in ((encoder.conv1, 80), (encoder.conv2, WIDTH)):
        conv.weight, conv.bias = weights(WIDTH, bands, 3), np.zeros(WIDTH, np.float32)
    encoder.position_encodings.encodings = weights(1500, WIDTH)
    decoder.position_encodings.encodings = weights(448, WIDTH)
    decoder.embeddings.weight = weights(tokens, WIDTH)
    decoder.projection.weight = decoder.embeddings.weight
    for side in (encoder, decoder):
        norm(side.layer_norm)
        for layer in side.layer:
            attention(layer.self_attention, 3 * WIDTH, WIDTH)
            norm(layer.ffn.layer_norm)
            linear(layer.ffn.linear_0, 4 * WIDTH, WIDTH)
            linear(layer.ffn.linear_1, WIDTH, 4 * WIDTH)
    attention(decoder.layer[0].attention, WIDTH, 2 * WIDTH, WIDTH)


if __name__ == "__main__":
    main(*sys.argv[1:])
