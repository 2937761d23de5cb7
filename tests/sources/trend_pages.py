"""What the places that tell trends answer, in the shapes that they have."""

import json

GOOGLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<rss xmlns:atom="http://www.w3.org/2005/Atom" xmlns:ht="https://trends.google.com/trending/rss" version="2.0">
<channel><title>Daily Search Trends</title><link>https://trends.google.com/trending/rss?geo=DE</link>
<item><title>first frost</title><ht:approx_traffic>500+</ht:approx_traffic><description></description>
<link>https://trends.google.com/trending/rss?geo=DE</link><pubDate>Thu, 19 Nov 2026 22:10:00 -0800</pubDate>
<ht:news_item>
<ht:news_item_title>First frost &amp; what it means for roses</ht:news_item_title></ht:news_item>
</item>
<item><title>storage heaters</title><ht:approx_traffic>20K+</ht:approx_traffic><description></description>
<link>https://trends.google.com/trending/rss?geo=DE</link><pubDate>Thu, 19 Nov 2026 20:00:00 -0800</pubDate>
</item>
</channel></rss>"""

HACKERNEWS = json.dumps(
    {
        "hits": [
            {
                "title": "Show HN: a heat pump log",
                "url": "https://a.test/1",
                "points": 40,
                "created_at_i": 1795000000,
            },
            {"title": "PostgreSQL 19 is out", "url": "https://b.test/2", "points": 900, "story_text": None},
            {"title": "Ask HN: quiet fans?", "url": None, "points": 70, "story_text": "Which <b>fan</b>?"},
            {"title": None, "points": None},
            {"title": "A link that is none", "url": "javascript:alert(1)", "points": 1},
        ]
    }
).encode()

REDDIT = b"""<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">
<title>gardening</title><id>/r/gardening/hot/.rss</id><updated>2026-11-20T08:00:00+00:00</updated>
<entry><title>My compost steams in the frost</title><id>t3_a</id><updated>2026-11-20T08:00:00+00:00</updated>
<link href="https://www.reddit.com/r/gardening/comments/a/"/>
<content type="html">&lt;p&gt;60 degrees!&lt;/p&gt;</content>
</entry>
<entry><title>Which mulch for roses?</title><id>t3_b</id><updated>2026-11-20T07:00:00+00:00</updated>
<link href="https://www.reddit.com/r/gardening/comments/b/"/></entry></feed>"""
