"""From nothing to articles that can be read, by the command alone, as a newcomer types it."""

import json
import re
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from cli_command import Command, well

KEYWORDS = """Keyword,Intent,Volume,Keyword Difficulty,Competitive Density
worm bin,Informational,900,30,0.50
worm bins,Informational,100,30,0.50
how to make a worm bin,Informational,800,30,0.50
red wigglers,Commercial,700,30,0.50
best red wigglers to buy,Commercial,300,30,0.50
worm castings,Informational,600,30,0.50
worm castings vs compost,Informational,250,30,0.50
how to harvest worm castings,Informational,200,30,0.50
Worm Castings,Informational,90,30,0.50
,Informational,10,30,0.50
"""
DOCUMENT = """---
title: Worm composting at home
author: County Extension
url: https://extension.example.org/worms
---
Red wigglers eat about half of their weight in scraps a day.

## How to make a worm bin

1. Drill twenty holes of a quarter inch into the bottom of a box.
2. Fill the box with damp shredded paper to a depth of 8 inches.
3. Add 1 pound of red wigglers for each square foot of surface.

## Worm castings

Worm castings hold more nitrogen than most finished compost. Worm castings are ready for harvest after 3 to 6
months. A layer of a quarter inch of worm castings feeds a bed for a season.
"""


@pytest.fixture(scope="module")
def site(nightdesk: Command) -> dict[str, Any]:
    """A site with its keywords and documents, and one run of its line behind it."""
    assert "Ready." in well(nightdesk.process("init"))
    made = nightdesk.process("sites", "create", "Worm [red]Weekly[/red]", "--subject", "Worms", "--json")
    site = json.loads(well(made))
    (nightdesk.cwd / "keywords.csv").write_text(KEYWORDS)
    (nightdesk.cwd / "worms.md").write_text(DOCUMENT)
    report = nightdesk.json("keywords", "import", "keywords.csv", "--site", site["slug"])
    added = nightdesk.json("sources", "add", "worms.md", "--site", site["id"])
    run = nightdesk.process("run", site["slug"], "--clusters", 2, "--ideas", 1, "--json")
    return {**site, "report": report, "added": added, "run": json.loads(well(run))}


def test_a_new_site_is_told_by_its_number_and_slug(site):
    assert isinstance(site["id"], int)
    assert re.fullmatch(r"[a-z-]+", site["slug"])


def test_an_import_tells_what_was_taken_merged_and_refused_by_line(site):
    report = site["report"]
    assert report["format"] == "semrush"
    assert {row["phrase"] for row in report["taken"]} >= {"worm bin", "red wigglers"}
    assert [(one["line"], one["into_line"]) for one in report["merged"]] == [(10, 7)]
    assert len(report["taken"]) + len(report["merged"]) + len(report["refused"]) == 10


def test_documents_are_taken_with_their_passages(site):
    assert [(one["title"], one["duplicate"]) for one in site["added"]] == [("Worm composting at home", False)]
    assert site["added"][0]["passages"] > 0


def test_a_run_without_a_living_worker_is_worked_in_the_same_process(site):
    run = site["run"]
    assert run["status"] == "completed"
    assert run["stage_2_result"]["clusters_processed"] == 2
    assert run["stage_4_result"]["content_created"] == run["stage_7_result"]["ready_for_review"] == 2
    assert run["stage_6_result"]["images_generated"] > 0


def test_a_run_is_told_of_afterwards(nightdesk, site):
    status = nightdesk.json("status", site["slug"])
    assert status["run"] is None
    assert [stage["pending"] for stage in status["stages"]][6] == 2
    log = well(nightdesk("logs", site["slug"]))
    assert log.index("begins") < log.index("The run is complete.")


def test_names_with_markup_are_shown_as_they_are(nightdesk, site):
    assert "[red]Weekly[/red]" in well(nightdesk("sites", "list"))


def test_an_article_is_read_approved_and_reopened(nightdesk, site):
    waiting = nightdesk.json("review", "list", "--site", site["slug"])
    number = waiting[0]["id"]
    shown = nightdesk.json("review", "show", number)
    assert shown["markdown"]
    assert {"grounding", "originality", "readability", "seo"} <= shown["checks"].keys()
    assert all("findings" in report for report in shown["checks"].values())
    assert float(shown["cost"]["credits"]) > 0
    assert nightdesk.json("review", "approve", number, "--note", "Good.")[0]["state"] == "approved"
    decided = nightdesk.json("review", "show", number)["decided"]
    assert (decided["note"], decided["who"]) == ("Good.", "the operator")
    assert nightdesk.json("review", "reopen", number)[0]["state"] == "review"


