"""The mark over a site's videos: its logo, or its name where it has none."""

import asyncio
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from nightdesk.media.captions.lettering import Lettering
from nightdesk.providers.renderers.contract import Watermark
from nightdesk.store.files import Files
from nightdesk.store.tables.tenancy import Site

CORNERS = ("top-left", "top-right", "bottom-left", "bottom-right")
_EM = 96
LOGO_SHARE, NAME_SHARE = 0.12, 0.22
"""Of the frame's width."""


def corner_of(site: Site) -> str | None:
    """Where the mark lies; None where the site has none over its videos."""
    wishes: dict[str, Any] = site.video.get("watermark") or {}
    if wishes.get("off") or not (site.brand.get("logo") or site.name):
        return None
    return str(wishes["corner"]) if wishes.get("corner") in CORNERS else CORNERS[0]


async def watermark(site: Site, folder: Path, files: Files) -> Watermark | None:
    """The mark as a file in the folder; None where the site wants none, or has neither logo nor name."""
    wishes: dict[str, Any] = site.video.get("watermark") or {}
    logo = str(site.brand.get("logo") or "")
    corner = corner_of(site)
    if corner is None:
        return None
    content = (
        await files.get(site.workspace_id, logo) if logo else await asyncio.to_thread(_lettered, site.name)
    )
    file = folder / "watermark.png"
    await asyncio.to_thread(file.write_bytes, content)
    share = float(wishes.get("share") or (LOGO_SHARE if logo else NAME_SHARE))
    return Watermark(file, corner, share, float(wishes.get("opacity") or 0.8))  # type: ignore[arg-type]


def _lettered(name: str) -> bytes:
    """The name in white with a dark edge, as a PNG that fits it."""
    lettering = Lettering()
    runs = lettering.runs(name[:40])
    width = round(lettering.width(name[:40], _EM)) + _EM // 2
    image = Image.new("RGBA", (max(width, 1), round(_EM * 1.6)), (0, 0, 0, 0))
    draw, at = ImageDraw.Draw(image), _EM / 4
    for run in runs:
        font = lettering.font(run.face).opened
        draw.text(
            (at, _EM * 0.2), run.text, font=font, fill="white", stroke_width=4, stroke_fill=(0, 0, 0, 160)
        )
        at += font.getlength(run.text)
    out = BytesIO()
    image.crop(image.getbbox()).save(out, "PNG")
    return out.getvalue()
