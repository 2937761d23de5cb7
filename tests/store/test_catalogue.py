"""The gate: a schema in which a table, key, view, function or grant could let tenants meet does not pass."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tenants.gate import QUESTIONS, holes, tables_of_tenants
from tenants.planted import HOLES, ROLE_HOLES


@pytest.fixture
def catalogue(shared_database: str) -> Iterator[psycopg.Connection[Any]]:
    """As a superuser, in a transaction that comes to nothing."""
    with psycopg.connect(shared_database.replace("+psycopg", "")) as connection:
        yield connection
        connection.rollback()


def test_the_schema_keeps_tenants_apart(catalogue: psycopg.Connection[Any]) -> None:
    assert holes(catalogue) == []
    assert len(tables_of_tenants(catalogue)) >= 25


MORE = {
    "a workspace that may be left open": "alter table tallies drop constraint pk_tallies;"
    "alter table tallies alter workspace_id drop not null",
}


def test_the_gate_finds_every_planted_hole_and_needs_each_of_its_questions_for_it(
    catalogue: psycopg.Connection[Any],
) -> None:
    planted = HOLES | {name: plant for name, (plant, _) in ROLE_HOLES.items()} | MORE
    unnoticed, answered = [], set()
    for name, plant in planted.items():
        with catalogue.transaction(force_rollback=True):
            catalogue.execute(plant.encode())
            catalogue.execute("reset role")
            found = holes(catalogue)
        unnoticed += [] if found else [name]
        answered |= {question for question in QUESTIONS if any(hole.endswith(question) for hole in found)}
    assert unnoticed == []
    assert answered == QUESTIONS.keys()
