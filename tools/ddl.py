"""Prints the SQL of declared tables with their indexes, to begin a new migration's script with.

`python tools/ddl.py people members` prints those two; without names it prints them all. A test compares a
freshly migrated database with the declarations, so nothing here needs to be kept up by hand.
"""

import re
import sys
from collections.abc import Collection

from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from nightdesk.store.tables import Table

_COMMANDS = re.compile(r"^CREATE (TABLE|UNIQUE INDEX|INDEX)", re.MULTILINE)


def ddl(names: Collection[str] = ()) -> str:
    """The tables of those names, or all, with their indexes, each after those that it refers to."""
    dialect = postgresql.dialect()
    parts = []
    for table in Table.metadata.sorted_tables:
        if names and table.name not in names:
            continue
        parts.append(f"{str(CreateTable(table).compile(dialect=dialect)).strip()};")
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            parts.append(f"{str(CreateIndex(index).compile(dialect=dialect)).strip()};")
        parts.append("")
    lines = "\n".join(parts).replace("\t", "    ").splitlines()
    script = "\n".join(line.rstrip() for line in lines) + "\n"
    return _COMMANDS.sub(lambda found: found.group().lower(), script)


def main() -> int:
    """1 where a table of that name is not declared."""
    wanted = sys.argv[1:]
    unknown = sorted(set(wanted) - Table.metadata.tables.keys())
    if unknown:
        print(f"Not declared: {', '.join(unknown)}", file=sys.stderr)
        return 1
    print(ddl(wanted), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
