"""The web application for people: the list of its pages, inside what guards every one of them."""

from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from nightdesk.desk import Desk
from nightdesk.faces.web import (
    account,
    account_connect,
    account_consent,
    accounts,
    assets,
    auto_mode,
    auto_mode_rules,
    badges,
    calendar,
    credits,
    credits_ledger,
    documents,
    faults,
    feeds,
    insights,
    invitation,
    library,
    library_video,
    line,
    line_control,
    line_settings,
    live,
    me,
    media,
    navigation,
    people,
    people_book,
    people_keys,
    piece,
    piece_decide,
    piece_edit,
    piece_history,
    piece_images,
    piece_merge,
    piece_sections,
    planner,
    planner_board,
    planner_cluster,
    planner_clusters,
    planner_import,
    planner_keywords,
    publication,
    publications,
    publish,
    publishing_switch,
    review,
    run,
    run_log,
    runs,
    search,
    second_factor,
    settings_brand,
    settings_models,
    settings_notices,
    settings_prompts,
    settings_retention,
    settings_signing,
    settings_site,
    settings_tools,
    settings_undo,
    settings_webhooks,
    settings_workspace,
    sign_in,
    site_given,
    site_import,
    site_own,
    site_settings,
    sites,
    start,
    studio,
    theme,
    tonight,
    tonight_cost,
    topics,
    twin,
    video,
    video_decide,
    video_files,
    video_scenes,
    video_whole,
    welcome,
)
from nightdesk.faces.web.identity import Identity
from nightdesk.faces.web.limits import Limits
from nightdesk.faces.web.packing import Packing
from nightdesk.faces.web.rendering import Templates
from nightdesk.faces.web.shell import BodyLimit, OwnPagesOnly, Shell

PAGES = (
    tonight,
    tonight_cost,
    settings_site,
    settings_workspace,
    settings_brand,
    settings_prompts,
    credits,
    credits_ledger,
    people,
    people_keys,
    people_book,
    me,
    second_factor,
    welcome,
    settings_models,
    settings_notices,
    settings_retention,
    settings_webhooks,
    settings_tools,
    settings_signing,
    review,
    piece,
    piece_decide,
    piece_edit,
    piece_merge,
    piece_images,
    piece_sections,
    piece_history,
    media,
    library,
    library_video,
    sites,
    site_import,
    site_settings,
    site_given,
    site_own,
    settings_undo,
    auto_mode,
    auto_mode_rules,
    line,
    line_control,
    line_settings,
    planner,
    planner_keywords,
    planner_clusters,
    planner_cluster,
    planner_import,
    planner_board,
    documents,
    topics,
    feeds,
    studio,
    twin,
    video,
    video_whole,
    video_scenes,
    video_decide,
    video_files,
    calendar,
    publications,
    publication,
    publish,
    publishing_switch,
    insights,
    accounts,
    account_connect,
    account_consent,
    account,
    runs,
    run,
    run_log,
    start,
    sign_in,
    invitation,
    search,
    badges,
    theme,
    live,
)
"""Every page: a module with its `ROUTES`."""


class Pages(Starlette):
    """The application inside its shell, so that even the answer to a fault has what every answer has."""

    def build_middleware_stack(self) -> ASGIApp:
        return Shell(super().build_middleware_stack())


def make_pages(desk: Desk, version: str) -> Starlette:
    """The application over one desk, whose stream of events somebody else opens."""
    files = assets.load()
    routes: list[Route | Mount] = [route for module in PAGES for route in module.ROUTES]
    paths = {route.path for route in routes if isinstance(route, Route)}
    app = Pages(routes=[*routes, Mount("/static", files)])
    app.state.desk = desk
    app.state.places = navigation.existing(paths)
    app.state.templates = Templates(files, desk.health.clock, version)
    faults.install(app)
    layers: tuple[tuple[Any, dict[str, Any]], ...] = (
        (Limits, {"pace": desk.pace, "pages": app}),
        (Identity, {"caller_of": desk.sessions.whoever}),
        (faults.DatabaseAway, {"pages": app}),
        (BodyLimit, {}),
        (OwnPagesOnly, {}),
        (Packing, {}),
    )
    for layer, facts in layers:
        app.add_middleware(layer, **facts)
    return app
