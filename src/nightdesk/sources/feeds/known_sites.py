"""Sites whose feeds lie at an address that follows from the page's own."""

import re
from collections.abc import Callable
from urllib.parse import SplitResult, quote, urlsplit

from nightdesk.sources.feeds.contract import FeedLink

_NAME = r"[\w.~%-]{1,100}"


def feeds_of_address(url: str) -> list[FeedLink]:
    """The feed of a page of a known site; empty for every other address.

    Knows YouTube channels and playlists, Reddit, Medium, GitHub, GitLab, Mastodon profiles, Substack,
    Bluesky, Tumblr, WordPress.com, Blogspot, Vimeo, Dev.to and Stack Exchange, by documented forms.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    for fits, feed_of in _SITES:
        if re.fullmatch(fits, host) and (address := feed_of(parts)):
            return [FeedLink(address, home=url)]
    # A profile of the fediverse lies on any host.
    if re.fullmatch(rf"/@{_NAME}/?", parts.path):
        return [FeedLink(f"{_start(parts)}{parts.path.rstrip('/')}.rss", home=url)]
    return []


def _start(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}"


def _youtube(parts: SplitResult) -> str:
    feed = "https://www.youtube.com/feeds/videos.xml"
    if found := re.match(r"/channel/(UC[\w-]{22})(?:/|$)", parts.path):
        return f"{feed}?channel_id={found[1]}"
    listed = re.search(r"(?:^|&)list=([\w-]{10,64})(?:&|$)", parts.query)
    if listed and parts.path.rstrip("/") in ("/playlist", "/watch"):
        return f"{feed}?playlist_id={listed[1]}"
    found = re.match(r"/user/([\w-]{1,60})(?:/|$)", parts.path)
    return f"{feed}?user={found[1]}" if found else ""


def _reddit(parts: SplitResult) -> str:
    found = re.match(
        r"(/(?:r|user|u)/[\w+-]{1,60}(?:/(?:new|top|hot|rising|comments/\w+))?)(?:/|$)", parts.path
    )
    return f"https://www.reddit.com{found[1]}/.rss" if found else ""


def _medium(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if host.endswith(".medium.com") and host != "www.medium.com":
        return f"https://{host}/feed"
    found = re.match(rf"/(@{_NAME}|tag/{_NAME}|{_NAME})(?:/|$)", parts.path)
    return f"https://medium.com/feed/{found[1]}" if found else ""


def _github(parts: SplitResult) -> str:
    found = re.match(r"/([\w.-]{1,60})/([\w.-]{1,100})(?:/(releases|tags|commits))?(?:/|$)", parts.path)
    return f"https://github.com/{found[1]}/{found[2]}/{found[3] or 'releases'}.atom" if found else ""


def _gitlab(parts: SplitResult) -> str:
    found = re.match(r"/((?:[\w.-]{1,60}/){1,4}[\w.-]{1,100}?)(?:/-/.*|/)?$", parts.path)
    return f"https://gitlab.com/{found[1]}/-/tags?format=atom" if found else ""


def _bluesky(parts: SplitResult) -> str:
    found = re.match(r"/profile/([\w.:-]{1,200})/?$", parts.path)
    return f"https://bsky.app/profile/{found[1]}/rss" if found else ""


def _dev_to(parts: SplitResult) -> str:
    found = re.match(r"/(?:t/)?([\w-]{1,60})(?:/|$)", parts.path)
    tag = "tag/" if parts.path.startswith("/t/") else ""
    return f"https://dev.to/feed/{tag}{found[1]}" if found else ""


def _vimeo(parts: SplitResult) -> str:
    found = re.match(r"/((?:channels/)?[A-Za-z][\w-]{1,60})/?$", parts.path)
    return f"https://vimeo.com/{found[1]}/videos/rss" if found else ""


def _tagged(parts: SplitResult) -> str:
    found = re.match(r"/questions/tagged/([^/?#]{1,100})", parts.path)
    return f"{_start(parts)}/feeds/tag/{quote(found[1], safe='+%')}" if found else f"{_start(parts)}/feeds"


def _at(path: str) -> Callable[[SplitResult], str]:
    return lambda parts: _start(parts) + path


_SITES: list[tuple[str, Callable[[SplitResult], str]]] = [
    (r"youtube\.com", _youtube),
    (r"(?:(?:old|new|np)\.)?reddit\.com", _reddit),
    (r"(?:[\w-]+\.)?medium\.com", _medium),
    (r"github\.com", _github),
    (r"gitlab\.com", _gitlab),
    (r"bsky\.app", _bluesky),
    (r"dev\.to", _dev_to),
    (r"vimeo\.com", _vimeo),
    (r"[\w-]+\.substack\.com", _at("/feed")),
    (r"[\w-]+\.wordpress\.com", _at("/feed/")),
    (r"[\w-]+\.tumblr\.com", _at("/rss")),
    (r"[\w-]+\.blogspot\.(?:com|[a-z]{2})(?:\.[a-z]{2})?", _at("/feeds/posts/default")),
    (r"(?:[\w-]+\.)?(?:stackexchange|stackoverflow)\.com", _tagged),
]
