"""Puts the package of this checkout on its .venv's path, with its command and its metadata.

`pip install -e .` would fetch a build backend from outside the locked requirements; this needs nothing.
"""

import re
import shutil
import stat
import sys
import sysconfig
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    site = Path(sysconfig.get_paths()["purelib"])
    (site / "nightdesk.pth").write_text(f"{ROOT / 'src'}\n", "utf-8")
    for old in site.glob("nightdesk-*.dist-info"):
        shutil.rmtree(old)
    info = site / f"nightdesk-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: nightdesk\nVersion: {project['version']}\n", "utf-8"
    )
    (info / "INSTALLER").write_text("make\n", "utf-8")
    (info / "entry_points.txt").write_text(
        "[console_scripts]\nnightdesk = nightdesk.__main__:main\n", "utf-8"
    )
    (info / "RECORD").write_text("", "utf-8")
    command = Path(sysconfig.get_paths()["scripts"]) / "nightdesk"
    module, _, function = project["scripts"]["nightdesk"].partition(":")
    command.write_text(
        f"#!{re.sub(' ', chr(92) + ' ', sys.executable)}\n"
        f"import sys\n\nfrom {module} import {function}\n\nsys.exit({function}())\n",
        "utf-8",
    )
    command.chmod(command.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


if __name__ == "__main__":
    main()
