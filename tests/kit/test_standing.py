"""Standing children answer one question after another; what ends one takes no other's answer with it."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from test_processes import gone_within

from nightdesk.kit import answering
from nightdesk.kit.processes import ChildLimits
from nightdesk.kit.standing import ChildLost, StandingCrew

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these limits are Linux's")

CHILD = f"""
import os, signal, sys, time
sys.path.insert(0, {str(Path(answering.__file__).parent)!r})
from answering import answer_all
held = []
def answer(question):
    what = question.decode()
    if what == "spin":
        while True: pass
    if what == "sleep":
        time.sleep(60)
    if what == "die":
        os.kill(os.getpid(), signal.SIGSEGV)
    if what == "fault":
        raise KeyError(what)
    if what == "leave":
        os._exit(0)
    if what == "hold":
        held.append(bytearray(60 << 20))
    if what == "grow":
        held.append(bytearray(400 << 20))
    if what == "talk":
        return b"x" * (2 << 20)
    return f"{{what}} {{os.getpid()}}".encode()
answer_all(answer, cpu_seconds=1, resident=200 << 20, questions=5)
"""
LIMITS = ChildLimits(seconds=3, cpu_seconds=60, memory=256 << 20, file_size=0, output=1 << 20)


def crew(size: int = 1) -> StandingCrew:
    return StandingCrew([sys.executable, "-I", "-S", "-c", CHILD], LIMITS, size=size)


async def pid(asked: StandingCrew, question: str = "who") -> int:
    said, answerer = (await asked.ask(question.encode())).decode().split()
    assert said == question
    return int(answerer)


async def test_one_child_answers_many_questions_and_is_replaced_in_time() -> None:
    asked = crew()
    pids = [await pid(asked) for _ in range(11)]
    assert [pids.count(each) for each in dict.fromkeys(pids)] == [5, 5, 1]
    await asked.close()


async def test_as_many_children_work_at_once_as_were_asked_for() -> None:
    asked = crew(2)
    pids = await asyncio.gather(*(pid(asked) for _ in range(4)))
    assert len(set(pids)) == 2
    await asked.close()


@pytest.mark.parametrize(
    ("question", "by"),
    [
        ("spin", "cpu"),
        ("sleep", "time"),
        ("die", "memory"),
        ("grow", "memory"),
        ("fault", "fault"),
        ("leave", "itself"),
        ("talk", "output"),
    ],
)
async def test_a_question_that_ends_its_child_is_lost_alone(question: str, by: str) -> None:
    asked = crew()
    before = await pid(asked)
    with pytest.raises(ChildLost) as lost:
        await asked.ask(question.encode())
    assert lost.value.by == by
    assert await pid(asked) != before
    await asked.close()


async def test_others_get_their_answers_while_children_end() -> None:
    asked = crew(2)
    questions = ["who", "die", "who", "fault", "who", "leave", "who"] * 3
    answers = await asyncio.gather(*(asked.ask(q.encode()) for q in questions), return_exceptions=True)
    assert [isinstance(answer, bytes) for answer in answers] == [q == "who" for q in questions]
    await asked.close()


async def test_what_earlier_questions_left_behind_is_not_held_against_the_next() -> None:
    asked = crew()
    pids = [await pid(asked, "hold") for _ in range(5)]
    assert len(set(pids)) > 1
    await asked.close()


async def test_a_child_that_went_while_nobody_asked_is_replaced() -> None:
    asked = crew()
    os.kill(await pid(asked), signal.SIGKILL)
    assert await pid(asked)
    await asked.close()


async def test_a_caller_who_gives_up_leaves_no_child_at_work() -> None:
    asked = crew()
    before = await pid(asked)
    asking = asyncio.create_task(asked.ask(b"sleep"))
    await asyncio.sleep(0.2)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert gone_within(2, before)
    assert await pid(asked) != before
    await asked.close()


async def test_closing_ends_the_children() -> None:
    asked = crew()
    child = await pid(asked)
    await asked.close()
    assert gone_within(2, child)
