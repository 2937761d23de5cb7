"""Each fault that a model's server can have ends in exactly one way, for each of the questions."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from nightdesk.kit.endings import Ending, Later, Refused
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.limits import Limits
from nightdesk.providers.text import open_text
from servers.openai_faults import FAULTS, faulty
from servers.openai_questions import QUESTIONS


@dataclass(frozen=True)
class Outcome:
    """The ending, how many requests were made for it, and how long the server asked us to wait."""

    ending: type[Ending]
    calls: int = 1
    seconds: float | None = None
    says: str = ""


POSTPONED = Outcome(Later)
UNREACHED = Outcome(Later, says="could not be reached")
NOT_A_MODEL = Outcome(Later, says="check the base URL")

OUTCOMES = {
    "429 with Retry-After": Outcome(Later, seconds=7, says="HTTP 429"),
    "429 without Retry-After": Outcome(Later, says="HTTP 429"),
    "500": Outcome(Later, says="HTTP 500"),
    "503": Outcome(Later, says="HTTP 503"),
    "connection refused": UNREACHED,
    "DNS fails": UNREACHED,
    "TLS fails": UNREACHED,
    "reset before the request is sent": UNREACHED,
    "reset after the request is sent": UNREACHED,
    "slow loris": Outcome(Later, says="did not answer within 0.3 s"),
    "truncated JSON": Outcome(Refused, calls=2, says="did not fit the question (Invalid JSON"),
    "empty": Outcome(Refused, calls=2, says="was empty"),
    "wrong schema": Outcome(Refused, calls=2, says="Field required"),
    "finish_reason=length": Outcome(Refused, calls=2, says="ran out of room"),
    "200 with HTML": NOT_A_MODEL,
    "10 MB body": Outcome(Refused, calls=2, says="more than 4,194,304 bytes"),
    "clock-skewed expiry": Outcome(Later, seconds=30, says="HTTP 429"),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_of_the_server_ends_as_promised(fault: str, question: str, tmp_path: Path) -> None:
    expected = OUTCOMES[fault]
    meter = ListMeter()
    async with faulty(fault, tmp_path) as (server, base_url):
        timeout = 0.3 if fault == "slow loris" else 5.0
        provider = open_text(Choice("openai", "m", base_url, timeout=timeout), Limits())
        with pytest.raises(Ending) as ended:
            await provider.ask(QUESTIONS[question](), meter)
    assert type(ended.value) is expected.ending
    assert expected.says in ended.value.why
    assert "openai:m" in ended.value.why
    if isinstance(ended.value, Later):
        assert ended.value.seconds == expected.seconds
    if isinstance(ended.value, Refused) and fault != "empty":
        assert ended.value.kept
    assert [call.ok for call in meter.calls] == [False] * expected.calls
    assert all(call.note.startswith(f"{question}: ") for call in meter.calls)
    assert len(server.asked) in (0, expected.calls)


def test_the_table_of_faults_is_whole() -> None:
    assert set(OUTCOMES) == set(FAULTS)
    cases = len(FAULTS) * len(QUESTIONS)
    print(f"text: {len(FAULTS)} faults x {len(QUESTIONS)} questions = {cases} cases")
    assert cases >= 64
