"""Leading on: what a publisher may be able to do with a piece that is out, once its other form is out too."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class LeadsOn(Protocol):
    """A publisher that can add a line to what is out."""

    async def lead_on(self, remote_id: str, title: str, url: str) -> bool:
        """Has the piece with that number lead to `url`, which is called `title`. False where it does already.

        Looks before it writes, so that it may be repeated. Raises `Later`, `NeedsPerson`, `Refused`.
        """
