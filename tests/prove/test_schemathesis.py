"""T14: whatever the API's own description allows, and what it forbids, is answered as the description says.

The engine of Schemathesis asks the real server with a real key: the edges of every parameter (coverage),
random input (fuzzing), and what one answer gives as input of the next request (stateful).
"""

# ruff: noqa: F811 - fixtures are asked for by their names

import asyncio
import secrets
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import psycopg
import pytest
import schemathesis
from pydantic import BaseModel
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from api.api_house import (  # noqa: F401 - most are fixtures
    alice,
    app,
    house,
    served,
    settings,
    tenant_of,
)
from api.rows import add_chain
from desk.video_rows import film

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)
ENDLESS = "/api/v1/events"
OWN_KEY = 5_000_000
"""The number of the key that the engine shows: too far for it to be revoked by a guess."""


@dataclass
class Outcome:
    """What the engine sent and what it found."""

    statuses: Counter[int] = field(default_factory=Counter)
    phases: Counter[str] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    failures: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        return sum(self.statuses.values())

    def note(self, event: Any) -> None:
        if isinstance(event, events.NonFatalError | events.FatalError):
            self.errors.append(str(getattr(event, "info", event)))
        if not isinstance(event, events.ScenarioFinished):
            return
        for number, interaction in event.recorder.interactions.items():
            if interaction.response is not None:
                self.statuses[interaction.response.status_code] += 1
                self.phases[str(event.phase.value)] += 1
                self.operations.add(event.recorder.cases[number].value.operation.label)
        for number, checks in event.recorder.checks.items():
            for check in checks:
                if check.failure_info is not None:
                    case = event.recorder.cases[number].value
                    failure = check.failure_info.failure
                    title = f"{case.operation.label}: {failure.title}"
                    self.failures.setdefault(title, f"{failure.message}\n{case.as_curl_command()}"[:1500])

    def __str__(self) -> str:
        return (
            f"T14: {self.cases} cases over {len(self.operations)} operations, by phase {dict(self.phases)}, "
            f"by status {dict(sorted(self.statuses.items()))}; {len(self.failures)} failures"
        )


def config(token: str, seed: int, examples: int, phases: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "seed": seed,
        "headers": {"Authorization": f"Bearer {token}"},
        "checks": {"enabled": False} | {name: {"enabled": True} for name in CHECKS},
        "generation": {"max-examples": examples, "database": "none", "no-shrink": True},
        "phases": {"examples": {"enabled": False}} | phases,
        "suppress-health-check": ["all"],
        "request-timeout": 20,
        **more,
    }


async def explore(
    address: str, made: dict[str, Any], path: str | None = None, *, apart: bool = False, but: str = ""
) -> Outcome:
    """The whole, or what is `apart`, in a process of its own, so that engine and server do not wait for each
    other; `but` names an operation that is left out."""
    if path is not None and not apart:
        return await asyncio.to_thread(explored, address, made, path, but)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return await asyncio.get_running_loop().run_in_executor(process, explored, address, made, path, but)


def explored(address: str, made: dict[str, Any], path: str | None, but: str = "") -> Outcome:
    settings = SchemathesisConfig.from_dict(made)
    schema = schemathesis.openapi.from_url(f"http://{address}/api/openapi.json", config=settings)
    chosen = schema.include(path_regex=path) if path else schema.exclude(path=ENDLESS)
    chosen = chosen.exclude(name=but) if but else chosen
    outcome = Outcome()
    for event in from_schema(chosen).execute():
        outcome.note(event)
    return outcome


def far_key(server: Any, database: str) -> None:
    name = database.split("?")[0].rsplit("/", 1)[1]
    with psycopg.connect(server.url(name).replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"update api_keys set id = {OWN_KEY}")


def phases(**enabled: bool) -> dict[str, Any]:
    names = ("coverage", "fuzzing", "stateful")
    return {name: {"enabled": enabled.get(name, False)} for name in names}


SAMPLED = [(11, 1, phases(fuzzing=True), False)]
FEW = "/automation/|/sites"
WHOLE = [
    (21, 5, phases(coverage=True), False),
    (22, 5, phases(fuzzing=True), False),
    (23, 7, phases(fuzzing=True), True),
    (24, 40, phases(stateful=True), False),
]
"""Seed, examples, phases, and whether every request is about the site that has rows."""


