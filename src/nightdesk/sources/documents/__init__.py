"""Takes in documents that articles may cite: files and pages of text, Markdown and HTML."""

from nightdesk.sources.documents.document import Document, DocumentRefused
from nightdesk.sources.documents.passages import split_passages
from nightdesk.sources.documents.reading import read_file, read_page

__all__ = ["Document", "DocumentRefused", "read_file", "read_page", "split_passages"]
