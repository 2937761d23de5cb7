"""How the read-aloud service is entered: its address, and the token that it asks of the browser.

Both change with the browser, without notice. The package edge-tts (LGPL-3.0, the extra `edge`) follows them;
nothing else of it is used.
"""

from dataclasses import dataclass
from datetime import datetime

from nightdesk.kit.endings import NeedsPerson

INSTALL = "pip install --upgrade 'nightdesk[edge]'"


@dataclass(frozen=True)
class Entry:
    """An address (`wss`) with its token, and the headers that belong with it."""

    address: str
    headers: dict[str, str]


def entry(now: datetime) -> Entry:
    """The service's own entry at a time. Raises `NeedsPerson` where the package is missing or another."""
    try:
        from edge_tts.constants import SEC_MS_GEC_VERSION, WSS_HEADERS, WSS_URL  # noqa: PLC0415 (an extra)
        from edge_tts.drm import DRM, generate_sec_ms_gec_v2  # noqa: PLC0415
    except ImportError:
        raise NeedsPerson(f"Edge's voices need the package edge-tts 7.3 or later: `{INSTALL}`.") from None
    token = generate_sec_ms_gec_v2(now.timestamp())
    return Entry(
        f"{WSS_URL}&Sec-MS-GEC={token}&Sec-MS-GEC-Version={SEC_MS_GEC_VERSION}",
        dict(DRM.headers_with_muid(WSS_HEADERS)),
    )
