"""Words that mean something to ffmpeg, ASS, SubRip, WebVTT, HTML or a shell, and are to be shown as such."""

WORDS: dict[str, str] = {
    "quotes": "\"quoted\" 'and' `so`",
    "colons and commas": "it's:,;[x]=1:text",
    "a filter's figures": "100%{eif} %{pts} %{localtime}",
    "a filter's way out": "a',drawtext=textfile=/etc/passwd,scale='1",
    "marks of ASS": r"{\fs4}A {\pos(0,0)}B",
    "a drawing of ASS": r"{\p1}m 0 0 l 100 0 100 100{\p0}",
    "breaks of ASS": r"a\Nb a\nb a\hb",
    "an event of ASS": "x Dialogue: 0,0:00:00.00,9:00:00.00,Default,,0,0,0,,owned",
    "an arrow of SubRip": "1 --> 00:00:00,000 --> 09:00:00,000 owned",
    "tags": "<b>bold</b> <script>alert(1)</script> <v Bob>",
    "entities": "&lt;b&gt; &amp; &#60;",
    "a note of WebVTT": "NOTE owned STYLE ::cue { } WEBVTT",
    "a shell's orders": "$(touch /tmp/x) `id` ; rm -rf / | cat && :",
    "paths": "../../etc/passwd file:///etc/passwd C:\\con",
    "a pattern": "%d %05d %s %n *?[a-z]",
    "emoji": "Worms 🪱 eat 👩\u200d🌾 leaves 🇩🇪",
    "only emoji": "🪱🪱 👍🏽",
    "signs that turn text": "photo\u202egnp.exe \u2066x\u2069",
    "another direction": "دودة الأرض تأكل الأوراق",
    "both directions": "ABC دودة 123 الأرض",
    "no spaces": "堆肥桶在阳台上需要水和空气",
    "one long word": "w" * 400,
    "ten thousand words": "word " * 10_000,
    "letters upon letters": "Z" + "\u0351" * 80 + "algo",
    "a broken line": "one\ntwo\r\nthree\u2028four\x0bfive",
    "control characters": "a\x00b\x07c\x1b[31md\x7fe",
    "half a pair": "a\ud83db",
    "letters of no font": "\U0001d51e \ue000 \U0010ffff",
    "nothing": "",
    "spaces": " \t\u00a0\u3000 ",
}

SAID_BY_NOBODY = ("only emoji", "nothing", "spaces")
"""In which there is nothing to say."""

LONG: dict[str, tuple[str, str]] = {
    "twenty thousand letters without a break": ("w" * 20_000, ""),
    "a hundred thousand characters": ("A heap warms itself up. " * 4_100, ""),
    "more than a hundred thousand": ("word " * 30_000, "This text is longer than 100,000 characters"),
}
"""What is read aloud, with the words that it is refused with, if it is."""
