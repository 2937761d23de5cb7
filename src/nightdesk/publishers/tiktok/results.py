"""How posts on TikTok did, for accounts that allow it: that takes a right beside those for publishing.

https://developers.tiktok.com/doc/tiktok-api-v2-video-query; what is counted stands in
https://developers.tiktok.com/doc/tiktok-api-v2-video-object.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.publisher import Standing
from nightdesk.publishers.results import Measured, counted
from nightdesk.publishers.tiktok import uploads
from nightdesk.publishers.tiktok.publisher import TikTokPublisher
from nightdesk.publishers.tiktok.service import Service, Unallowed

SCOPE = "video.list"

AT_ONCE = 20
"""Posts that one call takes."""

MOST_UPLOADS = 20
"""Uploads that are asked for their post's number in one reading: TikTok answers 30 such calls a minute."""

_COUNTS = "id,view_count,like_count,comment_count,share_count"


class CountedTikTok(TikTokPublisher):
    """An account that may be read as well."""

    async def look(self) -> Standing:
        """Also tells where the account does not allow reading; it publishes all the same."""
        standing = await super().look()
        try:
            # https://developers.tiktok.com/doc/tiktok-api-v2-video-list
            await self._service.ask("video/list/?fields=id", "Asks whether posts may be read.", max_count=1)
        except Later:
            return standing
        except (NeedsPerson, Refused) as ending:
            says = _unallowed(ending) if isinstance(ending, Unallowed) else ending.why
            return replace(standing, warnings=[*standing.warnings, says])
        return standing

    async def measure(self, remote_ids: Sequence[str]) -> Mapping[str, Measured]:
        """Raises `Later`, `NeedsPerson`, `Refused`. What is not public, and drafts that nobody has posted,
        have no number there, and are left out."""
        try:
            numbers = await _numbers(self._service, remote_ids)
            told = await _counted(self._service, sorted(set(numbers.values())))
        except Unallowed as ending:
            raise NeedsPerson(_unallowed(ending)) from ending
        return {one: told[number] for one, number in numbers.items() if number in told}


async def _numbers(service: Service, remote_ids: Sequence[str]) -> Mapping[str, str]:
    """The posts' numbers. TikTok tells one once it has gone through a public post, which may be hours after
    that is out, or once a draft was posted: until then the number of the upload stands for it."""
    found: dict[str, str] = {}
    asked = 0
    for one in remote_ids:
        if _is_number(one):
            found[one] = one
        elif asked < MOST_UPLOADS:
            asked += 1
            try:
                posts = (await uploads.progress(service, {"publish": one}, None)).posts
            except Refused:
                # It knows nothing of that upload any more.
                continue
            if posts and _is_number(posts[0]):
                found[one] = posts[0]
    return found


async def _counted(service: Service, numbers: Sequence[str]) -> Mapping[str, Measured]:
    found: dict[str, Measured] = {}
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        said = await service.ask(
            f"video/query/?fields={_COUNTS}", "Asks how its posts did.", filters={"video_ids": some}
        )
        rows = said.get("videos")
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict) and (number := str(row.get("id"))) in some:
                found[number] = _measured(row)
    return found


def _measured(row: Mapping[str, Any]) -> Measured:
    return Measured(
        views=counted(row.get("view_count")),
        likes=counted(row.get("like_count")),
        comments=counted(row.get("comment_count")),
        shares=counted(row.get("share_count")),
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _unallowed(ending: Unallowed) -> str:
    return (
        f"TikTok does not let this account's posts be read, for the right {SCOPE} is missing: connect the "
        f"account again and allow it, or set Read results to no. {ending.said}"
    )
