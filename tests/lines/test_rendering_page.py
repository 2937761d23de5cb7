"""An article is rendered to clean Markdown and HTML with its citations, headings and links in order."""

import json
import re

import pytest

from nightdesk.lines.article.rendering.cleaning import clean
from nightdesk.lines.article.rendering.json_ld import problems, script_tag, with_publication
from nightdesk.lines.article.rendering.links import Site
from nightdesk.lines.article.rendering.page import Rendered, render
from nightdesk.lines.article.rendering.pictures import PlacedImage, with_images
from nightdesk.providers.text.questions import ArticleWritten, FaqEntry, SourceDocument, Structure

SITE = Site("Urban Harvest", url="https://harvest.example", pieces={"led-lights": "LED lights"})
DOCUMENTS = [
    SourceDocument(
        number=4, title="Light & lettuce", url="https://www.docs.example/light/", author="A. Green"
    ),
    SourceDocument(
        number=7, title="Water use", url="https://docs.example/water?id=1", published="2024-03-01"
    ),
    SourceDocument(number=9, title="Never cited", url="https://docs.example/never"),
]
FILLER = "\n\n" + "Lettuce grows in water and light. " * 8


def made(
    markdown: str,
    *,
    faq: tuple[FaqEntry, ...] = (),
    structure: Structure = "guide",
    taken: frozenset[str] = frozenset(),
    title: str = "Growing lettuce at home",
    site: Site = SITE,
) -> Rendered:
    article = ArticleWritten(
        title=title,
        meta_title="Growing lettuce",
        meta_description="How lettuce grows at home.",
        markdown=markdown + FILLER,
        faq=list(faq),
    )
    return render(article, DOCUMENTS, site, structure=structure, taken=taken)


def codes(rendered: Rendered) -> list[str]:
    return [finding.code for finding in rendered.findings]


def test_citations_are_numbered_as_the_reader_meets_them_and_lead_to_the_source_and_back() -> None:
    page = made("Water matters [^7]. Light too.[^4] Water again [^7].")
    assert re.findall(r"\[(\d)\]</a></sup>", page.html) == ["1", "2", "1"]
    assert [(c.document, c.shown, c.uses) for c in page.citations] == [(7, 1, 2), (4, 2, 1)]
    for anchor in re.findall(r'href="#([^"]+)"', page.html):
        assert f'id="{anchor}"' in page.html
    assert "matters[^7]." in page.markdown


def test_the_list_of_sources_is_made_from_the_documents_and_never_from_the_writer() -> None:
    page = made(
        "Light [^4].\n\n[^4]: https://evil.example/fake\n\n## References\n\n1. [Fake](https://evil.example)"
    )
    assert "evil.example" not in page.html + page.markdown
    assert '<a href="https://www.docs.example/light/">Light &amp; lettuce</a>, A. Green' in page.html
    assert "Never cited" not in page.html


def test_a_sources_section_of_the_writer_is_left_out_only_at_the_end() -> None:
    page = made("## Sources\n\nSpring water is a source.\n\n## Lettuce\n\nIt grows [^4].")
    assert "Spring water is a source." in page.text


def test_a_citation_of_an_unknown_document_is_removed_and_told() -> None:
    page = made("Light [^4] and magic [^12], really [^note].")
    assert codes(page) == ["unknown_citation", "unknown_citation"]
    assert "Light[^4] and magic, really." in page.markdown
    assert "12" not in page.html


@pytest.mark.parametrize(
    "spelled", ["[^4]", "[4]", "[^4](https://evil.example)", "[[4]](https://docs.example/x)", "[^ 4 ]"]
)
def test_a_citation_is_understood_however_a_writer_spells_it(spelled: str) -> None:
    page = made(f"Light matters {spelled}.")
    assert "<p>Light matters<sup" in page.html
    assert [c.document for c in page.citations] == [4]


def test_several_documents_in_one_mark_are_cited_each_and_none_twice_in_a_row() -> None:
    page = made("Both say so [^4, ^7][^7].")
    assert "so[^4][^7]." in page.markdown


def test_brackets_that_are_no_citation_stay_as_they_are() -> None:
    page = made("An array `a[4]`, an index a[4], and a list [1] stay. A light one [^4].")
    assert "<code>a[4]</code>, an index a[4], and a list [1] stay." in page.html


def test_headings_start_at_h2_leave_no_level_out_and_have_anchors_of_their_own() -> None:
    page = made("# Growing lettuce at home\n\nHi.\n\n#### Light\n\na\n\n###### Lamps\n\nb\n\n#### Light\n\nc")
    assert [(h.level, h.text, h.anchor) for h in page.headings] == [
        (2, "Light", "h-light"),
        (3, "Lamps", "h-lamps"),
        (2, "Light", "h-light-2"),
    ]
    assert [(e.text, [c.text for c in e.children]) for e in page.toc] == [("Light", ["Lamps"]), ("Light", [])]
    assert "<h1" not in page.html


