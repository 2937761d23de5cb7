"""Writes `migrations/sql/tables.sql` anew from the tables as `nightdesk.store.tables` declares them.

For use while the first migration may still change: `python tools/ddl.py`. With `--check` it writes nothing,
and exits with 1 where the file is not what would be written.
"""

import re
import sys

from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from nightdesk.store.migrations import HERE
from nightdesk.store.tables import Table

FILE = HERE / "sql" / "tables.sql"
OPENING = "-- The tables as `store/tables` declares them; a test holds the two against each other."
_COMMANDS = re.compile(r"^CREATE (TABLE|UNIQUE INDEX|INDEX)", re.MULTILINE)


def ddl() -> str:
    """All tables with their indexes, each after those that it refers to."""
    dialect = postgresql.dialect()
    parts = [OPENING]
    for table in Table.metadata.sorted_tables:
        parts.append(f"{str(CreateTable(table).compile(dialect=dialect)).strip()};")
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            parts.append(f"{str(CreateIndex(index).compile(dialect=dialect)).strip()};")
        parts.append("")
    lines = "\n".join(parts).replace("\t", "    ").splitlines()
    script = "\n".join(line.rstrip() for line in lines) + "\n"
    return _COMMANDS.sub(lambda found: found.group().lower(), script)


def main() -> int:
    """0 where the file is as declared by now."""
    declared = ddl()
    same = FILE.read_text("utf-8") == declared
    if "--check" in sys.argv[1:]:
        print("tables.sql is as declared." if same else "tables.sql is not as declared: python tools/ddl.py")
        return 0 if same else 1
    FILE.write_text(declared, "utf-8")
    print("tables.sql is as it was." if same else "tables.sql was written anew.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
