"""Keeps the calls of this process to one account of a provider within the number that was chosen."""

import asyncio

from pydantic import SecretStr

from nightdesk.kit.deadlines import in_line
from nightdesk.providers.choice import Choice

Account = tuple[str, str | None, SecretStr | None]


class Gate:
    """Lets so many in at a time; `async with gate: ...` waits its turn and always gives the place back."""

    def __init__(self, places: int) -> None:
        self.places = places
        self._free = asyncio.Semaphore(places)
        # Places taken away while they were occupied: each is withheld as soon as it comes free.
        self._owed = 0

    def resize(self, places: int) -> None:
        """From now on, lets `places` in; those inside stay."""
        for _ in range(places - self.places):
            if self._owed:
                self._owed -= 1
            else:
                self._free.release()
        self._owed += max(self.places - places, 0)
        self.places = places

    async def __aenter__(self) -> None:
        """Waits for a place; the wait counts in no deadline of `kit.deadlines`."""
        with in_line():
            await self._free.acquire()
            while self._owed:
                self._owed -= 1
                await self._free.acquire()

    async def __aexit__(self, *_: object) -> None:
        if self._owed:
            self._owed -= 1
        else:
            self._free.release()


class Limits:
    """The gates of one process, one for each account: provider, address and key."""

    def __init__(self) -> None:
        self._gates: dict[Account, Gate] = {}

    def gate(self, choice: Choice) -> Gate:
        """The gate of the account that `choice` names; the latest choice decides how many it lets in."""
        account = (choice.provider, choice.base_url, choice.api_key)
        places = max(choice.concurrency, 1)
        if account in self._gates:
            self._gates[account].resize(places)
        else:
            self._gates[account] = Gate(places)
        return self._gates[account]
