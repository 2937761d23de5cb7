"""The PostgreSQL server that comes with Nightdesk, started when needed and shared by all of its processes."""

from nightdesk.store.postgres.errors import DatabaseUnavailable
from nightdesk.store.postgres.supervisor import EmbeddedPostgres, ServerStatus

__all__ = ["DatabaseUnavailable", "EmbeddedPostgres", "ServerStatus"]
