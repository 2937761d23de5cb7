"""The bill of materials: whole, from the locks; and what is known of its components is asked for and told."""

import importlib.util
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load() -> Any:
    spec = importlib.util.spec_from_file_location("components", ROOT / "tools" / "components.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tool = load()


class Osv(BaseHTTPRequestHandler):
    """Knows something of jinja2 alone."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        results = [
            {"vulns": [{"id": "GHSA-1"}, {"id": "PYSEC-2"}]} if "/jinja2@" in one["package"]["purl"] else {}
            for one in asked["queries"]
        ]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"results": results}).encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def osv() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Osv) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_the_bill_of_materials_names_every_component_with_its_version_and_hashes():
    listed = tool.bill(tool.components())["components"]
    found = {one["name"]: one for one in listed}
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert len(listed) == sum("==" in line.split(";")[0] for line in lock.splitlines()) + 4
    assert found["starlette"]["purl"] == f"pkg:pypi/starlette@{version('starlette')}"
    assert found["htmx.org"]["purl"] == "pkg:npm/htmx.org@4.0.1"
    assert found["@tabler/core"]["licenses"] == [{"license": {"id": "MIT"}}]
    assert all(one["hashes"] for one in found.values() if one["purl"].startswith("pkg:pypi/"))


def test_every_locked_file_has_a_hash_and_no_address():
    for name in ("requirements.lock", "requirements-dev.lock"):
        lock = (ROOT / name).read_text("utf-8")
        assert all(one["hashes"] for one in tool.locked(lock)), name
        assert "://" not in lock


def test_what_is_known_of_a_component_is_told_by_its_name(osv: str):
    found = tool.components()
    (jinja,) = [one["purl"] for one in found if one["name"] == "jinja2"]
    assert tool.advisories(found, osv) == {jinja: ["GHSA-1", "PYSEC-2"]}


def test_nobody_who_answers_is_not_taken_for_nothing_known():
    with pytest.raises(OSError, match="refused"):
        tool.advisories(tool.components(), "http://127.0.0.1:9/")


@pytest.mark.prove
def test_nothing_is_known_of_any_component():
    found = tool.components()
    try:
        known = tool.advisories(found)
    except OSError as error:
        pytest.skip(f"OSV does not answer: {error}")
    print(f"\n{len(found)} components, with advisories: {known}")
    assert known == {}
