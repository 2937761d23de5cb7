"""Log lines of long-running commands: readable ones, or JSON (`NIGHTDESK_LOG_FORMAT=json`)."""

import logging
import sys
from typing import Any

import structlog

from nightdesk.faces.cli.printing import printable

TALKATIVE = ("httpx2", "mcp.client", "mcp.shared", "client")
"""Loggers of libraries that write out addresses with their queries, or what servers answered them, in which
secrets may stand. What went wrong is told by whoever called them. (`client` is one of the `mcp` package.)"""


def write_log_lines(form: str) -> None:
    """Has everything that is logged from now on written to standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _legibly,
                last,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("nightdesk").setLevel(logging.INFO)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _legibly(_logger: Any, _name: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Addresses and answers are others' words: they colour no line of the terminal, and begin none."""
    return {
        name: printable(value, "\n" if name == "exception" else "") if isinstance(value, str) else value
        for name, value in line.items()
    }
