"""The allow-list that every piece of HTML passes before it is stored and again before it is shown."""

import re

import nh3

TAGS = frozenset(
    {
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "figcaption",
        "figure",
        "hr",
        "img",
        "li",
        "ol",
        "p",
        "pre",
    }
    | {"h2", "h3", "h4", "h5", "h6", "section", "strong", "sup"}
    | {"table", "tbody", "td", "th", "thead", "tr", "ul"}
)
SILENT = frozenset(
    {
        "script",
        "style",
        "template",
        "noscript",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "title",
        "textarea",
    }
    | {"noembed", "noframes", "xmp", "plaintext", "select", "audio", "video", "form", "button"}
)
"""Elements that go with all that is in them: their content is not for reading."""
_ATTRIBUTES = {
    "a": {"href", "title", "id"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start"},
    "li": {"id"},
    "sup": {"id"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
_CLASSES = {
    "section": {"sources"},
    "sup": {"citation"},
    "figure": {"picture", "featured"},
    "td": {"align-left", "align-right", "align-center"},
    "th": {"align-left", "align-right", "align-center"},
}
# Prefixes keep an id from shadowing a property of the page it is put into.
_ID = re.compile(r"(?:h|source|cite)-[\w-]{1,80}")
_INSIDE = re.compile(r"#(?:h|source|cite)-[\w-]{1,80}")
_LOCAL = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f]*")
_NUMBER = re.compile(r"\d{1,5}")


def clean(html: str) -> str:
    """The HTML with nothing in it that could run, load from another host, or take part in a page's script.

    Links may lead to http(s), to a path of the same site and to an anchor of ours; pictures come from the
    same site alone.
    """
    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=set(SILENT),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_judged,
        allowed_classes={tag: set(names) for tag, names in _CLASSES.items()},
        url_schemes={"http", "https"},
        link_rel=None,
        strip_comments=True,
    )


def _judged(_: str, name: str, value: str) -> str | None:
    """The attribute's value, or None to leave the attribute out."""
    if name == "id":
        return value if _ID.fullmatch(value) else None
    if name in {"width", "height", "start"}:
        return value if _NUMBER.fullmatch(value) else None
    if name == "loading":
        return "lazy"
    if name == "src":
        return value if _LOCAL.fullmatch(value) else None
    if name == "href" and not value.lower().startswith(("http://", "https://")):
        return value if _LOCAL.fullmatch(value) or _INSIDE.fullmatch(value) else None
    return value
