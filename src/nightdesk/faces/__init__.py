"""Ways in: command line, API, pages, tool server."""
