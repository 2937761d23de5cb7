"""As the application's role no statement reaches another tenant's rows; planted holes are found (T12)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from nightdesk.store.session import APP_ROLE, plain_address
from tenants.gate import holes
from tenants.planted import HOLES, ROLE_HOLES
from tenants.probes import Findings, Prober
from tenants.rows import fill

TENANTS = 20


@contextmanager
def superuser(url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


def probe(url: str, tenants: int) -> Findings:
    with superuser(url) as connection:
        tables = fill(connection, tenants)
    with psycopg.connect(plain_address(make_url(url), APP_ROLE), autocommit=True) as connection:
        return Prober(connection, tables, tenants).try_all()


def test_two_tenants_do_not_reach_each_other(database: str) -> None:
    found = probe(database, 2)
    assert found.leaks == []
    assert found.made.total() >= 700


@pytest.mark.prove
def test_twenty_tenants_do_not_reach_each_other(database: str) -> None:
    found = probe(database, TENANTS)
    print(f"\nT12: {found.made.total()} probes, {len(found.leaks)} leaks; {dict(found.made)}")
    assert found.leaks == []
    assert found.made.total() >= 5_000


def find(url: str, name: str) -> tuple[list[str], list[str]]:
    """What the gate and what two tenants' probes say of the database."""
    with superuser(url) as connection:
        by_gate = holes(connection)
    by_probe = probe(url, 2).leaks
    print(f"\nT12 hole: {name}: {len(by_gate)} by the gate, {len(by_probe)} by probes")
    return by_gate, by_probe


@pytest.mark.prove
@pytest.mark.parametrize("name", HOLES)
def test_a_planted_hole_is_found(database: str, name: str) -> None:
    with superuser(database) as connection:
        connection.execute(HOLES[name].encode())
    by_gate, _ = find(database, name)
    assert by_gate


@pytest.mark.prove
@pytest.mark.parametrize("name", ROLE_HOLES)
def test_a_planted_hole_in_a_role_is_found(database: str, name: str) -> None:
    with superuser(database) as connection:
        plant, mend = ROLE_HOLES[name]
        connection.execute(plant.encode())
        try:
            by_gate, _ = find(database, name)
        finally:
            connection.execute(mend.encode())
    assert by_gate
