"""A page is looked at as a search engine does, and each finding says what to fix."""

import json
from dataclasses import replace

import pytest

from nightdesk.quality import seo

TEXT = (
    "Growing lettuce indoors takes light and water. Lamps give the light. "
    + "Pumps do the work while you sleep and eat. " * 20
)
GOOD = seo.Page(
    title="Growing lettuce indoors",
    meta_title="Growing lettuce indoors: light, water, harvest",
    meta_description="How to grow lettuce indoors: what light and water it needs, and how soon to cut it.",
    slug="growing-lettuce-indoors",
    html="<p>Growing lettuce indoors takes light.</p><h2>How to grow lettuce indoors</h2>"
    '<p>See <a href="/lamps">lamps</a>.</p><h3>Light</h3><img src="/a.png" alt="A lamp">',
    text=TEXT,
    keywords=("grow lettuce indoors", "lamps"),
    words_wanted=200,
    own_pieces=3,
)


def codes(page: seo.Page) -> list[str]:
    return [finding.code for finding in seo.check(page).findings]


def test_a_good_page_scores_full() -> None:
    report = seo.check(GOOD)
    assert report.findings == []
    assert report.score == 100
    assert report.facts["internal_links"] == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"meta_title": "", "title": ""}, "meta_title_missing"),
        ({"meta_title": "Lettuce indoors grow"[:19]}, "meta_title_short"),
        ({"meta_title": "Growing lettuce indoors " * 3}, "meta_title_long"),
        ({"meta_description": ""}, "meta_description_missing"),
        ({"meta_description": "Grow lettuce indoors."}, "meta_description_short"),
        ({"meta_description": "Grow lettuce indoors with light. " * 6}, "meta_description_long"),
        ({"slug": "Growing Lettuce"}, "slug_form"),
        ({"slug": ""}, "slug_form"),
        ({"slug": "lettuce-" * 12 + "end"}, "slug_long"),
        ({"meta_title": "Everything about basil on the sill"}, "keyword_not_in_title"),
        (
            {"html": "<p>Basil.</p><h2>Growing lettuce indoors</h2><a href='/x'>x</a>"},
            "keyword_not_in_first_paragraph",
        ),
        (
            {"html": "<p>Growing lettuce indoors</p><h2>Light</h2><a href='/x'>x</a>"},
            "keyword_not_in_headings",
        ),
        ({"keywords": ("grow lettuce indoors", "worm compost")}, "keyword_missing"),
        ({"html": GOOD.html + "<h1>Again</h1>"}, "second_h1"),
        ({"html": GOOD.html + "<h2>a</h2><h4>b</h4>"}, "heading_level_skipped"),
        ({"html": GOOD.html + "<h2></h2>"}, "heading_empty"),
        ({"html": GOOD.html + "<h3>Light</h3>"}, "heading_repeated"),
        ({"text": TEXT * 8, "words_wanted": 0}, "few_headings"),
        ({"html": GOOD.html.replace("/lamps", "https://other.example")}, "no_internal_links"),
        ({"html": GOOD.html.replace("/lamps", "//other.example")}, "no_internal_links"),
        ({"html": GOOD.html + '<img src="/b.png" alt=" ">'}, "alt_missing"),
        ({"words_wanted": 1000}, "far_too_short"),
        ({"words_wanted": 250}, "too_short"),
        ({"words_wanted": 100}, "too_long"),
        ({"text": TEXT + "Grow lettuce indoors now. " * 9, "words_wanted": 0}, "keyword_stuffing"),
    ],
)
def test_each_weakness_is_found_alone(changed: dict[str, object], code: str) -> None:
    assert code in codes(replace(GOOD, **changed))  # type: ignore[arg-type]
    assert code not in codes(GOOD)


def test_a_keyword_is_recognised_in_another_form_and_order() -> None:
    page = replace(GOOD, meta_title="Indoors or out: how lettuces are growing best")
    assert "keyword_not_in_title" not in codes(page)


def test_the_heading_over_the_sources_is_none_of_the_article() -> None:
    listed = GOOD.html + '<section class="sources"><h2>Light</h2><ol><li>x</li></ol></section>'
    assert seo.check(replace(GOOD, html=listed)).facts["headings"] == 2


def test_a_site_without_other_pieces_needs_no_internal_link() -> None:
    assert "no_internal_links" not in codes(replace(GOOD, html="<p>x</p>", own_pieces=0))


def test_a_page_in_another_script_may_have_its_slug_in_it() -> None:
    assert "slug_form" not in codes(replace(GOOD, slug="水耕栽培-とは"))


def test_a_report_can_be_stored_as_json() -> None:
    report = seo.check(replace(GOOD, slug=""))
    stored = json.loads(json.dumps(report.as_json()))
    assert stored["name"] == "seo"
    assert stored["score"] == 75
    assert stored["findings"][0]["severity"] == "serious"
