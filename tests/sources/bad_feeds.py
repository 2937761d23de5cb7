"""Feeds that are damaged, false or made to do harm, each with the answer that it has to get.

An answer is the code of a refusal, or the number of entries; `holds` looks at what was read.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from nightdesk.sources.feeds.contract import FeedRead, FeedRefused
from nightdesk.sources.feeds.reading import FeedReader

HEAD = '<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>'
TAIL = "</channel></rss>"
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>'
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
SECRET = "/etc/passwd"


@dataclass(frozen=True)
class Bad:
    """One feed of the corpus."""

    answer: str | int
    body: Callable[[], str | bytes]
    content_type: str = ""
    holds: Callable[[FeedRead], bool] = lambda _: True

    def content(self) -> bytes:
        body = self.body()
        return body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body


def rss(*items: str) -> str:
    return HEAD + "".join(f"<item>{item}</item>" for item in items) + TAIL


def item(title: str = "A", link: str = "https://news.example/a", more: str = "") -> str:
    return f"<title>{title}</title><link>{link}</link>{more}"


def json_feed(*items: object, version: str = "https://jsonfeed.org/version/1.1") -> str:
    return json.dumps({"version": version, "title": "T", "items": list(items)})


def laughs(root: str = "rss") -> str:
    declared = "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY a "ha">{declared}]>'


def attributes(how: str, count: int = 230_000) -> str:
    return HEAD + "<item " + " ".join(how.format(n) for n in range(count)) + "/>" + TAIL


PAGE = "<html><head><title>News</title></head><body><p>Hello</p></body></html>"
FALSE: dict[str, Bad] = {
    "nothing": Bad("not_a_feed", lambda: b""),
    "only spaces": Bad("not_a_feed", lambda: " \n\t" * 1000),
    "only a byte order mark": Bad("not_a_feed", lambda: b"\xef\xbb\xbf"),
    "a page with its doctype": Bad("not_a_feed", lambda: "<!DOCTYPE html>" + PAGE),
    "a page without": Bad("not_a_feed", lambda: PAGE, "application/rss+xml"),
    "a page of XHTML": Bad(
        "not_a_feed", lambda: '<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "y">' + PAGE
    ),
    "a page that speaks of feeds": Bad("not_a_feed", lambda: f"<html><body><pre>{rss(item())}</pre>"),
    "a page after a comment": Bad("not_a_feed", lambda: "<!-- cached --><!doctype html>" + PAGE),
    "plain text": Bad("not_a_feed", lambda: "The feed has moved."),
    "a string of JSON": Bad("not_a_feed", lambda: '"moved"'),
    "an object of JSON": Bad("not_a_feed", lambda: '{"error": "gone", "items": []}', "application/json"),
    "a list of JSON": Bad("not_a_feed", lambda: "[1, 2, 3]"),
    "a JSON feed of another version": Bad("not_a_feed", lambda: json_feed(version="https://example.com/9")),
    "a site map": Bad("not_a_feed", lambda: '<?xml version="1.0"?><urlset><url><loc>x</loc></url></urlset>'),
    "a drawing": Bad("not_a_feed", lambda: '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title></svg>'),
    "a list of feeds": Bad(
        "not_a_feed", lambda: '<opml version="2.0"><body><outline text="x"/></body></opml>'
    ),
    "an answer of a service": Bad("not_a_feed", lambda: "<Error><Code>AccessDenied</Code></Error>"),
    "a PDF file": Bad("not_a_feed", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    "a picture": Bad("not_a_feed", lambda: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
    "something packed": Bad("not_a_feed", lambda: b"\x1f\x8b\x08\x00\x00\x00\x00\x00"),
    "zeros": Bad("not_a_feed", lambda: bytes(100_000)),
    "UTF-7": Bad("not_a_feed", lambda: "+ADw-rss+AD4-", "text/xml; charset=utf-7"),
}
HARMFUL: dict[str, Bad] = {
    "a billion laughs": Bad("bad_feed", lambda: laughs() + f"<rss><channel><title>&j;</title>{TAIL}"),
    "a billion laughs in Atom": Bad("bad_feed", lambda: laughs("feed") + ATOM + "<entry>&j;</entry></feed>"),
    "a billion laughs in UTF-16": Bad(
        "bad_feed", lambda: (laughs() + "<rss><channel><title>&j;</title></channel></rss>").encode("utf-16")
    ),
    "a quadratic blow-up": Bad(
        "bad_feed", lambda: f'<!DOCTYPE rss [<!ENTITY a "{"x" * 50_000}">]>{HEAD[21:]}{"&a;" * 50_000}{TAIL}'
    ),
    "an entity that is a file": Bad(
        "bad_feed",
        lambda: (
            f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{SECRET}">]>' + HEAD[21:] + f"<item>&x;</item>{TAIL}"
        ),
    ),
    "an entity that lies elsewhere": Bad(
        "bad_feed",
        lambda: '<!DOCTYPE rss [<!ENTITY x SYSTEM "http://127.0.0.1:1/x">]>' + HEAD[21:] + "&x;" + TAIL,
    ),
    "a parameter entity": Bad(
        "bad_feed",
        lambda: '<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;]>' + HEAD[21:] + TAIL,
    ),
    "an entity after a comment": Bad(
        "bad_feed", lambda: '<!-- <rss> --><!DOCTYPE rss [<!-- ]> --><!ENTITY x "y">]>' + HEAD[21:] + TAIL
    ),
    "an entity in small letters": Bad(
        "bad_feed", lambda: '<!doctype rss [<!entity x "y">]>' + HEAD[21:] + TAIL
    ),
    "an included file": Bad(
        1,
        lambda: rss(
            item(more=f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{SECRET}" parse="text"/>')
        ),
        holds=lambda feed: "root" not in feed.entries[0].text,
    ),
    "a style sheet that lies elsewhere": Bad(
        1, lambda: '<?xml-stylesheet href="http://127.0.0.1:1/x.xsl" type="text/xsl"?>' + rss(item())[21:]
    ),
    "a document type that lies elsewhere": Bad(
        1, lambda: '<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/rss.dtd">' + rss(item())[21:]
    ),
}
HUGE: dict[str, Bad] = {
    "2.3 MB of attributes": Bad("too_complex", lambda: attributes('a{}="x"')),
    "2.3 MB of attributes that hold tags": Bad("too_complex", lambda: attributes('a{}=">"')),
    "2.3 MB of name spaces": Bad("too_complex", lambda: attributes('xmlns:a{}="x"', 150_000)),
    "400,000 items": Bad("too_complex", lambda: HEAD + "<item/>" * 400_000 + TAIL),
    "150,000 items with titles": Bad("too_complex", lambda: HEAD + "<item><title>a</title></item>" * 150_000),
    "400,000 entries": Bad("too_complex", lambda: ATOM + "<entry/>" * 400_000 + "</feed>"),
    "100,000 items of RDF": Bad("too_complex", lambda: RDF + "<item><title>x</title></item>" * 100_000),
    "400,000 items of JSON": Bad(
        "too_complex",
        lambda: f'{{"version": "https://jsonfeed.org/version/1", "items": [{"{}," * 400_000}{{}}]}}',
    ),
    "200,000 deep": Bad("too_complex", lambda: HEAD + "<a>" * 200_000 + "</a>" * 200_000 + TAIL),
    "200,000 deep inside an entry": Bad(
        "too_complex",
        lambda: (
            ATOM
            + '<entry><title>A</title><content type="xhtml">'
            + "<div>" * 200_000
            + "</div>" * 200_000
            + "</content></entry></feed>"
        ),
    ),
    "200,000 deep and never closed": Bad("too_complex", lambda: HEAD + "<item>" + "<a>" * 200_000),
    "JSON 200,000 deep": Bad("too_complex", lambda: '{"version":' + "[" * 200_000 + "]" * 200_000 + "}"),
    "a byte more than 5 MB": Bad("too_large", lambda: rss(item()).ljust(5_000_001)),
    "6 MB of JSON": Bad("too_large", lambda: json_feed() + " " * 6_000_000),
}


def one(feed: FeedRead, **expected: object) -> bool:
    return all(getattr(feed.entries[0], name) == value for name, value in expected.items())


def dated(said: str) -> Callable[[], str]:
    return lambda: rss(item(more=f"<pubDate>{said}</pubDate>"))


UNDATED: Callable[[FeedRead], bool] = lambda feed: one(feed, published=None)  # noqa: E731
QUOTE = '<a b="'
LATIN = rss(item("Größe für Bücher")).encode("latin-1")
ODD: dict[str, Bad] = {
    "no items": Bad(0, lambda: rss()),
    "an item of nothing": Bad(0, lambda: rss("")),
    "no items of JSON": Bad(0, json_feed),
    "no dates": Bad(1, lambda: rss(item()), holds=UNDATED),
    "a date that is none": Bad(1, dated("yesterday"), holds=UNDATED),
    "the first of January 1970": Bad(1, dated("Thu, 01 Jan 1970 00:00:00 GMT"), holds=UNDATED),
    "the year nought": Bad(1, dated("0000-00-00T00:00:00Z"), holds=UNDATED),
    "the year 99999": Bad(1, dated("Fri, 31 Dec 99999 23:59:59 GMT"), holds=UNDATED),
    "the year 2999": Bad(1, dated("Tue, 31 Dec 2999 23:59:59 GMT"), holds=UNDATED),
    "a date of 100,000 digits": Bad(1, dated("1" * 100_000), holds=UNDATED),
    "dates in guids": Bad(1, lambda: rss(item(more="<guid>2020-01-02</guid>")), holds=UNDATED),
    "the same guid twice": Bad(
        1, lambda: rss(item(more="<guid>g</guid>"), item("B", "https://news.example/b", "<guid>g</guid>"))
    ),
    "a guid that changes": Bad(1, lambda: rss(item(more="<guid>1</guid>"), item(more="<guid>2</guid>"))),
    "no guids and one address": Bad(
        2, lambda: rss(item("A"), item("B")), holds=lambda feed: feed.entries[0].key.startswith("sha256:")
    ),
    "a guid of a megabyte": Bad(
        1,
        lambda: rss(item(more=f"<guid>{'g' * 10**6}</guid>")),
        holds=lambda feed: len(feed.entries[0].key) < 100,
    ),
    "a charset that it is not in": Bad(
        1, lambda: LATIN, "text/xml; charset=utf-8", holds=lambda feed: "cher" in feed.entries[0].title
    ),
    "a charset that nobody knows": Bad(1, lambda: LATIN, "text/xml; charset=klingon"),
    "a charset that is code": Bad(1, lambda: rss(item()), "text/xml; charset=unicode_escape"),
    "UTF-16 with its mark": Bad(
        1, lambda: rss(item("Größe")).encode("utf-16"), holds=lambda feed: one(feed, title="Größe")
    ),
    "UTF-16 without": Bad(
        1, lambda: rss(item("Groesse")).encode("utf-16-le"), holds=lambda feed: one(feed, title="Groesse")
    ),
    "broken UTF-8": Bad(1, lambda: rss(item("A")).encode().replace(b"A", b"caf\xc3 caf\xe9 \xff\xfe")),
    "spaces before the declaration": Bad(1, lambda: "\n\n  " + rss(item())),
    "4 MB of spaces before it": Bad(1, lambda: " " * 4_000_000 + rss(item())),
    "a declaration twice": Bad(1, lambda: HEAD[:21] + rss(item())),
    "a warning before it": Bad(1, lambda: "Warning: mysql_connect() on line 3\n" + rss(item())),
    "a page after it": Bad(1, lambda: rss(item()) + PAGE),
    "an ampersand by itself": Bad(
        1,
        lambda: rss(item("Salt & Pepper", "https://news.example/?a=1&b=2")),
        holds=lambda feed: one(feed, title="Salt & Pepper", url="https://news.example/?a=1&b=2"),
    ),
    "names of HTML's characters": Bad(
        1, lambda: rss(item("Caf&eacute;&nbsp;&hellip;")), holds=lambda feed: one(feed, title="Café …")
    ),
    "entities twice": Bad(1, lambda: rss(item("R&amp;amp;D")), holds=lambda feed: one(feed, title="R&D")),
    "entities three times": Bad(
        1, lambda: rss(item("R&amp;amp;amp;D")), holds=lambda feed: one(feed, title="R&amp;D")
    ),
    "control characters": Bad(
        1, lambda: rss(item("A\x00\x08\x1bB")), holds=lambda feed: one(feed, title="AB")
    ),
    "numbers of control characters": Bad(
        1, lambda: rss(item("A&#8;&#0;B")), holds=lambda feed: feed.entries[0].title.isprintable()
    ),
    "half a pair of UTF-16": Bad(
        1, lambda: rss(item("A&#xD800;B \ud800")), holds=lambda feed: "\ud800" not in feed.entries[0].title
    ),
    "a character turned around": Bad(1, lambda: rss(item("A\u202eB"))),
    "a script in the title": Bad(
        1,
        lambda: rss(item("A<![CDATA[<script>alert(1)</script>]]>B")),
        holds=lambda feed: "alert" not in feed.entries[0].title,
    ),
    "a script in the text": Bad(
        1,
        lambda: rss(
            item(more="<description>&lt;img src=x onerror=alert(1)&gt;&lt;b&gt;Hi&lt;/b&gt;</description>")
        ),
        holds=lambda feed: one(feed, text="Hi"),
    ),
    "an address of script": Bad(
        1, lambda: rss(item(link="javascript:alert(1)")), holds=lambda f: one(f, url="")
    ),
    "an address of a file": Bad(
        1, lambda: rss(item(link=f"file://{SECRET}")), holds=lambda f: one(f, url="")
    ),
    "an address of data": Bad(1, lambda: rss(item(link="data:text/html,x")), holds=lambda f: one(f, url="")),
    "an address without a host": Bad(1, lambda: rss(item(link="http://")), holds=lambda f: one(f, url="")),
    "an address of half a megabyte": Bad(
        1, lambda: rss(item(link="https://news.example/" + "a" * 500_000)), holds=lambda f: one(f, url="")
    ),
    "a base that leads elsewhere": Bad(
        1,
        lambda: rss(item(link="/a")).replace("<rss", '<rss xml:base="javascript:x"'),
        holds=lambda feed: feed.entries[0].url in ("", "https://news.example/a"),
    ),
    "a title of a megabyte": Bad(
        1, lambda: rss(item("word " * 200_000)), holds=lambda feed: len(feed.entries[0].title) <= 300
    ),
    "a text of 4 MB": Bad(
        1,
        lambda: rss(item(more=f"<description>{'word ' * 800_000}</description>")),
        holds=lambda feed: 19_000 < len(feed.entries[0].text) <= 20_000,
    ),
    "5,000 items": Bad(
        500,
        lambda: rss(*(item(f"A{n}", f"https://news.example/{n}") for n in range(5000))),
        holds=lambda feed: feed.entries[-1].title == "A499",
    ),
    "10,000 tags": Bad(
        1,
        lambda: rss(item(more="".join(f"<category>c{n}</category>" for n in range(10_000)))),
        holds=lambda feed: len(feed.entries[0].tags) == 20,
    ),
    "4 MB of comments begun": Bad("bad_feed", lambda: HEAD + "<!--" * 1_000_000),
    "4 MB of sections begun": Bad(
        "bad_feed", lambda: HEAD + "<item><title><![CDATA[" + "<![CDATA[" * 450_000
    ),
    "3 MB of tags begun": Bad("too_complex", lambda: rss(item("<a " * 1_000_000))),
    "4 MB of scripts begun": Bad(
        1, lambda: rss(item(more=f"<description><![CDATA[{'<script>' * 500_000}]]></description>"))
    ),
    "4 MB of quotes": Bad(
        "too_complex", lambda: rss(item(more=f"<description><![CDATA[{QUOTE * 600_000}]]></description>"))
    ),
    "4 MB of ampersands": Bad(
        1, lambda: rss(item("A", more=f"<description>{'&#' * 2_000_000}</description>"))
    ),
    "a mail address of a megabyte": Bad(1, lambda: rss(item(more=f"<author>{'a@(' * 300_000}</author>"))),
    "broken off in the second item": Bad(
        2,
        lambda: rss(item(), item("B", "https://news.example/b"))[:-50],
        holds=lambda feed: one(feed, title="A"),
    ),
    "broken off before the first": Bad("bad_feed", lambda: HEAD),
    "tags that do not match": Bad("bad_feed", lambda: "<rss><channel><title>T</channel></title></rss>"),
    "tags in capitals": Bad(1, lambda: rss(item()).upper()),
    "Atom of another name space": Bad(
        1,
        lambda: (
            '<feed xmlns="https://example.com/other"><title>T</title><entry><title>A</title></entry></feed>'
        ),
    ),
    "JSON that breaks off": Bad("bad_feed", lambda: json_feed({"id": "1", "title": "A"})[:-5]),
    "JSON of wrong kinds": Bad(
        1,
        lambda: json_feed(
            None,
            7,
            [],
            {"id": {}, "title": ["x"], "url": 5, "authors": "me", "tags": {"a": 1}},
            {"id": 9, "title": "A"},
        ),
        holds=lambda feed: one(feed, key="9", title="A"),
    ),
    "a number of 5,000 digits": Bad(
        "bad_feed",
        lambda: f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{{"id": {"9" * 5000}}}]}}',
    ),
    "dates of wrong kinds": Bad(
        1,
        lambda: json_feed({"id": "1", "title": "A", "date_published": 17, "attachments": [3]}),
        holds=UNDATED,
    ),
}
CORPUS = {**FALSE, **HARMFUL, **HUGE, **ODD}


async def wrong_answer(reader: FeedReader, name: str) -> str:
    """What is wrong with the answer to one of the corpus; empty where nothing is."""
    bad = CORPUS[name]
    try:
        read = await reader.read(bad.content(), bad.content_type, "https://news.example/feed")
    except FeedRefused as refused:
        return "" if refused.code == bad.answer else f"{name}: {refused.code}, not {bad.answer}"
    if len(read.entries) != bad.answer:
        return f"{name}: {len(read.entries)} entries, not {bad.answer}"
    return "" if bad.holds(read) else f"{name}: {read.entries[:1]}"