def test_links_lead_to_sources_and_own_pieces_and_others_become_text() -> None:
    page = made(
        "See [lamps](/led-lights), [lamps again](https://harvest.example/blog/led-lights/), "
        "[the study](http://docs.example/light?utm_source=x#a), [no piece](/admin), [ad](https://shop.example)."
    )
    assert re.findall(r'<a href="([^"#]+)">', page.html) == [
        "/led-lights",
        "/led-lights",
        "https://www.docs.example/light/",
    ]
    assert "no piece, ad." in page.html
    assert codes(page) == ["link_removed", "link_removed", "nothing_cited"]


def test_html_and_pictures_of_the_writer_go_and_their_text_stays() -> None:
    page = made(
        'A <b onclick="x()">bold</b> leaf.\n\n<div>In a box<script>x()</script></div>\n\n![p](/a.png) end'
    )
    assert "<p>A bold leaf.</p>\n<p>In a box</p>\n<p>end</p>" in page.html
    assert codes(page) == ["html_removed", "html_removed", "html_removed", "picture_removed", "nothing_cited"]


def test_the_kept_markdown_renders_to_the_same_page() -> None:
    page = made(
        "Light *is* **life**[^4] ~~not~~: `a|b` & a < b, 2 * 3, snake_case, &amp; C#!\n\n"
        "1. one\n2. two\n\n   - deep [lamps](/led-lights)\n   - er\n\n3. three\n\n> quoted\n>\n> twice\n\n"
        "| Crop | Days |\n|:--|--:|\n| Lettuce \\| green | 30 [^7] |\n\n```py\n# not [^4]\n```\n\n---\n\n"
        "line one  \nline two\n\n1\\. not a list\n\n\\# not a heading\n\n## Why C#?\n\n"
        "Wow ![^4](x) [^7]\\: so \\[^4\\]"
    )
    again = render(
        ArticleWritten(title=page.title, meta_title="m", meta_description="d", markdown=page.markdown),
        DOCUMENTS,
        SITE,
    )
    assert again.html == page.html
    assert again.markdown == page.markdown


def test_words_count_the_visible_text_without_sources_marks_and_addresses() -> None:
    page = made("One two three [^4] [four](/led-lights).\n\n## Five six")
    assert page.words == 6 + 8 * 6
    assert "Light & lettuce" not in page.text
    assert page.text.startswith("One two three four.\n\nFive six")


def test_a_slug_is_made_from_the_title_and_is_unique_and_short() -> None:
    assert made("x", title="Über Salat: 10 Fragen!").slug == "uber-salat-10-fragen"
    assert made("x", taken=frozenset({"growing-lettuce-at-home"})).slug == "growing-lettuce-at-home-2"
    assert len(made("x", title="A very long title about lettuce " * 4).slug) <= 75


def test_questions_come_at_the_end_once_each() -> None:
    faq = (
        FaqEntry(question="How much light?", answer="Twelve hours [^4].\n\n## Never a heading"),
        FaqEntry(question="How much water?", answer="A litre [^7]."),
    )
    page = made("Start.\n\n## How much water?\n\nA litre a day [^7].", faq=faq)
    assert [(h.level, h.text) for h in page.headings] == [
        (2, "How much water?"),
        (2, "Frequently asked questions"),
        (3, "How much light?"),
    ]
    (faq_page,) = (part for part in page.json_ld["@graph"] if part["@type"] == "FAQPage")
    assert faq_page["mainEntity"][0]["acceptedAnswer"]["text"] == "Twelve hours. Never a heading"


def test_labels_are_in_the_language_of_the_site() -> None:
    page = made("Licht [^4].", site=Site("Ernte", language="de-AT"))
    assert '<h2 id="h-sources">Quellen</h2>' in page.html


