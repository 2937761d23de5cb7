"""Makes words to search footage by of a scene's prompt, which is written for makers that film."""

import re

MOST = 6

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_TELLS_NOTHING = (
    "a an and are as at background beautiful blurred bokeh bright by camera cinematic close close-up closeup "
    "colour colours composition depth detailed dramatic during field film for frame from golden hd her his "
    "in into is its lens light lighting macro medium motion moving natural of on or over panning photo "
    "photograph photorealistic picture portrait quality realistic scene sharp shot showing slow soft still "
    "style that the their this through to up vertical video view warm while wide wide-angle with"
)
_LEFT_OUT = frozenset(_TELLS_NOTHING.split())


def searches(prompt: str) -> list[str]:
    """What to search for, most exact first: the first six words that name something, the first three, one."""
    said = [word.lower().strip("'’-") for word in _WORD.findall(prompt)]
    telling = list(dict.fromkeys(word for word in said if len(word) > 1 and word not in _LEFT_OUT))
    words = telling or list(dict.fromkeys(said))
    return list(dict.fromkeys(" ".join(words[:count]) for count in (MOST, 3, 1) if words))
