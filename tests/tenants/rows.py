"""Fills every table of tenants' rows, also one that is new, each row with its tenant's mark."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from tenants.gate import tables_of_tenants

FIXED = {
    ("public.accounts", "status"): "connected",
    ("public.accounts", "way"): "rest",
    ("public.credit_accounts", "kind"): "wallet",
    ("public.credit_transfers", "kind"): "grant",
    ("public.credit_transfers", "debit"): "source",
    ("public.credit_transfers", "credit"): "wallet",
    ("public.first_approvals", "video_id"): None,
    ("public.growth_rules", "mode"): "auto",
    ("public.hooks", "does"): "topic",
    ("public.hooks", "line"): "article",
    ("public.let_through", "state"): "waiting",
    ("public.let_through", "video_id"): None,
    ("public.line_configs", "frequency"): "daily",
    ("public.line_configs", "anchor_day"): 1,
    ("public.links", "kind"): "invitation",
    ("public.links", "role"): "editor",
    ("public.members", "role"): "editor",
    ("public.notice_targets", "hour"): 7,
    ("public.notices", "status"): "queued",
    ("public.pilot_orders", "kind"): "article",
    ("public.publications", "state"): "queued",
    ("public.publications", "content_id"): None,
    ("public.publications", "video_id"): None,
    ("public.sites", "generation_mode"): "review_first",
    ("public.trust_rules", "kind"): "article",
    ("public.webhook_deliveries", "status"): "queued",
    ("queue.pgqueuer", "status"): "queued",
}
"""What a check or an enumeration allows alone."""

EITHER = {
    ("public.first_approvals", "video_id"): "content_id",
    ("public.let_through", "video_id"): "content_id",
}
"""Columns of which a check allows one alone to be set, with the other."""

_COLUMNS = """
    select a.attname, format_type(a.atttypid, null) from pg_attribute a
    where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    order by a.attnum
"""
_REFERENCES = """
    select f.conrelid::regclass::oid, o.attname, f.confrelid::regclass::oid, p.attname
    from pg_constraint f, unnest(f.conkey, f.confkey) as pair (ours, theirs), pg_attribute o, pg_attribute p
    where f.contype = 'f' and o.attrelid = f.conrelid and o.attnum = pair.ours
      and p.attrelid = f.confrelid and p.attnum = pair.theirs
"""


def mark(tenant: int) -> str:
    """The canary: a text that is in every row of the tenant, and in no other's."""
    return f"canary-{tenant:03}-"


@dataclass(frozen=True)
class Tables:
    """The tables of tenants' rows: whose-column, columns with types, and which column points where."""

    key: dict[str, str]
    columns: dict[str, dict[str, str]]
    references: dict[tuple[str, str], tuple[str, str]]

    def row(self, table: str, tenant: int) -> dict[str, Any]:
        """The tenant's row in that table; the same at every call."""
        return {column: self.value(table, column, tenant) for column in self.columns[table]}

    def value(self, table: str, column: str, tenant: int) -> Any:
        if column == self.key[table] and column != "payload":
            return tenant
        if (table, column) in FIXED:
            return FIXED[table, column]
        if (table, column) in self.references:
            return self.value(*self.references[table, column], tenant)
        return _plain(self.columns[table][column], f"{table}.{column}", tenant)


def _plain(kind: str, name: str, tenant: int) -> Any:
    text = f"{mark(tenant)}{name}"
    digest = hashlib.sha256(text.encode()).digest()
    values = {
        "text": text,
        "jsonb": Jsonb({"text": text}),
        "bytea": json.dumps({"workspace": tenant, "text": text}).encode(),
        "uuid": UUID(bytes=digest[:16], version=4),
        "boolean": True,
        "bigint[]": [tenant],
        "timestamp with time zone": datetime(2026, 1, 1, tzinfo=UTC),
        "date": date(2026, 1, 1 + tenant % 28),
        "xid8": "1",
    }
    return values.get(kind, tenant * 1000 + digest[0])


def read_tables(connection: psycopg.Connection[Any]) -> Tables:
    key = tables_of_tenants(connection)
    oids = {connection.execute("select %s::regclass::oid", (name,)).fetchall()[0][0]: name for name in key}
    references = {
        (oids[child], ours): (oids[parent], theirs)
        for child, ours, parent, theirs in connection.execute(_REFERENCES)
        if child in oids and parent in oids
    }
    columns = {name: dict(connection.execute(_COLUMNS, (name,)).fetchall()) for name in key}
    return Tables(key, columns, references)


def insert_of(table: str, row: dict[str, Any]) -> tuple[sql.Composed, list[Any]]:
    """The statement that adds this row, with its values."""
    statement = sql.SQL("insert into {} ({}) overriding system value values ({})").format(
        sql.Identifier(*table.split(".")),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join([sql.Placeholder()] * len(row)),
    )
    return statement, list(row.values())


def fill(connection: psycopg.Connection[Any], tenants: int) -> Tables:
    """One row for each of the tenants 1, 2, … in each table. `connection`: of a superuser."""
    tables = read_tables(connection)
    with connection.transaction():
        connection.execute("set local session_replication_role = replica")
        for table in tables.key:
            for tenant in range(1, tenants + 1):
                connection.execute(*insert_of(table, tables.row(table, tenant)))
        for tenant in range(1, tenants + 1):
            connection.execute(*insert_of("public.people", _member(tables, tenant)))
    return tables


def _member(tables: Tables, tenant: int) -> dict[str, Any]:
    """The person whose membership the tenant's row in `members` is."""
    number = tables.value("public.members", "person_id", tenant)
    return {"id": number, "email": f"{mark(tenant)}@example.org", "name": mark(tenant)}
