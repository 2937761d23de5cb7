"""Prints the house's figures: sizes of files and functions, imports against the rule, broad excepts.

`make check` prints it; it fails where a figure is beyond what the house allows (docs/house.md).
"""

import ast
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "nightdesk"
FILE_MAX, FUNCTION_MAX = 500, 60
FILE_NINE_OF_TEN, FUNCTION_NINE_OF_TEN = 300, 30
BROAD_EXCEPTS = 1


def share(values: list[int], fraction: float) -> int:
    """The value that `fraction` of the values do not exceed."""
    return sorted(values)[max(int(len(values) * fraction) - 1, 0)]


def functions(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def broad(tree: ast.AST) -> int:
    """Handlers that catch everything."""
    wide = {"Exception", "BaseException"}
    return sum(
        1
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in wide))
    )


def alike() -> list[str]:
    """Names that two files of tests have, which cannot be collected together."""
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    return [name for name, count in names.items() if count > 1]


def main() -> int:
    files = sorted(SOURCE.rglob("*.py"))
    trees = {path: ast.parse(path.read_text("utf-8")) for path in files}
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in files}
    written = [count for count in lines.values() if count > 1]
    lengths = [(path, name, size) for path, tree in trees.items() for name, size in functions(tree)]
    sizes = [size for _, _, size in lengths]
    excepts = {path: broad(tree) for path, tree in trees.items() if broad(tree)}
    undocumented = [p for p, tree in trees.items() if not ast.get_docstring(tree)]
    linter = Path(sys.executable).with_name("lint-imports")
    against = subprocess.run([linter, "--no-cache"], capture_output=True, cwd=ROOT).returncode != 0
    rows = [
        ("files", len(files), ""),
        ("lines a file, median", int(statistics.median(written)), "50 to 100"),
        ("lines a file, nine of ten", share(written, 0.9), f"under {FILE_NINE_OF_TEN}"),
        ("lines a file, most", max(written), f"at most {FILE_MAX}"),
        ("functions", len(sizes), ""),
        ("lines a function, nine of ten", share(sizes, 0.9), f"under {FUNCTION_NINE_OF_TEN}"),
        ("lines a function, most", max(sizes), f"at most {FUNCTION_MAX}"),
        ("broad excepts", sum(excepts.values()), str(BROAD_EXCEPTS)),
        ("modules without a first sentence", len(undocumented), "0"),
        ("imports against the rule", "some" if against else 0, "0"),
    ]
    for name, value, allowed in rows:
        print(f"{name:36} {value!s:>8}   {allowed}")
    faults = [f"{path.relative_to(ROOT)}: {n} lines" for path, n in lines.items() if n > FILE_MAX]
    faults += [f"{p.relative_to(ROOT)}: {name} has {n} lines" for p, name, n in lengths if n > FUNCTION_MAX]
    faults += [f"{p.relative_to(ROOT)}: no first sentence" for p in undocumented]
    if sum(excepts.values()) > BROAD_EXCEPTS:
        faults += [f"{path.relative_to(ROOT)}: broad except" for path in excepts]
    faults += [f"{name}: two files of tests have that name" for name in alike()]
    if against:
        faults.append("imports against the rule: run lint-imports")
    for fault in faults:
        print("FAULT", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
