"""A platform as requests and answers name it: one that there is a publisher for."""

from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from nightdesk.desk.site_facts import PLATFORMS


def _known(name: str) -> str:
    if name not in PLATFORMS:
        raise ValueError(f"there are {', '.join(PLATFORMS)}")
    return name


Platform = Annotated[str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": list(PLATFORMS)})]
