"""Plain pages: what is kept of them, and when nobody else is asked."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from kit.scripted_web import Web
from nightdesk.kit.clock import SetClock
from nightdesk.kit.http.fetch import Fetcher
from nightdesk.kit.http.guard import Guard
from nightdesk.sources.documents import Document, DocumentRefused
from nightdesk.sources.pages import PageMeans, Pages, open_pages

TEXT = (
    "A heap of leaves warms up when it is turned and a bin of wood keeps the rain off it all winter long. "
    * 4
)
HTML = "Content-Type: text/html; charset=utf-8"


def page(image: str, text: str = TEXT) -> bytes:
    return (
        '<!doctype html><html lang="en"><head><title>Heaps in winter</title>'
        '<meta name="author" content="Ana Heap"><meta property="article:published_time" content="2026-01-31">'
        f'<meta property="og:image" content="{image}"></head><body><article><h1>Heaps in winter</h1>'
        f'<img src="/inside.png"><p>{text}</p><p>{text}</p></article></body></html>'
    ).encode()


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    served = Web()
    await served.start()
    yield served
    await served.stop()


def means(web: Web) -> PageMeans:
    clock = SetClock(datetime(2026, 2, 1, tzinfo=UTC))
    return PageMeans(Fetcher(Guard(allow=[("127.0.0.1", web.port)]), clock))


async def test_author_day_language_and_the_address_of_the_picture_are_kept(web: Web) -> None:
    web.says("/heaps", page("https://news.example/heap.jpg"), HTML)
    found = await open_pages(means(web)).read(f"http://127.0.0.1:{web.port}/heaps")
    assert (found.title, found.author, found.published) == ("Heaps in winter", "Ana Heap", date(2026, 1, 31))
    assert (found.language, found.image) == ("en", "https://news.example/heap.jpg")
    assert [head.split(" ")[1] for head in web.heads] == ["/heaps"], "no picture is fetched"


async def test_a_picture_that_is_at_no_web_address_is_not_kept(web: Web) -> None:
    for image in ("javascript:alert(1)", ""):
        web.says("/heaps", page(image), HTML)
        found = await open_pages(means(web)).read(f"http://127.0.0.1:{web.port}/heaps")
        assert found.image is None


class Told:
    """A reader that answers as a test says, and remembers what it was asked."""

    name = "told"

    def __init__(self, answer: Document | DocumentRefused, *, claims: bool = True) -> None:
        self._answer, self._claims = answer, claims
        self.asked: list[str] = []

    def reads(self, _url: str, /) -> bool:
        return self._claims

    async def read(self, url: str) -> Document:
        self.asked.append(url)
        if isinstance(self._answer, DocumentRefused):
            raise self._answer
        return self._answer


LITTLE, MUCH = Document("Heaps", "Loading."), Document("Heaps", TEXT)
NOTHING = DocumentRefused("no_text", "No article was found.")


@pytest.mark.parametrize(
    ("plain", "drawn", "text", "asked"),
    [
        (MUCH, LITTLE, TEXT, 0),
        (LITTLE, MUCH, TEXT, 1),
        (LITTLE, NOTHING, LITTLE.text, 1),
        (NOTHING, MUCH, TEXT, 1),
    ],
)
async def test_a_browser_is_asked_only_where_a_page_says_nearly_nothing(
    plain: Document, drawn: Document, text: str, asked: int
) -> None:
    browser = Told(drawn)
    found = await Pages((), Told(plain), browser).read("https://news.example/")
    assert (found.text, len(browser.asked)) == (text, asked)


async def test_a_page_of_another_type_is_no_matter_for_a_browser() -> None:
    browser = Told(MUCH)
    with pytest.raises(DocumentRefused, match="a feed"):
        await Pages((), Told(DocumentRefused("not_a_document", "It is a feed.")), browser).read(
            "https://x.example/"
        )
    assert browser.asked == []


async def test_who_claims_an_address_is_asked_before_the_plain_reader() -> None:
    plain = Told(LITTLE)
    found = await Pages((Told(LITTLE, claims=False), Told(MUCH)), plain, Told(NOTHING)).read(
        "https://x.example/"
    )
    assert (found.text, plain.asked) == (TEXT, [])
