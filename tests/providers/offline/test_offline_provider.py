"""The keyless text provider as the stages meet it: free, metered, honest about what it cannot do."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic import BaseModel

from nightdesk.kit.clock import SetClock
from nightdesk.kit.endings import Refused
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.text import offline
from nightdesk.providers.text.contract import Question
from nightdesk.providers.text.questions import ArticleToWrite, ArticleWritten

Asked = Callable[..., ArticleToWrite]
CLOCK = SetClock(datetime(2026, 11, 20, tzinfo=UTC))


class Riddle(BaseModel):
    text: str


async def test_an_answer_costs_nothing_and_is_metered_once(kettle_article: Asked) -> None:
    provider, meter = offline.open(Choice.parse("offline"), CLOCK), ListMeter()
    answer = await provider.ask(Question("article", "", kettle_article(), ArticleWritten), meter)
    assert "[^4]" in answer.markdown
    assert [(call.kind, call.provider, call.ok, call.usd) for call in meter.calls] == [
        ("text", "offline", True, Decimal(0))
    ]


def test_it_says_of_itself_that_it_compiles_and_is_not_trusted() -> None:
    provider = offline.open(Choice.parse("offline"))
    assert (provider.label, provider.trusted_to_publish) == ("compiled offline", False)


async def test_a_question_it_does_not_know_is_refused_and_metered_as_failed() -> None:
    provider, meter = offline.open(Choice.parse("offline"), CLOCK), ListMeter()
    with pytest.raises(Refused, match="cannot answer the question `riddle`"):
        await provider.ask(Question("riddle", "", Riddle(text="?"), Riddle), meter)
    assert [call.ok for call in meter.calls] == [False]


def test_a_model_is_refused_because_it_has_none() -> None:
    with pytest.raises(Refused, match="write `offline`"):
        offline.open(Choice.parse("offline:large"))


def test_the_answer_does_not_depend_on_the_order_of_hashes() -> None:
    program = (
        "from nightdesk.providers.text.offline.articles import write_article\n"
        "from nightdesk.providers.text.questions import *\n"
        "text = '## Worm food\\n' + ' '.join(f'Worms in bin {n} eat {n} grams of peel {w} each week.'"
        " for n, w in enumerate('alpha beta gamma delta epsilon zeta eta theta iota kappa'.split(), 3))\n"
        "asked = ArticleToWrite(site=SiteBrief(name='s', subject='worms'), title='What worms eat in a week',"
        " angle='', keywords=['worm food', 'peel'], intent='informational', structure='list', outline=[],"
        " words=300, documents=[SourceDocument(number=1, title='Worms')],"
        " passages=[Passage(document=1, text=text)])\n"
        "print(write_article(asked).model_dump_json())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "77")
    }
    assert len(said) == 1
    assert "grams" in said.pop()
