"""Lets tests of providers import the servers under `tests/servers`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
