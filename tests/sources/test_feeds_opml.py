"""Lists of feeds go in from other readers, and out to them."""

from xml.etree import ElementTree

import pytest

from nightdesk.sources.feeds import opml
from nightdesk.sources.feeds.contract import FeedLink, FeedRefused

LIST = """<?xml version="1.0" encoding="ISO-8859-1"?>
<opml version="1.1"><head><title>Mine</title></head><body>
<outline text="News"><outline text="World">
  <outline type="rss" text="Größe &amp; more" xmlUrl="https://a.example/rss?x=1&amp;y=2"
   htmlUrl="https://a.example/"/>
</outline>
<outline title="B" XMLURL='feed://b.example/rss' type='rss'></outline></outline>
<outline text="C" xmlUrl="feed:https://c.example/atom"/>
<outline text="A again" xmlUrl="https://a.example/rss?x=1&amp;y=2"/>
<outline text="None" xmlUrl="file:///etc/passwd"/><outline text="Empty" xmlUrl=""/>
<!-- <outline xmlUrl="https://d.example"/> -->
</body></opml>"""


def test_a_list_is_read_with_its_folders_and_each_feed_once() -> None:
    assert opml.read(LIST.encode("latin-1")) == [
        FeedLink("https://a.example/rss?x=1&y=2", "Größe & more", "https://a.example/", ("News", "World")),
        FeedLink("http://b.example/rss", "B", "", ("News",)),
        FeedLink("https://c.example/atom", "C"),
    ]


def test_a_list_that_is_damaged_gives_what_is_whole() -> None:
    text = LIST.replace("</body></opml>", "").replace("&amp; more", "& more")
    assert len(opml.read(text.encode("latin-1"))) == 3


def test_what_is_written_is_valid_and_reads_the_same() -> None:
    feeds = [
        FeedLink("https://a.example/rss?x=1&y=2", 'A "quoted" <b>', "https://a.example/", ("News", "World")),
        FeedLink("https://b.example/rss", "B\nof two lines", "", ("Other",)),
        FeedLink("https://c.example/rss", "C", "", ("News",)),
        FeedLink("https://d.example/rss", "D", "", ("News", "World")),
        FeedLink("https://e.example/rss", "E"),
    ]
    written = opml.write("Mine & yours\x00", feeds)
    root = ElementTree.fromstring(written)
    assert (root.tag, root.get("version"), root.findtext("head/title")) == ("opml", "2.0", "Mine & yours")
    assert len(root.findall("body/outline")) == 3
    assert {outline.get("type") for outline in root.iter("outline") if outline.get("xmlUrl")} == {"rss"}
    read = {link.url: link for link in opml.read(written)}
    assert {url: (link.home, link.folders) for url, link in read.items()} == {
        feed.url: (feed.home, feed.folders) for feed in feeds
    }
    assert read["https://a.example/rss?x=1&y=2"].title == 'A "quoted"'
    assert opml.read(opml.write("x", list(read.values()))) == list(read.values())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_opml"),
        (b"<rss><channel/></rss>", "not_opml"),
        (b'<!DOCTYPE opml [<!ENTITY a "b">]><opml><body><outline text="&a;"/></body></opml>', "bad_feed"),
        (b"<opml>" + b"<outline text='a'>" * 200_000, "too_complex"),
        (b"<opml>" + b"<outline text='a'/>" * 200_000, "too_complex"),
        (
            b"<opml>" + b"".join(b'<outline xmlUrl="https://a.example/%d"/>' % n for n in range(5001)),
            "too_large",
        ),
        (b"<opml>".ljust(5_000_001), "too_large"),
    ],
)
def test_a_bad_list_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(FeedRefused, match=code):
        opml.read(content)


def test_5_000_feeds_are_read() -> None:
    feeds = [FeedLink(f"https://a.example/{number}", f"Feed {number}") for number in range(5000)]
    assert opml.read(opml.write("All", feeds)) == feeds