@pytest.mark.parametrize(
    ("structure", "markdown", "kind", "count"),
    [
        ("how_to", "## Step 1: Sow\n\nSow.\n\n## Step 2: Water\n\nWater.\n\n## Enjoy\n\nEat.", "HowTo", 2),
        ("how_to", "Do this:\n\n1. Sow\n2. Water\n3. Cut", "HowTo", 3),
        ("list", "## 1. Basil\n\nGreen.\n\n## 2. Mint\n\nFresh.\n\n## In short\n\nBoth.", "ItemList", 2),
        ("list", "## Basil\n\nGreen.\n\n## Mint\n\nFresh.\n\n## FAQ\n\n### Why?\n\nSo.", "ItemList", 2),
        ("faq", "## Light?\n\nYes.\n\n## Care\n\n### Water?\n\nA lot.", "FAQPage", 2),
    ],
)
def test_the_structure_decides_what_machines_are_told(
    structure: Structure, markdown: str, kind: str, count: int
) -> None:
    data = made(markdown, structure=structure).json_ld
    (part,) = (part for part in data["@graph"] if part["@type"] == kind)
    entries = part.get("step") or part.get("itemListElement") or part["mainEntity"]
    assert len(entries) == count
    assert problems(data) == []


@pytest.mark.parametrize("structure", ["guide", "comparison", "list", "how_to", "review", "faq"])
def test_without_steps_items_or_questions_there_is_only_the_article(structure: Structure) -> None:
    data = made("Plain text [^7].", structure=structure).json_ld
    assert [part["@type"] for part in data["@graph"]] == ["Article"]
    article = data["@graph"][0]
    assert article["isBasedOn"] == [
        {
            "@type": "CreativeWork",
            "name": "Water use",
            "url": "https://docs.example/water?id=1",
            "datePublished": "2024-03-01",
        }
    ]


def test_data_that_lacks_what_is_asked_for_is_told() -> None:
    broken = {
        "@context": "https://schema.org",
        "@graph": [{"@type": "HowTo", "name": "x", "step": [{"@type": "HowToStep"}]}],
    }
    assert problems(broken) == ["HowToStep lacks text"]


def test_no_text_can_close_the_script_element_that_holds_the_data() -> None:
    data = made("Light [^4].", title="</script><script>alert(1)</script> & lettuce").json_ld
    tag = script_tag(
        with_publication(data, url="https://harvest.example/x", published="2026-11-20T06:00:00Z")
    )
    inner = tag.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert "<" not in inner
    assert json.loads(inner)["@graph"][0]["headline"].startswith("</script>")
    assert json.loads(inner)["@graph"][0]["datePublished"] == "2026-11-20T06:00:00Z"


def test_pictures_stand_below_their_heading_and_are_replaced_not_repeated() -> None:
    page = made("Start.\n\n## Light & air\n\nLamps.\n\nMore.\n\n## Water\n\n- drops\n\nEnd [^4].")
    images = [
        PlacedImage("", "/media/top.png", "Lettuce"),
        PlacedImage("light & air", "/media/lamp.png", 'A "lamp"', "Lit", 1200, 675),
        PlacedImage("Water", "/media/water.png", "Water"),
        PlacedImage("Gone", "/media/gone.png", "Gone"),
    ]
    html = with_images(page.html, images)
    assert html.startswith(
        '<figure class="featured"><img src="/media/top.png" alt="Lettuce"></figure>\n<p>Start.</p>'
    )
    lamp = '<figure class="picture"><img src="/media/lamp.png" alt="A &quot;lamp&quot;" width="1200"'
    assert f"<p>Lamps.</p>\n{lamp}" in html
    assert 'Water</h2>\n<figure class="picture"><img src="/media/water.png"' in html
    assert html.index("/media/gone.png") < html.index('<section class="sources">')
    assert with_images(html, images) == html
    assert with_images(html, []) == page.html
    assert set(re.findall(r"<[^>]+>", clean(html))) == set(re.findall(r"<[^>]+>", html))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//evil.example/a.png", 'x" onerror="y', "data:image/png,x"]
)
def test_a_picture_with_another_kind_of_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        with_images("<p>x</p>", [PlacedImage("", url, "alt")])


def test_headings_in_any_script_have_anchors_that_are_kept() -> None:
    page = made("## 水耕栽培とは\n\na\n\n## हिन्दी लेख\n\nb\n\n## !!!\n\nc")
    anchors = [heading.anchor for heading in page.headings]
    assert len(set(anchors)) == 3
    assert anchors[0] == "h-水耕栽培とは"
    assert all(f'id="{anchor}"' in page.html for anchor in anchors)


def test_what_was_escaped_is_meant_literally() -> None:
    page = made("Not cited: \\[^4\\] and \\[4\\], \\*not styled\\*.")
    assert page.citations == ()
    assert "Not cited: [^4] and [4], *not styled*." in page.text


def test_two_lists_in_a_row_stay_two() -> None:
    page = made("- a\n- b\n\n* c\n* d\n\n1. e\n2. f\n\n1) g")
    again = made(page.markdown.removesuffix(FILLER.strip() + "\n"))
    assert page.html.count("<ul>") == again.html.count("<ul>") == 2
    assert page.html.count("<ol>") == again.html.count("<ol>") == 2
