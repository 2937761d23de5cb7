"""The HTML pages of an export: one for each article and an index; nothing in them asks another host."""

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape
from importlib.resources import files
from typing import Any

from nightdesk.desk.review.contents import Piece
from nightdesk.desk.rows import Site
from nightdesk.faces.cli import checks

STRUCTURES = {"how_to": "how-to", "faq": "FAQ"}
_OWN_LINK = re.compile(r'<a href="/([^"/@]+)">(.*?)</a>', re.DOTALL)
_OWN_PICTURE = re.compile(r'src="/@(\d+)"')
_STYLE = (files("nightdesk.faces.cli") / "pages.css").read_text("utf-8")
_POLICY = "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'"


def article(site: Site, piece: Piece, pictures: Mapping[int, str], slugs: frozenset[str]) -> str:
    """One article. `pictures`: file names by number; `slugs`: the articles that lie beside it."""
    content = piece.content
    body = _OWN_PICTURE.sub(
        lambda m: f'src="../images/{escape(pictures[int(m.group(1))])}"',
        piece.html(lambda number: f"/@{number}"),
    )
    body = _OWN_LINK.sub(
        lambda m: f'<a href="{m.group(1)}.html">{m.group(2)}</a>' if m.group(1) in slugs else m.group(2), body
    )
    inside = f"""
<nav><a href="../index.html">← {escape(site.name)}</a></nav>
<article>
<header>
<p class="kind">{escape(kind(content.structure))} · {content.words:,} words</p>
<h1>{escape(content.title)}</h1>
<p class="lead">{escape(content.meta_description)}</p>
</header>
{body}
</article>
{_desk_notes(piece)}
{_json_ld(content.json_ld)}"""
    return _page(content.meta_title or content.title, content.language, inside, content.meta_description)


def index(site: Site, pieces: Sequence[Piece], pictures: Mapping[int, str]) -> str:
    """All articles of the export, each with its picture and what is worth knowing of it."""
    words = sum(piece.content.words for piece in pieces)
    credits = sum((piece.cost.credits for piece in pieces), Decimal(0))
    usd = sum((piece.cost.usd for piece in pieces), Decimal(0))
    numbers = {
        "articles": f"{len(pieces):,}",
        "words": f"{words:,}",
        "pictures": f"{len(pictures):,}",
        "credits": f"{credits:,.0f}",
        "USD": f"{usd:,.2f}",
    }
    facts = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in numbers.items())
    inside = f"""
<header class="site">
<h1>{escape(site.name)}</h1>
<p class="lead">{escape(site.subject)}</p>
<dl class="numbers">{facts}</dl>
</header>
<main class="cards">
{"".join(_card(piece, pictures) for piece in pieces)}
</main>"""
    return _page(site.name, site.language, inside, site.subject)


def kind(structure: str) -> str:
    """What a structure is called."""
    return STRUCTURES.get(structure, structure)


def _card(piece: Piece, pictures: Mapping[int, str]) -> str:
    content = piece.content
    cited = len(content.citations)
    return f"""<a class="card" href="articles/{escape(content.slug)}.html">
{_thumbnail(piece, pictures)}
<span class="kind">{escape(kind(content.structure))}</span>
<strong>{escape(content.title)}</strong>
<span class="facts">{content.words:,} words · {cited} source{"s" * (cited != 1)} cited ·
{escape(checks.figures_grounded(content.checks))}</span>
</a>
"""


def _thumbnail(piece: Piece, pictures: Mapping[int, str]) -> str:
    for image in piece.images:
        if image.kind == "featured" and image.id in pictures:
            size = f'width="{image.width or 1200}" height="{image.height or 675}"'
            return f'<img src="images/{escape(pictures[image.id])}" alt="" {size} loading="lazy">'
    return ""


def _desk_notes(piece: Piece) -> str:
    """What the desk knows of the article, for the person who reviews it."""
    content = piece.content
    made_by = ", ".join(dict.fromkeys(f"{k}: {p}{f' {m}' if m else ''}" for k, p, m in piece.cost.made_by))
    rows = {
        "State": content.state.replace("_", " "),
        "Label": content.label,
        "Checks": checks.in_few_words(content.checks),
        "Cost": f"{piece.cost.credits:.1f} credits, {piece.cost.usd:.4f} USD",
        "Made by": made_by,
    }
    facts = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in rows.items() if value)
    found = "".join(
        f'<li class="{finding.severity}">{escape(finding.message)}</li>'
        for finding in checks.findings(content.checks)
    )
    listed = f"<ul>{found}</ul>" if found else ""
    return f"<details><summary>Notes of the desk</summary><dl>{facts}</dl>{listed}</details>"


def _json_ld(data: Mapping[str, Any]) -> str:
    if not data:
        return ""
    # Within a script element `</` would end it, whatever the JSON around it.
    spelled = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{spelled}</script>'


def _page(title: str, language: str, inside: str, description: str = "") -> str:
    return f"""<!doctype html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="description" content="{escape(description)}">
<title>{escape(title)}</title>
<style>
{_STYLE}</style>
</head>
<body>{inside}
</body>
</html>
"""
