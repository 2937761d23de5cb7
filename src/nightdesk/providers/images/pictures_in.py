"""Gets at the picture that an answer holds, be it base64, a data address or an address elsewhere."""

import binascii
from base64 import b64decode

from nightdesk.kit.endings import Later, Refused
from nightdesk.kit.http.failures import FetchRefused
from nightdesk.providers.images.opening import Fetch
from nightdesk.providers.services.wire import Wire


def from_base64(text: str) -> bytes:
    """The bytes. Raises `Refused` where the text is no base64."""
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise Refused("bad media: the picture in the answer is not base64") from wrong


async def from_address(url: str, wire: Wire, fetch: Fetch) -> bytes:
    """The bytes behind `url`: read from it if it is a data address, asked of our own server, else fetched.

    Nothing in the address is judged by this machine's clock: whether it still holds, its server says.
    """
    if url.startswith("data:"):
        return from_base64(url.partition(",")[2])
    if wire.is_ours(url):
        return (await wire.asked("GET", url, mark=False)).body
    try:
        return await fetch(url)
    except FetchRefused as refused:
        if refused.code.startswith("http_"):
            raise Later(f"the picture's address had lapsed: {refused.why}") from refused
        raise
