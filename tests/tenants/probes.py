"""Tries, as the application's role, to reach other tenants' rows in every way that SQL offers."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from tenants.gate import CLOSED_TO_THE_APPLICATION
from tenants.rows import EITHER, Tables, insert_of, mark

REFUSED = {
    "42501": "insufficient_privilege: by a policy or for want of a grant",
    "23503": "foreign_key_violation",
    "22P02": "invalid_text_representation: a setting that is no number",
    "22003": "numeric_value_out_of_range: a setting that is too large a number",
}
NO_TENANT = (None, "")
MALFORMED = ("abc", "1; drop table sites", "1,2", "-", "1 or true", "9" * 30, "NaN", "%", "null", "{1,2}")


@dataclass
class Findings:
    """How many probes of each kind were made, and what they reached that they should not have."""

    made: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)


class Prober:
    """One connection as the application, and what it found."""

    def __init__(self, connection: psycopg.Connection[Any], tables: Tables, tenants: int) -> None:
        self.connection, self.tables, self.tenants = connection, tables, tenants
        self.findings = Findings()

    @contextmanager
    def acting_as(self, setting: str | None) -> Iterator[None]:
        """One transaction, rolled back, with the setting as given; None leaves it unset."""
        with self.connection.transaction(force_rollback=True):
            if setting is not None:
                self.connection.execute("select set_config('nightdesk.workspace', %s, true)", (setting,))
            yield

    def try_all(self) -> Findings:
        for tenant in range(1, self.tenants + 1):
            with self.acting_as(str(tenant)):
                for table in self.tables.key:
                    self._probe(table, tenant, tenant % self.tenants + 1)
                self._read_everything(tenant)
                self._see_people(tenant, 1)
        for setting in (*NO_TENANT, *MALFORMED):
            with self.acting_as(setting):
                for table in self.tables.key:
                    self._probe_without(table, setting)
                self._see_people(0, 0)
        return self.findings

    def _probe(self, table: str, ours: int, theirs: int) -> None:
        name, ours_, theirs_ = sql.Identifier(*table.split(".")), sql.Literal(ours), sql.Literal(theirs)
        of_others = sql.SQL("{} <> {}").format(self._whose(table), ours_)
        of_them = sql.SQL("{} = {}").format(self._whose(table), theirs_)
        own = self._rows("select", table, ours, sql.SQL("select * from {}").format(name))
        if own != (wanted := int(table not in CLOSED_TO_THE_APPLICATION)):
            self._leak("select", table, ours, f"sees {own} rows, not {wanted}")
        for kind, query in {
            "select": sql.SQL("select * from {} t where {}").format(name, of_them),
            "lock": sql.SQL("select * from {} t where {} for update").format(name, of_others),
            "join": sql.SQL("select t.* from {} own, {} t where {}").format(name, name, of_others),
            "update": self._update(table, of_others),
            "delete": sql.SQL("delete from {} t where {}").format(name, of_others),
        }.items():
            if self._rows(kind, table, ours, query):
                self._leak(kind, table, ours, "reaches rows of others")
        if self._rows("update all", table, ours, self._update(table, sql.SQL("true"))) > 1:
            self._leak("update all", table, ours, "reaches more than its own row")
        row = self.tables.row(table, theirs)
        statement, values = insert_of(table, row)
        self._must_fail("insert", table, ours, statement, values)
        self._must_fail("take over", table, ours, statement + sql.SQL(" on conflict do nothing"), values)
        moved = sql.SQL("update {} set {} = %s").format(name, sql.Identifier(self.tables.key[table]))
        self._must_fail("move", table, ours, moved, [row[self.tables.key[table]]])
        for (child, column), parent in self.tables.references.items():
            if child == table and column != self.tables.key[table]:
                value = self.tables.value(*parent, theirs)
                point = sql.SQL("update {} set {} = %s").format(name, sql.Identifier(column))
                if other := EITHER.get((table, column)):
                    point += sql.SQL(", {} = null").format(sql.Identifier(other))
                self._must_fail("refer", table, ours, point, [value])

    def _probe_without(self, table: str, setting: str | None) -> None:
        name = sql.Identifier(*table.split("."))
        kind = "no tenant" if setting in NO_TENANT else "malformed"
        for query in (
            sql.SQL("select * from {}").format(name),
            self._update(table, sql.SQL("true")),
            sql.SQL("delete from {}").format(name),
        ):
            if self._rows(kind, table, 0, query):
                self._leak(kind, table, 0, f"reaches rows with the setting {setting!r}")
        self._must_fail(kind, table, 0, *insert_of(table, self.tables.row(table, 1)))

    def _read_everything(self, tenant: int) -> None:
        """Every relation that the application may read at all, views too."""
        readable = self.connection.execute(
            "select format('%I.%I', n.nspname, c.relname) from pg_class c"
            " join pg_namespace n on n.oid = c.relnamespace"
            " where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('information_schema')"
            " and n.nspname not like 'pg\\_%' and has_table_privilege(c.oid, 'select')"
        ).fetchall()
        for (name,) in readable:
            self._rows("read", name, tenant, sql.SQL("select * from {}").format(sql.SQL(name)))
        statistics = sql.SQL("select * from pg_stats where schemaname in ('public', 'queue')")
        self._rows("read", "pg_stats", tenant, statistics)

    def _see_people(self, tenant: int, expected: int) -> None:
        """Fellow members alone, whichever way they are asked for; and nobody is changed."""
        for query in (
            "select * from people",
            "select p.* from people p left join members m on m.person_id = p.id",
            "select * from people where email like 'canary-%'",
        ):
            seen = self._rows("people", "public.people", tenant, sql.SQL(query))
            if seen != expected:
                self._leak("people", "public.people", tenant, f"sees {seen} people, not {expected}")
        for query in (
            "update people set name = name",
            "delete from people",
            "select * from people for update",
            "select * from passwords",
            "select * from guesses",
        ):
            if self._rows("people", "public.people", tenant, sql.SQL(query)):
                self._leak("people", "public.people", tenant, f"may {query!r}")

    def _rows(self, kind: str, table: str, tenant: int, query: sql.Composable) -> int:
        """How many rows the statement reaches, 0 where refused; looks for others' marks in the answer."""
        self.findings.made[kind] += 1
        try:
            with self.connection.transaction(force_rollback=True):
                cursor = self.connection.execute(query)
                answer = str(cursor.fetchall()) if cursor.description else ""
                reached = cursor.rowcount
        except psycopg.Error as error:
            answer, reached = str(error), 0
            if error.sqlstate not in REFUSED:
                self._leak(kind, table, tenant, f"was not tried in earnest: {error.sqlstate} {error}")
        self._look_for_marks(kind, table, tenant, answer)
        return reached

    def _must_fail(
        self, kind: str, table: str, tenant: int, query: sql.Composable, values: list[Any]
    ) -> None:
        self.findings.made[kind] += 1
        try:
            with self.connection.transaction(force_rollback=True):
                self.connection.execute("set constraints all immediate")
                reached = self.connection.execute(query, values).rowcount
        except psycopg.Error as error:
            if error.sqlstate not in REFUSED:
                self._leak(kind, table, tenant, f"was not tried in earnest: {error.sqlstate} {error}")
            return
        self._leak(kind, table, tenant, f"was let through ({reached} rows)")

    def _look_for_marks(self, kind: str, table: str, tenant: int, answer: str) -> None:
        others = {other for other in range(1, self.tenants + 1) if mark(other) in answer} - {tenant}
        if others:
            self._leak(kind, table, tenant, f"shows the marks of {sorted(others)}")

    def _leak(self, kind: str, table: str, tenant: int, what: str) -> None:
        self.findings.leaks.append(f"{kind} {table} as {tenant or 'nobody'}: {what}")

    def _whose(self, table: str, alias: str = "t") -> sql.Composable:
        """The expression that says whose a row is."""
        column = sql.Identifier(alias, self.tables.key[table])
        if self.tables.key[table] == "payload":
            return sql.SQL("(convert_from({}, 'UTF8')::jsonb ->> 'workspace')::bigint").format(column)
        return column

    def _update(self, table: str, where: sql.Composable) -> sql.Composed:
        column = next(name for name in self.tables.columns[table] if name != self.tables.key[table])
        return sql.SQL("update {} t set {} = {} where {}").format(
            sql.Identifier(*table.split(".")), sql.Identifier(column), sql.Identifier(column), where
        )
