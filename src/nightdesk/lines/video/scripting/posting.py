"""What may be written beside a video, by the table of the platforms that it is for."""

from collections.abc import Collection, Iterator, Sequence

from nightdesk.media.platforms.facts import PostFacts, length
from nightdesk.media.platforms.limits import Limits, table
from nightdesk.providers.text.video_questions import PlatformLimits

SHORTENS = "x"
"""Its publisher makes a short post of any description: it keeps no other platform from saying more."""


def limits_of(platforms: Collection[str]) -> PlatformLimits:
    """The least of what the platforms take, and never more than a script has anyway."""
    usual, known = PlatformLimits(), list(_of(platforms))
    return PlatformLimits(
        title=min([usual.title, *(one.title for one in known if one.title)]),
        description=min([usual.description, *(one.description for one in known if one.description)]),
        hashtags=min([usual.hashtags, *(one.hashtags for one in known if one.hashtags)]),
    )


def fitted(description: str, hashtags: Sequence[str], platforms: Collection[str]) -> str:
    """The description, cut until each platform takes it with the hashtags, counted in its own way."""
    known, most = list(_of(platforms)), len(description)
    text = description
    while text and any(_too_long(text, hashtags, one) for one in known):
        most -= max(most // 20, 1)
        text = cut(description, most) if most > 1 else ""
    return text


def cut(text: str, longest: int) -> str:
    """At most that many characters, behind a whole word, its lines kept."""
    return text if len(text) <= longest else text[: max(longest - 1, 0)].rsplit(" ", 1)[0].rstrip() + "…"


def _of(platforms: Collection[str]) -> Iterator[Limits]:
    """Those that the table knows; nothing is known of a site of one's own or of a folder."""
    accounts = set(platforms)
    binding = accounts - {SHORTENS} or accounts
    return (one for one in table().values() if one.account in binding)


def _too_long(text: str, hashtags: Sequence[str], platform: Limits) -> bool:
    whole = PostFacts(description=text, hashtags=hashtags).text
    return bool(platform.description) and length(whole, platform.counts) > platform.description
