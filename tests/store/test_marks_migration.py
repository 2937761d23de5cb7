"""What stood in a content's checks as bytes is found in rows of its own after the upgrade."""

import base64
import itertools
from typing import Any

import numpy as np
import psycopg

from nightdesk.quality.fingerprints import fingerprint, runs
from nightdesk.quality.words import words
from nightdesk.store.migrations import migrate

TEXT = " ".join(f"seedling{number * number % 997} needs {number} hours" for number in range(400))
_numbers = itertools.count(1)


def kept_before() -> str:
    """Every fourth run as version 0002 spelled them."""
    found = runs(words(TEXT))
    return base64.b64encode(found[(found & np.uint64(3)) == 0].tobytes()).decode("ascii")


def test_fingerprints_kept_so_far_become_rows_and_leave_the_checks(server: Any) -> None:
    name = f"marks_{next(_numbers)}"
    with server.admin() as admin:
        admin.execute(f"create database {name}")
    try:
        url = server.url(name)
        migrate(url, to="0002")
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("set session_replication_role = replica")
            insert = (
                "insert into contents (workspace_id, site_id, task_id, title, slug, markdown, html, checks) "
                "values (%s, 7, %s, 'T', %s, '', '', jsonb_build_object('fingerprint', %s::text, 'seo', 1))"
            )
            for task, mark in enumerate((kept_before(), "")):
                connection.execute(insert, (3, task, f"t-{task}", mark))
            migrate(url)
            rows = connection.execute("select workspace_id, site_id, mark from content_marks").fetchall()
            checks = connection.execute("select distinct checks::text from contents").fetchall()
            policies = connection.execute(
                "select count(*) from pg_policy where polname = 'for_now'"
            ).fetchone()
        assert {row[:2] for row in rows} == {(3, 7)}
        assert sorted(row[2] for row in rows) == sorted(fingerprint(TEXT))
        assert checks == [('{"seo": 1}',)]
        assert policies == (0,)
    finally:
        server.drop(name)
