"""A page's feeds are found by what it names, by what its site is known to have, and by what it links to."""

import time

import pytest

from nightdesk.sources.feeds.contract import FeedLink
from nightdesk.sources.feeds.discovery import find_feeds, guesses

URL = "https://news.example/section/page.html"


def found(html: str, url: str = URL) -> list[str]:
    return [link.url for link in find_feeds(html.encode(), url)]


def test_the_feeds_of_a_page_are_those_that_its_head_names_in_order() -> None:
    page = """<html><head>
    <LINK REL='alternate' TYPE="application/rss+xml" TITLE="All &amp; more" HREF="/rss?a=1&amp;b=2">
    <link href=//feeds.example/atom.xml rel="alternate nofollow" type=application/atom+xml;charset=utf-8 />
    <link rel="alternate" type="application/feed+json" href="feed.json"><link rel="alternate"
     href="/rss?a=1&amp;b=2" type="application/rss+xml"><link rel="alternate" hreflang="de" href="/de/">
    <link rel="stylesheet" href="/feed.css">
    <!-- <link rel="alternate" type="application/rss+xml" href="/commented"> --></head>
    <script>'<link rel="alternate" type="application/rss+xml" href="/scripted">'</script>"""
    assert find_feeds(page.encode(), URL) == [
        FeedLink("https://news.example/rss?a=1&b=2", "All & more", URL),
        FeedLink("https://feeds.example/atom.xml", "", URL),
        FeedLink("https://news.example/section/feed.json", "", URL),
    ]


def test_addresses_are_completed_with_the_page_s_base() -> None:
    page = '<base href="https://cdn.example/x/"><link rel=alternate type=application/rss+xml href=feed.xml>'
    assert found(page) == ["https://cdn.example/x/feed.xml"]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "", "http://", "ftp://x.example/f"]
)
def test_only_addresses_of_the_web_are_given(address: str) -> None:
    assert found(f'<link rel="alternate" type="application/rss+xml" href="{address}">') == []


def test_a_page_that_names_none_is_searched_for_links_that_look_like_feeds() -> None:
    page = '<a href="/about">About</a><a href="/blog/rss">RSS</a><a href="https://other.example/feed">x</a>'
    assert found(page) == ["https://news.example/blog/rss"]


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        (
            "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv/videos",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv",
        ),
        (
            "https://m.youtube.com/playlist?list=PL1234567890",
            "https://www.youtube.com/feeds/videos.xml?playlist_id=PL1234567890",
        ),
        ("https://old.reddit.com/r/gardening/top/?t=day", "https://www.reddit.com/r/gardening/top/.rss"),
        ("https://www.reddit.com/user/somebody", "https://www.reddit.com/user/somebody/.rss"),
        ("https://medium.com/@writer/a-story-1a2b", "https://medium.com/feed/@writer"),
        ("https://writer.medium.com/a-story", "https://writer.medium.com/feed"),
        ("https://github.com/owner/project", "https://github.com/owner/project/releases.atom"),
        ("https://github.com/owner/project/commits/main", "https://github.com/owner/project/commits.atom"),
        ("https://social.example/@somebody", "https://social.example/@somebody.rss"),
        ("https://letters.substack.com/p/a-letter", "https://letters.substack.com/feed"),
        ("https://bsky.app/profile/some.example", "https://bsky.app/profile/some.example/rss"),
        ("https://blog.wordpress.com/2026/01/", "https://blog.wordpress.com/feed/"),
        ("https://stackoverflow.com/questions/tagged/python", "https://stackoverflow.com/feeds/tag/python"),
    ],
)
def test_the_feed_of_a_known_site_follows_from_its_page_s_address(page: str, feed: str) -> None:
    assert found("<html>", page) == [feed]


def test_what_a_page_names_comes_before_what_its_site_is_known_to_have() -> None:
    named = '<link rel="alternate" type="application/rss+xml" href="/own.xml">'
    assert found(named, "https://letters.substack.com/") == ["https://letters.substack.com/own.xml"]


def test_guesses_lie_at_the_root_of_the_site() -> None:
    assert [link.url for link in guesses(URL)][:2] == [
        "https://news.example/feed",
        "https://news.example/rss.xml",
    ]
    assert found("<html>") == []


@pytest.mark.parametrize(
    "piece", ["<link ", '<a href="', "<!--", "<script>", "<link rel='", "<base href=x>", "<"]
)
def test_a_page_made_to_take_long_does_not(piece: str) -> None:
    began = time.process_time()
    find_feeds((piece * 1_000_000)[:5_000_000].encode(), URL)
    assert time.process_time() - began < 3
