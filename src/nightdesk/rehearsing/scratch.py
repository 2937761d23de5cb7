"""A scratch desk: a database of its own on the same server, and a folder of its own; both go afterwards."""

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy import make_url

from nightdesk.kit.endings import NeedsPerson
from nightdesk.settings import Settings
from nightdesk.store.postgres import EmbeddedPostgres

PREFIX = "nightdesk_rehearsal_"

OFFLINE = {
    "text": "offline",
    "text_fallback": "",
    "embeddings": "lexical",
    "images": "cards",
    "speech": "espeak",
    "clips": "motion",
    "renderer": "ffmpeg",
    "vault_url": "",
    "storage_url": "",
    "tool_servers": [],
    "requests_a_minute": 0,
}
"""What a scratch desk is set to: nothing that costs, and nobody outside."""


@asynccontextmanager
async def scratch(settings: Settings, allow: str) -> AsyncIterator[Settings]:
    """The settings of a scratch desk, which may reach the addresses of `allow` alone.

    Raises `NeedsPerson` where no database can be made, `DatabaseUnavailable`.
    """
    postgres = None if settings.database_url else EmbeddedPostgres(settings.data_dir)
    if postgres is not None:
        await asyncio.to_thread(postgres.start)
    name = PREFIX + secrets.token_hex(6)
    given = settings.database_url.get_secret_value() if settings.database_url else str(postgres.url())  # type: ignore[union-attr]
    folder = settings.data_dir / "rehearsals" / name
    keeper = None
    try:
        keeper = await asyncio.to_thread(_make, given, name, folder.parent)
        folder.mkdir(parents=True)
        facts = {
            **{field: value for field, value in OFFLINE.items() if field in Settings.model_fields},
            "database_url": SecretStr(_at(given, name)),
            "data_dir": folder,
            "allow_addresses": allow,
            "secret_key": SecretStr(secrets.token_hex(32)),
        }
        yield settings.model_copy(update=facts)
    finally:
        if keeper is not None:
            keeper.close()
        await asyncio.to_thread(_drop, given, name)
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        if postgres is not None:
            await asyncio.to_thread(postgres.stop)


def _make(given: str, name: str, folders: Path) -> psycopg.Connection:
    """Makes it, and gives a connection that shows others that it is in use.

    What rehearsals left that did not come to their end is removed before.
    """
    try:
        with _connected(given) as connection:
            connection.execute("select pg_advisory_lock(7204113)")
            _tidy(connection, given, folders)
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
            return _connected(_at(given, name))
    except psycopg.Error as error:
        raise NeedsPerson(
            "A rehearsal needs a database of its own on the same server, and none could be made: "
            f"{' '.join(str(error).split())}. Nothing was changed; let the database's user make databases."
        ) from error


def _tidy(connection: psycopg.Connection, given: str, folders: Path) -> None:
    left = """
        select datname from pg_database d where starts_with(datname, %s)
        and not exists (select from pg_stat_activity a where a.datname = d.datname)
    """
    for (name,) in connection.execute(left, [PREFIX]).fetchall():
        _drop(given, name)
        shutil.rmtree(folders / name, ignore_errors=True)


def _drop(given: str, name: str) -> None:
    with _connected(given) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _connected(given: str) -> psycopg.Connection:
    plain = make_url(given).set(drivername="postgresql")
    return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)


def _at(given: str, name: str) -> str:
    return make_url(given).set(database=name).render_as_string(hide_password=False)
