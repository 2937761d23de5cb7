"""The child that finds the article in a page of HTML: UTF-8 on its input, JSON on its output.

Run by path in a process of its own with limits, because a page can be made to take any time and memory.
"""

import json
import sys

import trafilatura


def extracted(page: str, url: str | None) -> dict[str, str | None]:
    """The main text as Markdown without links (None if there is none), and what the page says of itself."""
    found = trafilatura.bare_extraction(
        page,
        url=url or None,
        include_comments=False,
        include_tables=True,
        include_formatting=True,
        with_metadata=True,
    )
    names = ("text", "title", "author", "date", "image")
    return {name: None if found is None else getattr(found, name) for name in names}


def main() -> None:
    page = sys.stdin.buffer.read().decode("utf-8", "replace")
    answer = extracted(page, sys.argv[1] if len(sys.argv) > 1 else None)
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
