"""Database sessions: each transaction is told its tenant, and without one it sees nothing.

This is the only file that sets the tenant, and `Store.everywhere` is one of the two places where
code may see all tenants (the other is the migrations).

This keeps our own code within its tenant, where a condition was forgotten or a number is another's; whoever
could run statements of their own could set the tenant too. Those are held to the rights of the role: on our
own server each role has its own log-in. Another server is entered by the one log-in that we were given, which
may take every role.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from nightdesk.kit import points
from nightdesk.store.patience import PATIENCE, connect
from nightdesk.store.postgres.process import is_socket_folder

APP_ROLE = "nightdesk_app"
WIDE_ROLE = "nightdesk_wide"

_LIMITS = {
    "statement_timeout": "30s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "10s",
    "timezone": "UTC",
}
_AS_TENANT = "begin; select set_config('nightdesk.workspace', '{:d}', true)"
_AS_NOBODY = "begin; select set_config('nightdesk.workspace', '', true)"


def connect_options(role: str | None) -> dict[str, Any]:
    """What every connection of ours is opened with: its role, its time limits and its keepalives."""
    settings = dict(_LIMITS) | ({"role": role} if role else {})
    return {
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        "application_name": "nightdesk",
        "connect_timeout": 10,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
    }


def log_in(url: URL, role: str | None) -> tuple[URL, dict[str, Any]]:
    """The address and the options by which a connection comes to be that role's."""
    if role and is_socket_folder(url.query.get("host")):
        return url.set(username=role), connect_options(None)
    return url, connect_options(role)


def plain_address(url: URL, role: str | None) -> str:
    """The same log-in as a connection string for plain psycopg."""
    url, options = log_in(url, role)
    facts = {"host": url.host, "port": url.port, "user": url.username, "password": url.password}
    facts |= {name: value for name, value in url.query.items() if isinstance(value, str)}
    facts |= {"dbname": url.database, **options}
    return make_conninfo("", **{name: value for name, value in facts.items() if value is not None})


class Store:
    """The database, opened twice: bound to a tenant in each transaction, and seeing all of them."""

    def __init__(self, url: str | URL, *, pool_size: int = 10, patience: float = PATIENCE) -> None:
        """`url`: `postgresql://…` or `postgresql+psycopg://…`, of a user who may take both roles.

        `patience`: seconds without an answer after which a connection is given up.
        """
        self.url = make_url(url).set(drivername="postgresql+psycopg")
        self._connect = partial(connect, patience=patience)
        self._tenant_engine = self._engine(APP_ROLE, pool_size)
        self._wide_engine = self._engine(WIDE_ROLE, 4)
        self._tenant = async_sessionmaker(self._tenant_engine, expire_on_commit=False, autoflush=False)
        self._wide = async_sessionmaker(self._wide_engine, expire_on_commit=False, autoflush=False)

    def _engine(self, role: str, pool_size: int) -> AsyncEngine:
        url, options = log_in(self.url, role)
        engine = create_async_engine(
            url,
            # The driver begins nothing by itself: `_begin` does, with the tenant in the same round trip.
            connect_args={
                **options,
                "autocommit": True,
                "async_creator_fn": self._connect,
            },
            pool_size=pool_size,
            max_overflow=pool_size,
            # The connection used last knows the statements; one that nobody needs is left alone.
            pool_use_lifo=True,
            pool_timeout=20,
            pool_reset_on_return="rollback",
        )
        event.listen(engine.sync_engine, "begin", _begin)
        return engine

    @asynccontextmanager
    async def workspace(self, workspace_id: int) -> AsyncIterator[AsyncSession]:
        """One transaction as that tenant; commits at the end, rolls back on any error."""
        async with self._tenant() as session:
            await session.connection(execution_options={"tenant": workspace_id})
            yield session
            await commit(session)

    @asynccontextmanager
    async def nobody(self) -> AsyncIterator[AsyncSession]:
        """One transaction without a tenant: no tenant's row is visible in it."""
        async with self._tenant() as session:
            yield session
            await commit(session)

    @asynccontextmanager
    async def everywhere(self) -> AsyncIterator[AsyncSession]:
        """One transaction that sees all tenants: for the timetable and for upkeep alone."""
        async with self._wide() as session:
            yield session
            await commit(session)

    async def close(self) -> None:
        await self._tenant_engine.dispose()
        await self._wide_engine.dispose()


def _begin(connection: Connection) -> None:
    """Begins the transaction as the tenant that the connection was asked for, or as nobody."""
    tenant = connection.get_execution_options().get("tenant")
    connection.exec_driver_sql(_AS_NOBODY if tenant is None else _AS_TENANT.format(tenant))


async def commit(session: AsyncSession) -> None:
    """Commits between the two points where a crash leaves it unknown whether it took hold."""
    points.reach("store.commit.before")
    await session.commit()
    points.reach("store.commit.after")
