"""What opening an image provider takes, for the registry and for providers from other packages."""

from collections.abc import Awaitable, Callable

from nightdesk.kit.clock import Clock
from nightdesk.providers.choice import Choice
from nightdesk.providers.images.contract import ImageProvider

Fetch = Callable[[str], Awaitable[bytes]]
"""Fetches an address that came back in an answer, behind the address guard.

Raises `FetchRefused` for an address that may not be opened or answers an error, `Later` where nothing
whole came back; `kit.http.fetch.Fetcher` does.
"""

Opener = Callable[[Choice, Fetch, Clock], ImageProvider]
"""Opens a provider; touches no network. Raises `NeedsPerson` where a setting is missing."""
