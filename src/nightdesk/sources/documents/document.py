"""What a source document is once it is read: plain text and where it comes from."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from nightdesk.kit.endings import Refused


@dataclass(frozen=True)
class Document:
    """A text that articles may cite.

    `text` is plain: blocks between blank lines, headings as lines beginning with `#`, list entries as lines
    beginning with `- ` or a number, table rows between bars; no other markup.
    `language` is an ISO 639-1 code, `image` the address of its picture, which nobody fetches for it. `kind`
    is `file`, `page` or `video`, and empty where its address says which.
    """

    title: str
    text: str
    url: str | None = None
    author: str | None = None
    published: date | None = None
    language: str | None = None
    image: str | None = None
    kind: str = ""

    @property
    def content_hash(self) -> str:
        """SHA-256 of the text, in hexadecimal: equal for the same text under another name."""
        return sha256(self.text.encode()).hexdigest()


class DocumentRefused(Refused):
    """This file or page cannot be read as a document.

    `code` is one of `empty`, `too_large`, `binary`, `not_a_document`, `no_text`, `too_complex`.
    """

    def __init__(self, code: str, why: str, kept: str | None = None) -> None:
        super().__init__(f"{why} ({code})", kept)
        self.code = code
