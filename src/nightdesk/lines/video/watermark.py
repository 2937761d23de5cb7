"""The mark over a site's videos: its logo, or its name where it has none."""

import asyncio
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from nightdesk.media.captions.lettering import Lettering
from nightdesk.providers.renderers.contract import Watermark
from nightdesk.store.files import Files
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video

CORNERS = ("top-left", "top-right", "bottom-left", "bottom-right")
_EM = 96
_EDGE = 7
"""Pixels of the shadow around a name, at that size."""
LOGO_SHARE, NAME_SHARE = 0.12, 0.22
"""Of the frame's width."""


def corner_of(site: Site) -> str | None:
    """Where the mark lies; None where the site has none over its videos."""
    wishes: dict[str, Any] = site.video.get("watermark") or {}
    if wishes.get("off") or not (site.brand.get("logo") or site.name):
        return None
    return str(wishes["corner"]) if wishes.get("corner") in CORNERS else CORNERS[0]


def marked(video: Video, site: Site) -> bool:
    """Whether the mark lies over its file; of files made before that was kept, whether the site has one."""
    return bool(video.marks.get("watermark", corner_of(site) is not None))


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
    """The name in white over its own soft shadow, which parts it from light pictures; a PNG that fits it."""
    lettering = Lettering()
    size = (max(round(lettering.width(name[:40], _EM)) + _EM, 1), 2 * _EM)
    shadow, letters = Image.new("L", size), Image.new("L", size)
    at = _EM / 2
    for run in lettering.runs(name[:40]):
        font = lettering.font(run.face).opened
        ImageDraw.Draw(letters).text((at, _EM * 0.4), run.text, font=font, fill=255)
        ImageDraw.Draw(shadow).text((at, _EM * 0.4), run.text, font=font, fill=255, stroke_width=_EDGE)
        at += font.getlength(run.text)
    soft = ImageChops.lighter(shadow.filter(ImageFilter.GaussianBlur(_EDGE)), shadow.point(lambda v: v // 2))
    image = Image.merge("RGBA", (letters, letters, letters, ImageChops.lighter(soft, letters)))
    out = BytesIO()
    image.crop(image.getbbox()).save(out, "PNG")
    return out.getvalue()
