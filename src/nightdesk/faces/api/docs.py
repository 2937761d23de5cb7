"""The API's description: the OpenAPI document with every problem it answers, and a page to read it on."""

from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from nightdesk.faces.api.problems import KIND, TITLES, ProblemShown

OPENAPI = "/api/openapi.json"
PAGE = "/api/docs"
VIEWER = "/api/docs/rapidoc-min.js"
DESCRIPTION = """\
Send a key of your workspace as `Authorization: Bearer nd_…`. What cannot be done is answered by a problem
document (RFC 9457). A POST with an `Idempotency-Key` has its effect once, however often it is sent within a
day. `GET /api/v1/events` and `WS /ws/events` tell what happens as it happens; `/health`, `/ready` and
`/metrics` are open.
"""
STATIC = Path(__file__).parent / "static"
BODY = ("400", "409", "413", "415", "422")
METHODS = ("get", "put", "post", "patch", "delete")
REFERENCE = "#/components/schemas/Problem"
KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same request gets the same answer, and has its effect once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[\\x21-\\x7e]{1,200}$"},
}
EVENTS: dict[str, Any] = {
    "tags": ["events"],
    "summary": "Events",
    "description": "Server-sent events of the workspace, in order, each once.",
    "operationId": "events",
    "security": [{"HTTPBearer": []}],
    "parameters": [
        {
            "name": "Last-Event-ID",
            "in": "header",
            "description": "Go on after this event.",
            "schema": {"type": "integer", "minimum": 0},
        },
        {"name": "last_event_id", "in": "query", "schema": {"type": "integer", "minimum": 0}},
        {"name": "run_id", "in": "query", "schema": {"type": "string", "format": "uuid"}},
        {"name": "site_id", "in": "query", "schema": {"type": "integer", "minimum": 0}},
    ],
    "responses": {
        "200": {
            "description": "The stream.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
}
CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HTML = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Nightdesk API</title>
<script type="module" src="{VIEWER}"></script>
</head>
<body>
<rapi-doc spec-url="{OPENAPI}" load-fonts="false" render-style="read" show-header="false" theme="light"
 allow-authentication="true" allow-server-selection="false" allow-spec-url-load="false"
 allow-spec-file-load="false" persist-auth="false" schema-style="table"
 regular-font="system-ui, sans-serif" mono-font="ui-monospace, monospace"></rapi-doc>
<noscript>This page needs a script; the document itself is at <a href="{OPENAPI}">{OPENAPI}</a>.</noscript>
</body>
</html>
"""


def completed(schema: dict[str, Any]) -> dict[str, Any]:
    """The document with the problems of each operation, the key of repeats, and the stream."""
    shapes = schema.setdefault("components", {}).setdefault("schemas", {})
    shown = ProblemShown.model_json_schema(ref_template="#/components/schemas/{model}")
    shapes |= shown.pop("$defs", {}) | {"Problem": shown}
    for name in ("HTTPValidationError", "ValidationError"):
        shapes.pop(name, None)
    schema["paths"]["/api/v1/events"] = {"get": {**EVENTS, "responses": dict(EVENTS["responses"])}}
    for operations in schema["paths"].values():
        for method, operation in operations.items():
            if method in METHODS:
                _complete(method, operation)
    return schema


def _complete(method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]
    statuses = {"400", "401", "403", "404", "429", "503"}
    if "requestBody" in operation or method in ("post", "put", "patch"):
        statuses |= set(BODY)
    if any(parameter["in"] == "path" for parameter in operation.get("parameters", [])):
        statuses |= {"422"}
    if method == "delete":
        statuses |= {"409"}
    if method == "post":
        operation.setdefault("parameters", []).append(KEY_HEADER)
    for status in sorted(statuses):
        content = {KIND: {"schema": {"$ref": REFERENCE}}}
        responses.setdefault(status, {"description": TITLES[int(status)]}).setdefault("content", content)


async def page(_: Request) -> Response:
    return Response(HTML, media_type="text/html", headers={"Content-Security-Policy": CSP})


async def viewer(_: Request) -> Response:
    headers = {"Cache-Control": "public, max-age=86400"}
    return FileResponse(STATIC / "rapidoc-min.js", media_type="text/javascript", headers=headers)


ROUTES: tuple[BaseRoute, ...] = (Route(PAGE, page), Route(VIEWER, viewer))
