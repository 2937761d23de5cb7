"""The example site: keywords and documents that ship with the project, taken in as a newcomer's would be."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from nightdesk.desk.errors import Taken
from nightdesk.desk.planner import Planner
from nightdesk.desk.sites import Sites
from nightdesk.desk.sources import Sources
from nightdesk.store.tables.tenancy import Site

INPUT = files("nightdesk") / "demo" / "input"
KEYWORDS = "keywords.csv"


@dataclass(frozen=True)
class Example:
    """A site that is ready to run, and what was taken in for it."""

    site: Site
    keywords: int
    documents: int


async def make_example(workspace_id: int, sites: Sites, planner: Planner, sources: Sources) -> Example:
    """Makes the example site with its input; where there is one already, the next one.

    Raises what taking in keywords and documents raises; what was taken in by then stays.
    """
    site = await _site(workspace_id, sites)
    content = (INPUT / KEYWORDS).read_bytes()
    report = await planner.keywords.import_file(workspace_id, site.id, KEYWORDS, content)
    documents = [file for file in (INPUT / "documents").iterdir() if file.name.endswith(".md")]
    for file in sorted(documents, key=lambda file: file.name):
        await sources.add_file(workspace_id, site.id, file.name, file.read_bytes())
    return Example(site, len(report.taken), len(documents))


async def _site(workspace_id: int, sites: Sites) -> Site:
    facts = tomllib.loads((INPUT / "site.toml").read_text("utf-8"))
    name, slug = facts.pop("name"), facts.pop("slug")
    number = 1
    while True:
        more = "" if number == 1 else f"-{number}"
        try:
            called = name if number == 1 else f"{name} {number}"
            return await sites.create(workspace_id, called, slug=f"{slug}{more}", **facts)
        except Taken:
            number += 1
