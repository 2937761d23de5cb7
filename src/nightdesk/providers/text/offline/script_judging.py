"""Judges a script without a model: by counting what can be counted."""

from statistics import fmean

from nightdesk.kit.text import sentences
from nightdesk.providers.text.offline.sentences import figures
from nightdesk.providers.text.pace import seconds_of, words_said
from nightdesk.providers.text.video_questions import ScriptJudged, ScriptToJudge

_EASY, _HARD = 14, 30
"""Words a sentence up to which a listener follows with ease, and from which hardly one does."""
_LONG_HOOK = 7.0
"""Seconds of a hook beyond which it is none."""


def judge_script(asked: ScriptToJudge) -> ScriptJudged:
    """Scores by length of hook and sentences, share of scenes that cite, and words against those wanted."""
    script = asked.script
    told = [script.hook, *(scene.says for scene in script.scenes), script.cta]
    lengths = [words_said(sentence) for says in told for sentence in sentences(says)] or [0]
    cited = [bool(scene.cites) for scene in script.scenes if not scene.says.endswith("?")]
    words = sum(map(words_said, told))
    return ScriptJudged(
        hook=_hook(script.hook, asked.language),
        truth=round(10 * fmean(cited)) if cited and asked.passages else 5,
        clarity=round(_within(10 * (_HARD - fmean(lengths)) / (_HARD - _EASY))),
        pace=round(_within(10 - 20 * abs(words / max(asked.words, 1) - 1))),
        objections=_objections(asked),
    )


def _hook(hook: str, language: str) -> int:
    if not hook.strip():
        return 0
    seconds = seconds_of(hook, language)
    return round(_within(8 + 2 * bool(figures(hook)) - 2 * max(seconds - _LONG_HOOK, 0)))


def _objections(asked: ScriptToJudge) -> list[str]:
    long = [
        f"Scene {number}: the sentence has {words_said(sentence)} words; part it."
        for number, scene in enumerate(asked.script.scenes, 1)
        for sentence in sentences(scene.says)
        if words_said(sentence) > _HARD and " " in sentence
    ]
    return long[:8]


def _within(score: float) -> float:
    return min(max(score, 0.0), 10.0)