def test_each_of_many_articles_is_decided_on_whatever_becomes_of_the_others(nightdesk, site):
    one, two = [told["id"] for told in nightdesk.json("review", "list", "--site", site["slug"])]
    well(nightdesk("review", "reject", one))
    mixed = nightdesk("review", "approve", one, 4711, two, two)
    assert mixed.returncode == 1
    assert [line.split("  ")[:2] for line in mixed.stdout.splitlines()] == [
        ["not decided on", str(one)],
        ["not decided on", "4711: There is no such content."],
        ["approved", str(two)],
    ]
    assert "1 of 3 articles were decided on, and 2 stayed as they were." in mixed.stderr
    again = nightdesk("review", "reopen", one, 4711, "--json")
    told = {answer["id"]: answer for answer in json.loads(again.stdout)}
    assert (again.returncode, told[one]["done"], told[one]["state"]) == (1, True, "review")
    assert told[4711] == {"id": 4711, "done": False, "why": "There is no such content."}
    well(nightdesk("review", "reopen", two))
    long = nightdesk("review", "approve", two, "--note", "x" * 2001)
    assert (long.returncode, "note cannot be kept" in long.stderr) == (2, True)


def test_an_export_is_pages_that_ask_no_other_host_and_link_to_each_other(nightdesk, site):
    (done,) = nightdesk.json("review", "export", "--site", site["slug"], "--to", "out")
    folder = Path(done["folder"])
    index = (folder / "index.html").read_text()
    pages = sorted((folder / "articles").glob("*.html"))
    assert len(pages) == done["articles"] == 2
    for page in pages:
        assert f'href="articles/{page.name}"' in index
        html = page.read_text()
        for place in re.findall(r'(?:src|href)="([^"#]+)', html):
            if not place.startswith("https://extension.example.org"):
                assert (page.parent / place).exists(), place
        assert page.with_suffix(".md").read_text().startswith("---\ntitle: ")
    kinds = {"png": b"\x89PNG", "jpg": b"\xff\xd8\xff", "webp": b"RIFF"}
    pictures = list((folder / "images").iterdir())
    assert pictures
    assert all(file.read_bytes().startswith(kinds[file.suffix[1:]]) for file in pictures)


def test_a_site_that_was_archived_is_listed_when_asked_for_and_restored(nightdesk):
    made = nightdesk.json("sites", "create", "Summer special")
    assert "sites restore summer-special" in well(nightdesk("sites", "archive", made["slug"]))
    assert made["id"] not in [one["id"] for one in nightdesk.json("sites", "list")]
    (kept,) = [one for one in nightdesk.json("sites", "list", "--archived") if one["id"] == made["id"]]
    assert kept["archived_at"]
    assert "Summer special" in well(nightdesk("sites", "list", "--archived"))
    assert "no such site" in nightdesk("sites", "show", made["slug"]).stderr
    assert nightdesk.json("sites", "restore", made["slug"]) == made
    assert made in nightdesk.json("sites", "list")


@pytest.mark.prove
def test_a_key_opens_the_api_of_a_started_web_server(nightdesk, site):
    key = nightdesk.json("keys", "create", "tests")["key"]
    web = nightdesk.start("web", "--port", 0)
    try:
        address = re.search(r"http://\S+", web.stdout.readline())[0]
        asked = urllib.request.Request(
            f"{address}/api/v1/automation/pipeline_overview?site_id={site['id']}",
            headers={"Authorization": f"Bearer {key}"},
        )
        with urllib.request.urlopen(asked, timeout=10) as answer:
            assert len(json.load(answer)["stages"]) == 7
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(asked.full_url, timeout=10)
    finally:
        web.terminate()
        web.communicate(timeout=20)
    assert web.returncode == 0


def test_what_cannot_be_taken_does_not_keep_the_rest_away(nightdesk, site):
    (nightdesk.cwd / "more.txt").write_text("Worms dislike light. " * 10)
    done = nightdesk("sources", "add", "missing.md", "more.txt", "--site", site["slug"])
    assert done.returncode == 1
    assert "missing.md" in done.stdout
    assert "1 of 2 could not be taken" in done.stderr
    titles = [one["title"] for one in nightdesk.json("sources", "list", "--site", site["id"])]
    assert any(title.startswith("Worms dislike light.") for title in titles)


def test_credits_are_granted_and_booked(nightdesk, site):
    before = nightdesk.json("credits")
    assert before["spent"] == site["run"]["total_credits_used"]
    after = nightdesk.json("credits", "grant", 500)
    assert after["wallet"] == before["wallet"] + 500


def test_a_schedule_is_set_and_planned(nightdesk, site):
    config = nightdesk.json("config", "set", site["slug"], "is_enabled=true", "scheduled_time=03:30")
    assert config["scheduled_time"] == "03:30"
    assert config["next_run_at"].endswith("03:30:00Z")


def test_a_provider_chosen_for_the_workspace_shows_where_it_was_chosen(nightdesk, site):
    nightdesk.json("providers", "choose", "images", "openai:gpt-image-1")
    well(nightdesk("providers", "key", "images", stdin="sk-1234567890abcd\n"))
    (images,) = [one for one in nightdesk.json("providers") if one["kind"] == "images"]
    assert (images["chosen"], images["chosen_at"], images["key"]) == (
        "openai:gpt-image-1",
        "workspace",
        "…abcd",
    )
