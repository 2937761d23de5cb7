"""Figures and quotations of an article are looked for in the documents that it cites."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

import nightdesk
from nightdesk.quality import grounding
from nightdesk.quality.claims import Claim
from nightdesk.quality.figure_match import claims_with_figures, judge
from nightdesk.quality.figures import figures
from nightdesk.quality.statements import Documents

COMPOST = """# Compost

## Heat

A well-built vessel of more than 10 gallons (38 L) heats to 104–122°F (40–50°C) within two to three days.
Bacteria make up 80 to 90 percent of the microorganisms in a gram of compost.
Fresh air contains about 21 percent oxygen. Hot piles are turned twice a week.
The ideal carbon-to-nitrogen ratio of a pile is 25 to 30:1.

## Yield

The trial of 12 March 2024 gave 1,234,567 kg of compost from 4,000 households at a cost of $3.2 million.
Mint gained 20 percent, while basil gained 30 percent in the trial.
"Compost is the cheapest way to keep water in the soil of a garden," said the head of the trial.
"""
LIGHT = "Lettuce seedlings need 12 hours of light a day. The lamps draw 18 watts each. Lamps last ten years."
DOCUMENTS = {1: COMPOST, 2: LIGHT}


def statuses(
    markdown: str, language: str = "en", documents: dict[int, str] = DOCUMENTS
) -> list[tuple[str, str]]:
    claims = grounding.check(markdown, documents, language).facts["claims"]
    return [(claim["said"], claim["status"]) for claim in claims]


def codes(markdown: str) -> list[str]:
    return [finding.code for finding in grounding.check(markdown, DOCUMENTS).findings]


@pytest.mark.parametrize(
    "sentence",
    [
        "Bacteria are 80 to 90 % of the microorganisms in compost[^1].",
        "Between 80 and 90 percent of microorganisms in compost are bacteria [^1].",
        "A vessel of 10 gallons heats to 40–50 °C in 2 to 3 days.[^1]",
        "A vessel of 38 litres heats to about 40 degrees Celsius [^1].",
        "A good vessel heats to 122 °F [^1].",
        "The pile's ideal carbon-to-nitrogen ratio is 30:1 [^1].",
        "The trial gave about 1.2 million kg of compost[^1].",
        "The trial gave 1235 tonnes of compost[^1].",
        "In March 2024 the trial made compost for 4000 households[^1].",
        "The trial cost 3,200,000 dollars and made compost[^1].",
        "Lettuce seedlings need twelve hours of light [^2].",
        "A lamp draws 0.018 kW [^2].",
        "Lamps last 10 years [^2].",
        "Basil gained 30 percent and mint gained 20 percent in the trial [^1].",
    ],
)
def test_a_figure_that_its_document_has_is_grounded(sentence: str) -> None:
    found = statuses(sentence)
    assert found
    assert {status for _, status in found} == {"grounded"}, found


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Bacteria make up 70 percent of the microorganisms in compost [^1].", "70 percent"),
        ("A well-built vessel of more than 25 gallons heats within days [^1].", "25 gallons"),
        ("Fresh air contains about 26 percent oxygen [^1].", "26 percent"),
        ("The trial of compost in households cost $4.1 million [^1].", "$4.1 million"),
        ("The compost trial of 12 April 2024 counted households [^1].", "12 April 2024"),
        ("Lettuce seedlings need 16 hours of light a day [^2].", "16 hours"),
        ("In the trial mint gained 30 percent [^1].", "30 percent"),
        ("A well-built vessel of less than 10 gallons heats within days [^1].", "10 gallons"),
    ],
)
def test_another_figure_for_the_same_thing_is_contradicted_with_what_the_document_says(
    sentence: str, said: str
) -> None:
    report = grounding.check(sentence, DOCUMENTS)
    (claim,) = [claim for claim in report.facts["claims"] if claim["said"] == said]
    assert claim["status"] == "contradicted", claim
    assert claim["evidence"]
    assert report.serious[0].code == "figure_contradicted"
    assert claim["evidence"][:40] in report.serious[0].message


@pytest.mark.parametrize(
    "sentence",
    [
        "The garden was opened by 300 people [^1].",
        "It all began in 1987 [^1].",
        "Tomatoes ripen after 12 hours in the oven [^2].",
        "A worm eats 50 percent of its weight [^1].",
        "Lettuce seedlings need 12 litres of water [^2].",
    ],
)
def test_a_figure_that_no_document_has_for_this_is_unverified(sentence: str) -> None:
    assert {status for _, status in statuses(sentence)} == {"unverified"}


@pytest.mark.parametrize(
    "text",
    [
        "## 7 tips\n\nTip 3 is in table 2 of chapter 4.",
        "COVID-19, H2O, version 3.11 and 1.2.3 are names.",
        "```\nx = 100\n```\n\n1. first\n2. second",
        "See [the page](https://docs.example/2024/100) and ![150 plants](/a.png).",
        "Two gardeners met in one garden [^1].",
    ],
)
def test_numbers_that_claim_nothing_are_left_alone(text: str) -> None:
    assert statuses(text) == []
    assert grounding.check(text, DOCUMENTS).score is None


@pytest.mark.parametrize(
    ("language", "document", "sentence", "status"),
    [
        (
            "de",
            "Der Betrieb ernten 1.000 kg Salat, 12,5 Prozent mehr.",
            "Der Betrieb erntet 1000 kg Salat [^1].",
            "grounded",
        ),
        (
            "de",
            "Der Betrieb erntet 1,5 Tonnen Salat im Jahr.",
            "Der Betrieb erntet im Jahr 1500 kg Salat [^1].",
            "grounded",
        ),
        (
            "de",
            "Salat braucht am Tag 12 Stunden Licht.",
            "Salat braucht am Tag 14 Stunden Licht [^1].",
            "contradicted",
        ),
        (
            "de",
            "The farm harvests 1,000 kg Salat im Betrieb.",
            "Der Betrieb erntet 1.000 kg Salat [^1].",
            "grounded",
        ),
        (
            "fr",
            "La ferme récolte 10 000 laitues sur 3,5 hectares.",
            "La ferme récolte 10.000 laitues [^1].",
            "grounded",
        ),
        (
            "es",
            "La granja cosecha 2,5 millones de lechugas.",
            "La granja cosecha 2.500.000 lechugas [^1].",
            "grounded",
        ),
        (
            "en",
            "The farm harvests 1,000 kg of lettuce.",
            "The farm harvests 1.000 kg of lettuce [^1].",
            "grounded",
        ),
    ],
)
def test_figures_are_read_as_their_language_writes_them(
    language: str, document: str, sentence: str, status: str
) -> None:
    found = statuses(sentence, language, {1: document})
    assert [s for _, s in found] == [status], found


def test_the_same_figure_in_a_far_sentence_does_not_excuse_a_wrong_one() -> None:
    documents = {
        1: "A three-bin system is 10 feet long. Each box of a wooden system usually measures 3 feet."
    }
    found = statuses("Each box of a wooden system usually measures 10 feet [^1].", documents=documents)
    assert found == [("10 feet", "contradicted")]


def test_documents_read_once_serve_many_articles() -> None:
    library = Documents(DOCUMENTS, "en")
    for _ in range(2):
        assert grounding.check("Lettuce seedlings need 12 hours of light [^2].", library).score == 100


def test_a_quotation_is_looked_for_word_by_word() -> None:
    quote = "Compost is the cheapest way to keep water in the soil of a garden"
    assert statuses(f"“{quote},” she said [^1].") == [(f"{quote},", "grounded")]
    assert statuses("»Compost is … to keep water in [the] soil of a garden« [^1].")[0][1] == "grounded"
    assert statuses(f'"{quote.replace("cheapest", "best")}" [^1].')[0][1] == "contradicted"
    assert statuses("“We have never seen such tall tomatoes here” [^1].")[0][1] == "unverified"
    assert statuses("The “hot pile” is [^1] hot.") == []


def test_a_changed_quotation_is_serious_and_shows_the_true_words() -> None:
    report = grounding.check("“Compost is the best way to keep water in the soil” [^1].", DOCUMENTS)
    assert report.serious[0].code == "quotation_altered"
    assert "cheapest" in report.serious[0].message


def test_figures_inside_a_quotation_are_judged_with_it() -> None:
    assert len(statuses("“Lettuce seedlings need 12 hours of light a day” [^2].")) == 1


def test_a_citation_of_a_document_that_was_not_given_is_serious() -> None:
    report = grounding.check("Lettuce grows [^9].", DOCUMENTS)
    assert [(f.code, f.severity) for f in report.findings] == [("unknown_citation", "serious")]
    assert report.score is None


def test_a_figure_from_another_document_than_the_cited_one_is_told() -> None:
    report = grounding.check("Lettuce seedlings need 12 hours of light [^1].", DOCUMENTS)
    assert [f.code for f in report.findings] == ["cited_elsewhere"]
    assert report.facts["claims"][0]["document"] == 2


def test_a_figure_without_a_citation_is_looked_for_everywhere_and_asked_to_be_cited() -> None:
    assert codes("Lettuce seedlings need 12 hours of light.") == ["citation_missing"]


def test_a_citation_at_the_end_of_a_paragraph_holds_for_all_of_it() -> None:
    text = "Lettuce seedlings need 12 hours of light. Lamps draw 18 watts.[^2]"
    assert statuses(text) == [("12 hours", "grounded"), ("18 watts", "grounded")]
    assert codes(text) == []


def test_rows_of_a_table_are_read_under_their_heads() -> None:
    table = (
        "## Lettuce seedlings\n\n| Plant | Hours of light |\n|---|---|\n| Lettuce seedlings | 12 hours [^2] |"
    )
    assert statuses(table) == [("12 hours", "grounded")]


def test_the_score_is_the_grounded_share_less_each_contradiction() -> None:
    text = (
        "Lettuce seedlings need 12 hours of light [^2]. Lamps draw 18 watts [^2]. Lamps last 10 years [^2]. "
        "Lettuce seedlings need 15 hours of light a day [^2]."
    )
    report = grounding.check(text, DOCUMENTS)
    assert (report.facts["grounded"], report.facts["contradicted"], report.score) == (3, 1, 60)


def test_without_documents_figures_are_unverified_and_nobody_is_blamed() -> None:
    report = grounding.check("Lettuce needs 12 hours of light.", {})
    assert report.score == 0
    assert report.findings == []


def test_a_report_can_be_stored_as_json() -> None:
    stored = json.loads(
        json.dumps(grounding.check("Lettuce seedlings need 16 hours of light a day.", DOCUMENTS).as_json())
    )
    assert stored["facts"]["claims"][0]["kind"] == "figure"


def test_figures_of_real_documents_are_found_in_them_and_altered_ones_are_not() -> None:
    folder = Path(nightdesk.__file__).parent / "demo" / "input" / "documents"
    texts = {number: path.read_text() for number, path in enumerate(sorted(folder.glob("*.md")), start=1)}
    library = Documents(texts, "en")
    true, altered = Counter[str](), Counter[str]()
    for statement in (statement for number in texts for statement in library.statements(number)):
        for figure in claims_with_figures(statement.figures):
            claim = Claim(statement.sentence, (statement.document,), cited_itself=True)
            true[judge(claim, figure, library).status] += 1
            changed = re.sub(r"\d+", lambda match: str(int(match.group()) * 3 + 1), figure.spelled, count=1)
            at = statement.sentence.find(figure.spelled, figure.begin)
            wrong = statement.sentence[:at] + changed + statement.sentence[at + len(figure.spelled) :]
            claimed = [other for other in figures(wrong) if other.begin == figure.begin]
            if changed == figure.spelled or changed in statement.sentence or len(claimed) != 1:
                continue
            altered[judge(Claim(wrong, claim.documents, cited_itself=True), claimed[0], library).status] += 1
    assert true.total() > 800
    assert true["grounded"] / true.total() > 0.99, true
    assert altered.total() > 500
    assert altered["grounded"] / altered.total() < 0.01, altered
    assert altered["contradicted"] / altered.total() > 0.9, altered
