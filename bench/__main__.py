"""All benches in order: `python -m bench`; each prints what it found beside what is to be reached.

Each runs in a process of its own, so that none pays for another's memory. The exit status is 1 where a
figure was not reached; a machine that does other work at the same time will not reach them all.
`python -m bench engine dispatch` runs those two.
"""

import argparse
import subprocess
import sys
import time

BENCHES = (
    "article_line",
    "grouping",
    "engine",
    "overview",
    "dispatch",
    "pages",
    "live_pages",
    "scraping",
    "render",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    names = parser.parse_args().names or BENCHES
    if unknown := [name for name in names if name not in BENCHES]:
        parser.error(f"there is no bench {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    began = time.monotonic()
    missed = [name for name in names if _run(name) != 0]
    print(f"\n{len(names)} benches in {time.monotonic() - began:.0f} s: ", end="")
    print(f"not all reached in {', '.join(missed)}." if missed else "every figure is reached.")
    return 1 if missed else 0


def _run(name: str) -> int:
    print(f"\n=== {name}", flush=True)
    return subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
