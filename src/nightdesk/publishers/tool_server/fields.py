"""What an account that is spoken to by a tool server consists of, and the mapping that its fields make."""

import json
from collections.abc import Mapping
from dataclasses import fields as parts_of
from dataclasses import replace
from typing import Any

from nightdesk.kit.endings import NeedsPerson
from nightdesk.publisher import Platform
from nightdesk.publishers.fields import Field
from nightdesk.publishers.tool_server.laying_out import NAMES
from nightdesk.publishers.tool_server.presets import PRESETS, Mapped

ABOUT = (
    "Pieces go out by a tool of a server that speaks the Model Context Protocol. Unless you say otherwise, "
    "it is called once at most, and what it leaves unclear is held for you."
)
OWN = "own"
REPEATS = ("blind", "repeatable", "token")
LONGEST_SECONDS = 1500
"""Below what the engine lets publishing take, so that a call is ended by its own limit."""

_SERVER = (
    Field(
        "address",
        "Address of the server",
        "Where it speaks MCP over HTTP, such as https://tools.example.org/mcp; or name a program instead.",
        required=False,
        pattern=r"https?://[^\s#@\\]{1,300}",
    ),
    Field(
        "token",
        "Token",
        "What the server knows you by; it is sent to this address alone.",
        secret=True,
        required=False,
        pattern=r"[\x21-\x7e]{1,2000}",
    ),
    Field(
        "without_token",
        "Without a token",
        "yes, where the server needs none; else an account without one is refused.",
        pattern="yes|no",
        default="no",
    ),
    Field(
        "program",
        "Program",
        "One that the operator of this desk lets accounts start, by its name.",
        required=False,
        pattern=r"[a-z0-9][a-z0-9_-]{0,39}",
    ),
    Field(
        "credentials",
        "Credentials of the program",
        'The variables that it needs, as JSON such as {"API_KEY": "…"}.',
        secret=True,
        required=False,
    ),
)
_MAPPING = (
    Field("tool", "Tool", "In place of the preset's.", required=False, pattern=r"[\x21-\x7e]{1,128}"),
    Field(
        "arguments",
        "Arguments",
        "As JSON; filled in are " + ", ".join(f"{{{name}}}" for name in NAMES) + ".",
        required=False,
    ),
    Field("id_path", "Place of the number", "In its data, such as data.id.", required=False),
    Field("id_after", "Words before the number", "In its text, such as status/.", required=False),
    Field("url", "Address of a post", "With {id} for its number.", required=False),
    Field(
        "repeats",
        "What a second call does",
        "blind: a second post, or nobody knows, so that it is called once at most; repeatable: nothing more; "
        "token: nothing more for the same {key}.",
        pattern="|".join(REPEATS),
        required=False,
    ),
    Field(
        "declined", "Words of a refusal", "That prove that nothing was posted, parted by |.", required=False
    ),
    Field("busy", "Words of a limit", "After which it may be tried later, parted by |.", required=False),
    Field(
        "seconds",
        "Seconds of a call",
        f"60, or 300 with a file, unless you say; {LONGEST_SECONDS} at most.",
        required=False,
        pattern=r"[1-9]\d{0,3}",
    ),
)


def fields(platform: Platform) -> tuple[Field, ...]:
    """The fields of an account there."""
    names = [*PRESETS.get(platform, {}), OWN]
    preset = Field(
        "preset",
        "Kind of server",
        f"One of {', '.join(names)}; what is filled in under Seldom needed goes before what it sets.",
        pattern="|".join(names),
        default=names[0],
    )
    return (preset, *_SERVER, *(replace(one, seldom=True) for one in _MAPPING))


def mapped(platform: Platform, config: Mapping[str, Any]) -> Mapped:
    """The mapping that an account's fields make. Raises `NeedsPerson` where it cannot be used."""
    presets = PRESETS.get(platform, {})
    name = str(config.get("preset") or next(iter(presets), OWN))
    found = presets.get(name, Mapped())
    own: dict[str, Any] = {part.name: config[part.name] for part in parts_of(Mapped) if config.get(part.name)}
    for words in ("declined", "busy"):
        if words in own:
            own[words] = tuple(one.strip() for one in str(own[words]).split("|") if one.strip())
    if "seconds" in own:
        own["seconds"] = min(float(own["seconds"]), LONGEST_SECONDS)
    if "arguments" in own:
        own["arguments"] = _arguments(str(own["arguments"]))
    return _usable(replace(found, **own))


def _arguments(written: str) -> dict[str, Any]:
    try:
        found = json.loads(written)
    except (ValueError, RecursionError) as error:
        raise NeedsPerson("The arguments of the tool are not JSON. Write them as an object.") from error
    if not isinstance(found, dict):
        raise NeedsPerson("The arguments of the tool must be a JSON object, of names and values.")
    return found


def _usable(found: Mapped) -> Mapped:
    lacks = [
        what
        for what, there in (
            ("the name of a tool", found.tool),
            ("its arguments", found.arguments),
            ("where the number of a post lies in its answer", found.id_path or found.id_after),
        )
        if not there
    ]
    if lacks:
        raise NeedsPerson(f"The account does not say how the tool is called. It lacks {', '.join(lacks)}.")
    if found.repeats not in REPEATS:
        raise NeedsPerson(f"What a second call does must be one of {', '.join(REPEATS)}.")
    if found.repeats == "token" and not found.names("key"):
        raise NeedsPerson("A tool that a key keeps from posting twice must be given it: name {key}.")
    return found
