"""Exported pages show what is stored and obey none of it."""

from decimal import Decimal

import pytest

from nightdesk.desk.costs import Cost
from nightdesk.desk.review.contents import Piece
from nightdesk.desk.rows import Content, Image, Site
from nightdesk.faces.cli import pages
from nightdesk.faces.cli.export import markdown

EVIL = '"><script>alert(1)</script>'


def piece(**facts) -> Piece:
    usual = {
        "id": 7,
        "title": "Worm bins",
        "slug": "worm-bins",
        "structure": "how_to",
        "language": "en",
        "status": "review",
        "state": "review",
        "summary": "",
        "markdown": "Worms eat scraps.[^3]\n\n## Making one\n\nDrill holes.",
        "html": '<p>See <a href="/other">another</a> and <a href="/gone">one that is gone</a>.</p>'
        '<h2 id="h-making-one">Making one</h2><p>Drill holes.</p>',
        "meta_title": "Worm bins",
        "meta_description": "How to make one.",
        "citations": [{"document": 3, "title": "Worms", "author": "", "url": "https://example.org/w"}],
        "json_ld": {},
        "checks": {},
        "words": 5,
        "label": "compiled offline",
    }
    image = Image(id=9, position=0, kind="featured", heading="", alt="A bin", asset="ab", mime="image/png")
    image.width, image.height, image.caption = 1200, 675, ""
    return Piece(Content(**(usual | facts)), [image], Cost(Decimal("9.5"), Decimal("0.01")))


SITE = Site(name="Worms & Co", subject="Worms", language="en", brand={})


@pytest.mark.parametrize("field", ["title", "meta_title", "meta_description", "label", "language"])
def test_no_field_of_an_article_becomes_markup(field):
    one = piece(**{field: EVIL})
    assert "<script>alert" not in pages.article(SITE, one, {9: "a.png"}, frozenset())
    assert "<script>alert" not in pages.index(SITE, [one], {9: "a.png"})


def test_structured_data_cannot_end_its_element():
    html = pages.article(
        SITE, piece(json_ld={"name": "</script><script>alert(1)</script>"}), {9: "a.png"}, {""}
    )
    assert html.count("</script>") == 1


def test_links_to_articles_beside_it_are_files_and_others_are_only_text():
    html = pages.article(SITE, piece(), {9: "a.png"}, frozenset({"other"}))
    assert '<a href="other.html">another</a>' in html
    assert "gone" in html
    assert 'href="/gone"' not in html
    assert 'src="../images/a.png"' in html


def test_markdown_carries_its_picture_its_facts_and_its_sources():
    text = markdown(piece(), {9: "worm-bins-1.png"})
    assert text.startswith('---\ntitle: "Worm bins"\n')
    assert "![A bin](../images/worm-bins-1.png)" in text
    assert "[^3]: Worms, https://example.org/w" in text
