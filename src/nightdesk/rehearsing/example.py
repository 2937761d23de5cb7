"""Example sites for a rehearsal: the demo's documents, and topics made of its keywords."""

import csv
import random
from importlib.resources import files

from nightdesk.bootstrap import House
from nightdesk.desk.errors import DeskError
from nightdesk.desk.rows import Site
from nightdesk.desk.topics import NewTopic
from nightdesk.rehearsing.plan import Plan

INPUT = files("nightdesk") / "demo" / "input"
DOCUMENTS = 10
SPARE = 6
"""Topics more than a site has places for."""

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo")
HOURS = ([8, 17], [7, 12, 18], [10])


async def example_sites(house: House, workspace: int, plan: Plan) -> list[Site]:
    """So many sites with documents, topics and hours; they run by themselves once they have an account."""
    lines = (INPUT / "keywords.csv").read_text("utf-8").splitlines()
    phrases = [row["Keyword"] for row in csv.DictReader(lines)]
    documents = sorted((one for one in (INPUT / "documents").iterdir()), key=lambda one: one.name)
    made = []
    for number in range(plan.sites):
        chance = random.Random(plan.seed * 1000 + number)  # noqa: S311 - examples, no secrets
        zone = ZONES[number % len(ZONES)]
        site = await house.desk.sites.create(
            workspace,
            f"Example {number + 1}",
            subject="Home composting and garden soil",
            timezone=zone,
        )
        for document in chance.sample(documents, DOCUMENTS):
            await house.desk.sources.add_file(workspace, site.id, document.name, document.read_bytes())
        await _topics(house, workspace, site, chance.sample(phrases, len(phrases)), _wanted(plan))
        wishes = {"posts_a_day": plan.posts, "hours": list(HOURS[number % len(HOURS)])}
        await house.desk.niches.shelf.change(workspace, site.id, wishes)
        made.append(site)
    return made


def _wanted(plan: Plan) -> int:
    return (plan.posts + plan.videos) * (plan.days + 3) + SPARE


async def _topics(house: House, workspace: int, site: Site, phrases: list[str], most: int) -> None:
    taken = 0
    for phrase in phrases:
        if taken == most:
            return
        try:
            await house.desk.topics.add(workspace, site.id, NewTopic(title=phrase.capitalize()))
        except DeskError:
            # Too near to one that is there.
            continue
        taken += 1
