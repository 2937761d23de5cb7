"""An article's way from a writer's Markdown to clean HTML, Markdown and JSON-LD; start at `page.render`."""
