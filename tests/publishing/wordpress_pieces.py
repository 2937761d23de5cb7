"""Articles as they go to a WordPress, and what they must look like there."""

from typing import Any

from nightdesk.publisher import Piece
from publishing.contract import key, medium, picture

TITLE = "Wärme & <Kälte> 🔥: “Speicherheizungen”, 暖房, תנור"
LABEL = "Compiled by machines & checked by nobody"
TAGS = ("Heating", "Wärme & Strom", "暖房", "night 🌙")


def article(**facts: Any) -> Piece:
    """Two pictures, one of them featured; letters of many scripts; a label."""
    featured = medium("featured", "picture-1.png", "image/png", picture("red"), alt="A “red” heater 🔥")
    inside = medium("picture", "picture-2.jpg", "image/jpeg", picture("blue", "JPEG"), alt="Blau & kalt")
    html = (
        f'<figure class="featured picture"><img src="asset:{featured.asset}" alt="A red 🔥"></figure>\n'
        '<h2 id="h-why">Why 🔥</h2>\n<p>Heat rises &amp; falls.\nA second line.</p>\n'
        f'<figure class="picture"><img src="asset:{inside.asset}" alt="Blau &amp; kalt" width="48">'
        "<figcaption>Blau</figcaption></figure>\n"
        '<section class="sources"><ol><li id="source-1">A test.</li></ol></section>'
    )
    usual: dict[str, Any] = {
        "kind": "article",
        "key": key(),
        "title": TITLE,
        "text": "What heat does & why.",
        "html": html,
        "slug": "waerme-und-kaelte",
        "tags": TAGS,
        "language": "de",
        "media": (featured, inside),
        "label": LABEL,
    }
    return Piece(**{**usual, **facts})


def short_article() -> Piece:
    """One picture and one tag, for what is done many times."""
    picture_only = medium("featured", "picture-1.png", "image/png", picture("green"), alt="Green")
    return article(media=(picture_only,), tags=("Heating",), html="<p>Heat rises.</p>")
