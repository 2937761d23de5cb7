"""Has a script written: outlined, written, checked, judged, and once more where that is called for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from nightdesk.kit.endings import Refused
from nightdesk.lines.asking import put, worded
from nightdesk.lines.video.scripting.checking import check_form, check_orders, check_sources
from nightdesk.lines.video.scripting.made import ScriptBrief, ScriptMade, most_scenes
from nightdesk.lines.video.scripting.reading import script_of
from nightdesk.providers.calls import Meter
from nightdesk.providers.text.contract import A, TextProvider
from nightdesk.providers.text.pace import words_in
from nightdesk.providers.text.video_questions import (
    ScriptJudged,
    ScriptOutlined,
    ScriptToJudge,
    ScriptToOutline,
    ScriptToWrite,
    ScriptWritten,
)
from nightdesk.quality.report import CheckReport, Finding, Severity

LINE = "video"
SENT_BACK = 6
"""A score of the judge below which a script is written again; one with objections is in any case."""
_COST = {"serious": 3, "warning": 1, "info": 0}


@dataclass(frozen=True)
class _Version:
    """One writing of a script and the reports on it."""

    written: ScriptWritten
    made: ScriptMade
    reports: Sequence[CheckReport]

    @property
    def faults(self) -> list[Finding]:
        found = [finding for report in self.reports for finding in report.findings]
        return [finding for finding in found if _COST[finding.severity]]

    @property
    def weight(self) -> int:
        """How bad it is, by code alone."""
        return sum(_COST[fault.severity] for fault in self.faults)


async def write_script(ask: TextProvider, brief: ScriptBrief, meter: Meter) -> ScriptMade:
    """The script, after at most one rewriting; what remains to be mended stands in its `checks`.

    Three calls, or four where it is written again. Raises as `TextProvider.ask`, and `Refused` for an answer
    that is empty, declines or is no script.
    """
    subject = _subject(brief)
    outline = await _put(ask, brief, "script_outline", ScriptToOutline(**subject), ScriptOutlined, meter)
    task = ScriptToWrite(**subject, hook=outline.hook, beats=outline.beats)
    first = await _version(ask, brief, task, meter)
    judged = await _judged(ask, brief, ScriptToJudge(**subject, script=first.written), meter)
    wanted = _objections(first, judged)
    version = first
    if wanted:
        again = task.model_copy(update={"draft": first.written, "objections": wanted})
        version = await _better(ask, brief, again, first, meter)
    reports = [*version.reports, _report(judged, rewritten=version is not first)]
    return replace(version.made, checks={report.name: report.as_json() for report in reports})


async def _put(
    ask: TextProvider, brief: ScriptBrief, name: str, data: BaseModel, answer: type[A], meter: Meter
) -> A:
    return await put(ask, worded(LINE, name, brief.prompts, data, answer), meter)


def _subject(brief: ScriptBrief) -> dict[str, Any]:
    return {
        "site": brief.site,
        "title": brief.title,
        "summary": brief.summary,
        "kind": brief.kind,
        "language": brief.language,
        "seconds": brief.seconds,
        "words": words_in(brief.seconds, brief.language),
        "most_scenes": most_scenes(brief.seconds),
        "character": brief.character,
        "opening": brief.opening,
        "limits": brief.limits,
        "documents": list(brief.documents),
        "passages": list(brief.passages),
    }


async def _version(ask: TextProvider, brief: ScriptBrief, task: ScriptToWrite, meter: Meter) -> _Version:
    written = await _put(ask, brief, "script", task, ScriptWritten, meter)
    made = script_of(written, brief, ask.label)
    reports = (
        check_form(made, brief.seconds, [written.hook, *(s.says for s in written.scenes), written.cta]),
        check_sources(made, brief, written),
        check_orders(made),
    )
    return _Version(written, made, reports)


async def _judged(
    ask: TextProvider, brief: ScriptBrief, task: ScriptToJudge, meter: Meter
) -> ScriptJudged | Refused:
    """The judgement; a judge who refuses is no reason to lose what was written and paid for."""
    try:
        return await _put(ask, brief, "script_judge", task, ScriptJudged, meter)
    except Refused as refused:
        return refused


async def _better(
    ask: TextProvider, brief: ScriptBrief, task: ScriptToWrite, first: _Version, meter: Meter
) -> _Version:
    """The script written again, unless it has become worse or nothing came of it."""
    try:
        second = await _version(ask, brief, task, meter)
    except Refused:
        return first
    unchanged = second.written == first.written
    return first if unchanged or second.weight > first.weight else second


def _objections(version: _Version, judged: ScriptJudged | Refused) -> list[str]:
    found = [f"{fault.message} ({fault.where})" if fault.where else fault.message for fault in version.faults]
    if isinstance(judged, ScriptJudged):
        found += judged.objections
        low = [name for name in ("hook", "truth", "clarity", "pace") if getattr(judged, name) < SENT_BACK]
        found += [f"The editor gave {getattr(judged, name)} of 10 for {name}." for name in low]
    return found


def _report(judged: ScriptJudged | Refused, *, rewritten: bool) -> CheckReport:
    """The judgement as a report; where the script was written again it was of the writing before."""
    if isinstance(judged, Refused):
        finding = Finding("not_judged", "warning", f"Nobody judged it before you: {judged.why}")
        return CheckReport("judge", None, [finding], {"rewritten": rewritten})
    severity: Severity = "info" if rewritten else "warning"
    findings = [Finding("objection", severity, objection) for objection in judged.objections]
    scores = {name: getattr(judged, name) for name in ("hook", "truth", "clarity", "pace")}
    score = round(10 * sum(scores.values()) / len(scores))
    return CheckReport("judge", score, findings, {**scores, "rewritten": rewritten})
