"""Answers the stages' questions without a model: each kind of question has its own way, in a thread."""

import asyncio
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Refused
from nightdesk.kit.points import reach
from nightdesk.providers.calls import Call, Meter
from nightdesk.providers.text.contract import A, Question
from nightdesk.providers.text.offline.analysis import analyse_document
from nightdesk.providers.text.offline.articles import write_article
from nightdesk.providers.text.offline.clusters import judge_groups
from nightdesk.providers.text.offline.ideas import plan_ideas
from nightdesk.providers.text.offline.pictures import prompt_pictures
from nightdesk.providers.text.offline.proposals import propose_topics
from nightdesk.providers.text.offline.script_judging import judge_script
from nightdesk.providers.text.offline.scripts import outline_script, write_script
from nightdesk.providers.text.offline.sections import write_section
from nightdesk.providers.text.questions import (
    ArticleToWrite,
    ClustersToPlan,
    ContentToPicture,
    GroupsToJudge,
    SectionToWrite,
)
from nightdesk.providers.text.topic_questions import DocumentToAnalyse, TopicsToPropose
from nightdesk.providers.text.video_questions import ScriptToJudge, ScriptToOutline, ScriptToWrite

_WAYS: Mapping[type[BaseModel], Callable[[Any], BaseModel]] = {
    GroupsToJudge: judge_groups,
    ClustersToPlan: plan_ideas,
    ArticleToWrite: write_article,
    SectionToWrite: write_section,
    ContentToPicture: prompt_pictures,
    TopicsToPropose: propose_topics,
    DocumentToAnalyse: analyse_document,
    ScriptToOutline: outline_script,
    ScriptToWrite: write_script,
    ScriptToJudge: judge_script,
}


class OfflineText:
    """The text provider that needs nothing from outside; the same question always gets the same answer."""

    label = "compiled offline"
    trusted_to_publish = False

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def ask(self, question: Question[A], meter: Meter) -> A:
        """The answer; one free call on the meter. Raises `Refused` for a question of another kind."""
        started = self._clock.monotonic()
        ok = False
        reach("text.offline.asked")
        try:
            answer = await self._answered(question)
            ok = True
        finally:
            seconds = self._clock.monotonic() - started
            meter.record(Call("text", "offline", "", seconds, ok, usd=Decimal(0), note=question.name))
        reach("text.offline.answered")
        return answer

    async def _answered(self, question: Question[A]) -> A:
        way = _WAYS.get(type(question.data))
        if way is None:
            raise Refused(
                f"The offline provider cannot answer the question `{question.name}`: it has no model. "
                "Choose a text model in the settings for this stage."
            )
        answer = await asyncio.to_thread(way, question.data)
        if not isinstance(answer, question.answer):
            raise Refused(
                f"The offline provider answers `{question.name}` with {type(answer).__name__}, "
                f"not with {question.answer.__name__}."
            )
        return answer
