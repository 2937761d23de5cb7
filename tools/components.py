"""Prints what Nightdesk is made of, as a CycloneDX 1.6 bill; `--advisories` asks what is known of it.

From requirements.lock, and from the table of what is vendored for the pages. Advisories are those of OSV
(https://osv.dev), asked for in one request; it ends with 1 where there is one, with 2 where nobody answers.
"""

import json
import re
import sys
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
VENDORED = ROOT / "src" / "nightdesk" / "faces" / "web" / "static" / "vendor" / "README.md"
OSV = "https://api.osv.dev/v1/querybatch"

_LOCKED = re.compile(r"^([\w.-]+)==([^\s;\\]+)(.*?)(?=^[\w.-]+==|\Z)", re.MULTILINE | re.DOTALL)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_ROW = re.compile(r"^\| `[^|]*` \| `([^`]+)`[^|]*\| ([\d.]+) \| ([^|]+?) \|$", re.MULTILINE)


def locked(text: str) -> list[dict[str, Any]]:
    """The packages of a lock file, each with the hashes of its files."""
    return [
        {
            "type": "library",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
            "hashes": [{"alg": "SHA-256", "content": one} for one in _HASH.findall(rest)],
        }
        for name, version, rest in _LOCKED.findall(text)
    ]


def vendored(text: str) -> list[dict[str, Any]]:
    """The packages of the table of what is vendored."""
    return [
        {
            "type": "library",
            "name": name,
            "version": version,
            "purl": f"pkg:npm/{name.replace('@', '%40')}@{version}",
            "licenses": [{"license": {"id": licence}}],
        }
        for name, version, licence in _ROW.findall(text)
    ]


def components() -> list[dict[str, Any]]:
    found = locked((ROOT / "requirements.lock").read_text("utf-8"))
    return found + vendored(VENDORED.read_text("utf-8"))


def bill(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "nightdesk"}},
        "components": found,
    }


def advisories(found: list[dict[str, Any]], address: str = OSV) -> dict[str, list[str]]:
    """The ids of what is known of components, by their purl. Raises `OSError`, `ValueError`."""
    asked = {"queries": [{"package": {"purl": one["purl"]}} for one in found]}
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(address, json.dumps(asked).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        results = json.load(answer)["results"]
    if len(results) != len(found):
        raise ValueError(f"{len(found)} components were asked for, {len(results)} were answered")
    return {
        one["purl"]: [known["id"] for known in result["vulns"]]
        for one, result in zip(found, results, strict=True)
        if result.get("vulns")
    }


def main(words: list[str]) -> int:
    found = components()
    if words != ["--advisories"]:
        print(json.dumps(bill(found), indent=2))
        return 0
    try:
        known = advisories(found)
    except (OSError, ValueError, KeyError) as error:
        print(f"Nothing is known of {len(found)} components: OSV does not answer ({error}).")
        return 2
    for purl, ids in known.items():
        print(f"{purl}: {', '.join(ids)}")
    print(f"{len(found)} components, {len(known)} with advisories.")
    return 1 if known else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
