"""What docs/publishing.md says in figures and names is what the code has."""

import re
from pathlib import Path

import pytest

from nightdesk.desk.publishing.leading import AGAIN, MOST_TRIES
from nightdesk.engine.outgoing import settling
from nightdesk.engine.outgoing.sending import COMMIT_SECONDS, LOOK_SECONDS, PREPARE_SECONDS
from nightdesk.publishers import KINDS
from nightdesk.publishers.deadlines import CALL, LEAST, MOST_CALL, MOST_UPLOAD, UPLOAD
from nightdesk.publishers.instagram import graph
from nightdesk.publishers.tiktok import service
from nightdesk.publishers.tool_server.fields import LONGEST_SECONDS
from nightdesk.publishers.tool_server.laying_out import NAMES
from nightdesk.publishers.tool_server.opening import CONNECT_SECONDS
from nightdesk.publishers.tool_server.presets import CALL_SECONDS, PRESETS, UPLOAD_SECONDS
from nightdesk.publishers.wordpress import site
from nightdesk.publishers.x import calls, costs
from nightdesk.publishers.youtube import api

TOLD = re.sub(r"\s+", " ", (Path(__file__).parents[2] / "docs/publishing.md").read_text())


@pytest.mark.parametrize("platform", [calls, api, graph, service, site])
def test_every_platform_has_the_deadlines_that_are_told(platform: object) -> None:
    limits = platform.Limits()  # type: ignore[attr-defined]
    assert (limits.call, limits.upload) == (CALL, UPLOAD)


@pytest.mark.parametrize(
    "said",
    [
        f"interface | {CALL:.0f}; `call_seconds` of the account sets it, {LEAST} to {MOST_CALL} |",
        f"upload | {UPLOAD:.0f}; `upload_seconds` of the account sets it, {LEAST} to {MOST_UPLOAD:,} |",
        f"the engine lets asking ({LOOK_SECONDS:.0f}) and sending take",
        f"| {CALL_SECONDS:.0f}, or {UPLOAD_SECONDS:.0f} where its arguments bring a file; ",
        f"`seconds` of the account sets it, {LONGEST_SECONDS:,} at most |",
        f"| connecting to a tool server | {CONNECT_SECONDS:.0f} |",
        f"| all of making ready, all of sending | {PREPARE_SECONDS:,.0f} each |",
        f"is {settling.FIRST_WAIT:.0f} seconds, doubled up to an hour; after {settling.MOST_TRIES} ",
        f"a post costs about ${costs.COST}, one with a link ${costs.COST_LINK:.2f}",
        f"charged like one, with a link ${costs.COST_LINK:.2f} |",
        f"(YouTube {KINDS['youtube'].day_cap}, TikTok {KINDS['tiktok'].day_cap};",
    ],
)
def test_each_figure_is_the_code_s(said: str) -> None:
    assert said in TOLD


def test_names_that_can_be_mapped_presets_and_platforms_are_all_there() -> None:
    for name in NAMES:
        assert f"{{{name.removesuffix('_name')}}}" in TOLD, name
    rows = [(name, found.tool) for presets in PRESETS.values() for name, found in presets.items()]
    for name, tool in rows:
        assert re.search(rf"\| `{name}` \| \w+ \| `{tool}`", TOLD), name
    for name in KINDS:
        assert f"| `{name}` |" in TOLD, name
    assert (PREPARE_SECONDS, settling.LONGEST_WAIT) == (COMMIT_SECONDS, 3600.0)
    assert (MOST_TRIES, AGAIN.total_seconds()) == (5, 3600.0)
