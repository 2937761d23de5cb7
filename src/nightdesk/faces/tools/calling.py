"""Calls a tool: looks at who asks and what was given, and turns what goes wrong into words."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from nightdesk.desk import Desk, errors
from nightdesk.desk.people import Actor, NotAllowed, require
from nightdesk.desk.tool_rights import ToolsMayNot
from nightdesk.faces.tools import deciding, lists, reading, working
from nightdesk.faces.tools.tool import LARGEST_ANSWER, Call, Tool
from nightdesk.kit.endings import Ending

TABLE: Mapping[str, Tool[Any]] = {
    tool.name: tool for part in (lists, reading, working, deciding) for tool in part.TOOLS
}
"""Every tool by its name, in the order in which they are listed."""

CODES: Mapping[type[errors.DeskError], str] = {
    errors.NotFound: "not_found",
    errors.Invalid: "invalid",
    errors.Taken: "taken",
    errors.RunActive: "run_active",
    errors.InsufficientCredits: "insufficient_credits",
    errors.Conflict: "bad_state",
    errors.Unreadable: "unreadable",
    errors.Full: "workspace_full",
    errors.Unavailable: "unavailable",
    NotAllowed: "not_allowed",
    ToolsMayNot: "for_people",
}
"""The API's own words for the same."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What a call came to: the tool's answer, or `{"error": {"code", "detail", "errors"?}}`."""

    ok: bool
    value: dict[str, Any]


async def run(desk: Desk, by: Actor, name: str, arguments: Mapping[str, Any] | None) -> Outcome:
    """Never raises for what a caller can do."""
    tool = TABLE.get(name)
    if tool is None:
        return failed("not_found", f"There is no tool of that name. There are: {', '.join(TABLE)}.")
    try:
        require(by, tool.needs)
        asked = tool.asked.model_validate(dict(arguments or {}))
        told = await tool.do(Call(desk, by), asked)
    except ValidationError as error:
        return _invalid(error)
    except errors.DeskError as error:
        return of_desk(error)
    except Ending as ending:
        return failed("unavailable", ending.why)
    except (DBAPIError, PoolTimeout) as error:
        _log.warning("tools.database_away", extra={"why": type(error).__name__})
        detail = "The database does not answer just now; nothing was changed. Try again in a few seconds."
        return failed("database_away", detail)
    value = told.model_dump(mode="json")
    if len(json.dumps(value, ensure_ascii=False)) > LARGEST_ANSWER:
        return failed("too_large", "The answer is longer than one may be. Ask for less: a smaller `limit`.")
    facts = {"action": "tool_called", "tool": name, "workspace": by.workspace_id, "person": by.person_id}
    _log.info("tool called", extra=facts)
    return Outcome(True, value)


def failed(code: str, detail: str, **more: Any) -> Outcome:
    return Outcome(False, {"error": {"code": code, "detail": detail, **more}})


def of_desk(error: errors.DeskError) -> Outcome:
    """What the desk said, with the API's word for it."""
    code = next((CODES[kind] for kind in type(error).__mro__ if kind in CODES), "refused")
    if isinstance(error, errors.Invalid):
        return failed(code, str(error), errors=[{"field": error.field, "message": str(error)}])
    return failed(code, str(error))


def _invalid(error: ValidationError) -> Outcome:
    found = [
        {"field": ".".join(str(part) for part in one["loc"]) or "arguments", "message": one["msg"]}
        for one in error.errors(include_url=False, include_context=False, include_input=False)[:20]
    ]
    named = ", ".join(dict.fromkeys(one["field"] for one in found))
    return failed("invalid", f"Look at: {named}.", errors=found)
