"""How a file is cut into the parts in which TikTok takes it."""

from dataclasses import dataclass

CHUNK = 16_000_000
"""Bytes of a part. TikTok takes 5 to 64 MB, a smaller file whole, 1,000 parts at the most, and lets the last
one be longer, up to 128 MB (https://developers.tiktok.com/doc/content-posting-api-media-transfer-guide)."""


@dataclass(frozen=True)
class Chunks:
    """The parts of a file of `size` bytes: each of `each` bytes, and the last with what is over."""

    size: int
    each: int
    count: int

    @classmethod
    def of(cls, size: int, each: int = CHUNK) -> "Chunks":
        """`each` is what they should have; a file that gives no two of them goes whole."""
        count = max(size // each, 1)
        return cls(size, size if count == 1 else each, count)

    def span(self, number: int) -> tuple[int, int]:
        """First byte of a part, counted from 0, and the byte after its last."""
        start = number * self.each
        return start, self.size if number == self.count - 1 else start + self.each

    def after(self, got: int) -> int:
        """Which part comes next where TikTok has so many bytes; the last one counts as not begun."""
        return min(got // self.each, self.count - 1)
