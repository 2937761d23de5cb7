"""T7: over all platforms and faults no piece comes out twice, and each ends live, or held, or refused."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_no_piece_comes_out_twice_under_any_fault_of_any_platform() -> None:
    command = [sys.executable, str(ROOT / "tools" / "publish_matrix.py")]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=800, check=False)
    print(f"\n{ended.stdout[-3000:]}")
    assert ended.returncode == 0, ended.stdout[-6000:] + ended.stderr[-3000:]