@pytest.mark.parametrize(
    "rounds",
    [pytest.param(SAMPLED, id="sampled"), pytest.param(WHOLE, id="whole", marks=pytest.mark.prove)],
)
async def test_the_api_answers_as_it_says_it_does(house, app, alice, server, database, rounds):
    chain = await add_chain(house, alice)
    far_key(server, database)
    total = Outcome()
    async with served(app) as address:
        for seed, examples, which, at_home in rounds:
            numbers = {"query.site_id": alice.site, "path.number": chain.content} if at_home else {}
            made = config(alice.token, seed, examples, which, parameters=numbers)
            outcome = await explore(address, made, FEW if rounds is SAMPLED else None)
            print(f"\nseed {seed}{' at home' if at_home else ''}: {outcome}")
            total.statuses += outcome.statuses
            total.phases += outcome.phases
            total.operations |= outcome.operations
            total.failures |= outcome.failures
            total.errors += outcome.errors
    print(f"\n{total}")
    assert not total.errors, "\n".join(total.errors[:3])
    assert not total.failures, "\n\n".join(f"{title}\n{says}" for title, says in total.failures.items())
    assert not [status for status in total.statuses if status >= 500]
    assert total.statuses[401] <= total.cases / 20, "the key does not open the API any more"
    assert rounds is SAMPLED or total.cases >= 3000


OF_VIDEOS = "/api/v1/(generator|jobs|videos|export)"
REMOVAL = "DELETE /api/v1/videos/{number}"
VIDEO_ROUNDS = [
    (31, 6, phases(coverage=True), False),
    (32, 25, phases(fuzzing=True), False),
    (33, 25, phases(fuzzing=True), True),
    (34, 60, phases(stateful=True), False),
]


@pytest.mark.prove
@pytest.mark.timeout(1800)
async def test_the_routes_of_videos_answer_as_they_say_whatever_is_asked_of_them(
    house, app, alice, server, database
):
    """By edges, at random, at random about a video that is there, and by what one answer leads to."""
    far_key(server, database)
    both = [{"variant": "1", "asset": "a", "chosen": True}, {"variant": "2", "asset": "b", "chosen": False}]
    total = Outcome()
    async with served(app) as address:
        for seed, examples, which, at_home in VIDEO_ROUNDS:
            made = (await film(house, alice, thumbnails=both)).id
            numbers: dict[str, Any] = {"query.niche_id": alice.site}
            if at_home:
                numbers |= {"path.number": made, "path.job_id": made, "path.position": 1}
                numbers |= {"path.variant": "2"}
            asked = config(alice.token, seed, examples, which, parameters=numbers)
            but = REMOVAL if at_home else ""
            outcome = await explore(address, asked, OF_VIDEOS, apart=True, but=but)
            print(f"\nseed {seed}{' at home' if at_home else ''}: {outcome}")
            total.statuses += outcome.statuses
            total.phases += outcome.phases
            total.operations |= outcome.operations
            total.failures |= outcome.failures
            total.errors += outcome.errors
    print(f"\n{total}")
    assert not total.errors, "\n".join(total.errors[:3])
    assert not total.failures, "\n\n".join(f"{title}\n{says}" for title, says in total.failures.items())
    assert not [status for status in total.statuses if status >= 500]
    assert {"coverage", "fuzzing", "stateful"} == {name.lower() for name in total.phases}
    assert total.statuses[200] + total.statuses[201] + total.statuses[202] >= total.cases / 20


class Made(BaseModel):
    id: int


@pytest.mark.prove
async def test_a_fault_that_shows_only_after_another_request_is_found(house, app, alice):
    """Reading is broken for what was made before, and for nothing else."""
    made: set[int] = set()

    @app.post("/api/v1/planted", status_code=201, response_model=Made)
    async def plant() -> Any:
        made.add(number := secrets.randbits(48))
        return {"id": number}

    @app.get("/api/v1/planted/{planted_id}", response_model=Made)
    async def dig(planted_id: int) -> Any:
        if planted_id in made:
            raise ZeroDivisionError
        return {"id": planted_id}

    forgetful = {"enabled": True, "extra-data-sources": {"responses": False}}
    async with served(app) as address:
        alone = config(alice.token, 1, 10, phases() | {"fuzzing": forgetful})
        missed = await explore(address, alone, "/planted")
        linked = config(alice.token, 1, 10, phases(stateful=True))
        found = await explore(address, linked, "/planted")
    assert 500 not in missed.statuses
    assert missed.statuses[200] + missed.statuses[404] > 0
    assert found.statuses[500]
    assert any("Server error" in title for title in found.failures)
