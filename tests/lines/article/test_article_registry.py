"""The list of lines: ours, and those that another installed package brings."""

from pathlib import Path

import pytest

from nightdesk.lines import all_lines
from nightdesk.lines.article import ARTICLE

RESULTS = {
    1: {"keywords_processed", "clusters_created"},
    2: {"clusters_processed", "ideas_created"},
    3: {"ideas_processed", "tasks_created"},
    4: {"tasks_processed", "content_created", "total_words", "sections_made"},
    5: {"content_processed", "prompts_created"},
    6: {"images_processed", "images_generated"},
    7: {"ready_for_review"},
}


def test_the_article_line_has_seven_stages_with_their_result_fields():
    assert ARTICLE.numbers() == [1, 2, 3, 4, 5, 6, 7]
    assert [stage.kind for stage in ARTICLE.shown()] == ["AI", "AI", "Local", "AI", "AI", "AI", "Manual"]
    for stage in ARTICLE.stages:
        assert set(stage.fields) == RESULTS[stage.number]
        assert stage.counted in stage.fields
    usual = [stage.policy.batch_size for stage in ARTICLE.shown()[:6]]
    assert usual == [20, 1, 20, 1, 1, 1]


def test_a_line_that_another_package_brings_is_found_and_ours_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "their_line.py").write_text(
        "from nightdesk.stage import Line\nPODCAST = Line('podcast', ())\nFALSE = Line('article', ())\n"
    )
    info = tmp_path / "their_line-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their-line\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[nightdesk.lines]\npodcast = their_line:PODCAST\narticle = their_line:FALSE\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert set(all_lines()) == {"article", "podcast", "video"}
    assert all_lines()["article"] is ARTICLE
