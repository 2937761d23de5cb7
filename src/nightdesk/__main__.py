"""Where the `nightdesk` command begins."""

from nightdesk.faces.cli import app


def main() -> None:
    app()


if __name__ == "__main__":
    main()
