"""In which language a text is written."""

import asyncio

_ENOUGH_LETTERS = 40
_LOOKED_AT = 5000


async def language_of(text: str) -> str | None:
    """The ISO 639-1 code of the likeliest language; None for a text too short to tell.

    The first call loads the model, 0.7 s of processor time once measured, so it runs beside the event loop.
    """
    sample = text[:_LOOKED_AT]
    if sum(char.isalpha() for char in sample) < _ENOUGH_LETTERS:
        return None
    return await asyncio.to_thread(_classified, sample)


def _classified(sample: str) -> str:
    import py3langid  # noqa: PLC0415 (loads numpy)

    code, _ = py3langid.classify(sample)
    return str(code)
