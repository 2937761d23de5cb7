"""A fake WordPress: the routes of its REST interface that a publisher needs, answered as 6.1 does."""

import base64
import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nightdesk.kit.clock import Clock
from nightdesk.rehearsal.messages import Answer, Request
from nightdesk.rehearsal.platform import FakePlatform, Post
from nightdesk.rehearsal.wordpress_shapes import (
    RIGHTS,
    User,
    complaint,
    media_shape,
    post_shape,
    sanitized,
    term_shape,
    user_shape,
)

PASSWORD = "abcd EFGH ijkl MNOP qrst UVWX"  # noqa: S105
"""Everybody's application password there."""

Act = Callable[[Request, User, str, int], Answer]
"""Answers a request of a user, for a kind of thing and its number, 0 for none."""

_TAKEN = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")
_NUMBERED = re.compile(r"wp/v2/(\w+)/(\d+)")


@dataclass
class Text:
    """A post, draft or not. `was` is the status that a late look shows, None for not at all."""

    id: int
    author: User
    facts: dict[str, Any] = field(default_factory=dict)
    status: str = "draft"
    was: str | None = None


class FakeWordPress(FakePlatform):
    """A site with a user for each role, called as the role is."""

    name = "wordpress"

    def __init__(self, clock: Clock | None = None, roles: Mapping[str, Sequence[str]] = RIGHTS) -> None:
        super().__init__(clock)
        self.users = [
            User(number, role, tuple(rights)) for number, (role, rights) in enumerate(roles.items(), 1)
        ]
        self.texts: dict[int, Text] = {}
        self.files: dict[int, dict[str, Any]] = {}
        self.comments: dict[int, int] = {}
        """How many stand under a post, by its number."""
        self.terms: dict[str, dict[int, str]] = {"categories": {1: "Uncategorized"}, "tags": {}}
        self.readable_addresses = True
        self.revoked: set[str] = set()

    def posts(self) -> Sequence[Post]:
        return [
            Post(str(text.id), text.author.role, self.link(text), text.facts["title"], text.facts["content"])
            for text in self.texts.values()
            if text.status == "publish"
        ]

    def link(self, text: Text) -> str:
        """Where people find it."""
        slug = text.facts.get("slug")
        return (
            f"{self.address}/{slug}/" if slug and text.status == "publish" else f"{self.address}/?p={text.id}"
        )

    def refusal(self, fault: str, request: Request) -> Answer:
        if fault == "expired" and (user := self._user(request)):
            self.revoked.add(user.role)
        if fault == "busy":
            says = b"<p>Briefly unavailable for scheduled maintenance. Check back in a minute.</p>"
            return Answer(503, says, {"Content-Type": "text/html", "Retry-After": "600"})
        if fault == "too_many":
            return Answer(429, b"Too Many Requests", {"Retry-After": str(self.retry_after)})
        return complaint(
            *{
                "forbidden": ("rest_forbidden", "Sorry, you are not allowed to do that.", 403),
                "quota": ("rest_upload_limited_space", "Not enough space to upload. 5 KB needed.", 400),
                "taken_then_500": (
                    "internal_server_error",
                    "<p>There has been a critical error on this website.</p>",
                    500,
                ),
            }.get(fault, ("rest_not_logged_in", "You are not currently logged in.", 401))
        )

    async def answer(self, request: Request) -> Answer:
        route = self._route(request)
        if route is None:
            link = f"{self.address}/wp-json/" if self.readable_addresses else f"{self.address}/?rest_route=/"
            return Answer(200, b"<title>Night press</title>", {"Link": f'<{link}>; rel="https://api.w.org/"'})
        if not route:
            return Answer.of({"name": "Night press", "url": self.address, "namespaces": ["wp/v2"]})
        user = self._user(request)
        if user is None and ("authorization" in request.headers or route == "wp/v2/users/me"):
            return complaint("rest_not_logged_in", "You are not currently logged in.", 401)
        numbered = _NUMBERED.fullmatch(route)
        kind, number = (numbered[1], int(numbered[2])) if numbered else (route.removeprefix("wp/v2/"), 0)
        act = self._acts().get((request.method, kind, bool(numbered)))
        if act is None:
            return complaint("rest_no_route", "No route was found matching the URL and request method.", 404)
        return act(request, user or User(0, "nobody", ()), kind, number)

    def _acts(self) -> dict[tuple[str, str, bool], Act]:
        terms: dict[tuple[str, str, bool], Act] = {}
        terms |= {("GET", kind, False): self._search_terms for kind in self.terms}
        terms |= {("POST", kind, False): self._add_term for kind in self.terms}
        terms |= {("GET", kind, True): self._show_term for kind in self.terms}
        writing = {(method, "posts", True): self._write for method in ("POST", "PUT", "PATCH")}
        return {
            ("GET", "users/me", False): lambda _request, user, _kind, _number: Answer.of(user_shape(user)),
            ("GET", "media", False): self._search_files,
            ("POST", "media", False): self._upload,
            ("GET", "posts", False): self._search,
            ("GET", "comments", False): self._list_comments,
            ("GET", "posts", True): self._show,
            ("POST", "posts", False): self._write,
            ("DELETE", "posts", True): self._delete,
            **terms,
            **writing,
        }

    def _route(self, request: Request) -> str | None:
        """The route that is asked for; None for a page of the site."""
        if "rest_route" in request.query:
            return request.query["rest_route"].strip("/")
        path = request.path.removeprefix("/wp-json")
        return path.strip("/") if self.readable_addresses and path != request.path else None

    def _user(self, request: Request) -> User | None:
        kind, _, told = request.headers.get("authorization", "").partition(" ")
        if kind != "Basic":
            return None
        name, _, password = base64.b64decode(told).decode().partition(":")
        good = password.replace(" ", "") == PASSWORD.replace(" ", "") and name not in self.revoked
        return next((user for user in self.users if user.role == name and good), None)

    def _search_files(self, request: Request, *_: object) -> Answer:
        slug = request.query.get("slug")
        found = [file for file in self.files.values() if slug in (None, file["slug"])]
        return Answer.of([media_shape(file, self.address) for file in found])

    def _upload(self, request: Request, user: User, *_: object) -> Answer:
        if "upload_files" not in user.rights:
            says = "Sorry, you are not allowed to create posts as this user."
            return complaint("rest_cannot_create", says, 403)
        named = re.search(r'filename="([^"]+)"', request.headers.get("content-disposition", ""))
        if named is None or not request.body.startswith(_TAKEN):
            says = "Sorry, you are not allowed to upload this file type."
            return complaint("rest_upload_sideload_error", says, 500)
        slug = request.query.get("slug") or named[1].rpartition(".")[0]
        taken = {file["slug"] for file in self.files.values()}
        number = self.number()
        slug = slug if slug not in taken else f"{slug}-{number}"
        facts = {"id": number, "slug": slug, "file": named[1], "author": user.number}
        facts["alt_text"] = request.query.get("alt_text", "")
        self.files[number] = facts
        return Answer.of(media_shape(facts, self.address), 201)

    def _search_terms(self, request: Request, _user: User, kind: str, _number: int) -> Answer:
        # Names lie there with their `&` written out, and are searched so, without regard to capitals.
        wished = request.query.get("search", "").casefold()
        found = {number: name for number, name in self.terms[kind].items() if wished in name.casefold()}
        return Answer.of([term_shape(number, name) for number, name in found.items()])

    def _show_term(self, _request: Request, _user: User, kind: str, number: int) -> Answer:
        if number not in self.terms[kind]:
            return complaint("rest_term_invalid", "Term does not exist.", 404)
        return Answer.of(term_shape(number, self.terms[kind][number]))

    def _add_term(self, request: Request, user: User, kind: str, _number: int) -> Answer:
        if ("manage_categories" if kind == "categories" else "edit_posts") not in user.rights:
            says = "Sorry, you are not allowed to create terms in this taxonomy."
            return complaint("rest_cannot_create", says, 403)
        name = html.escape(str(request.json().get("name", "")), quote=False)
        for number, known in self.terms[kind].items():
            if known.casefold() == name.casefold():
                says = "A term with the name provided already exists in this taxonomy."
                return complaint("term_exists", says, 400, term_id=number)
        number = self.number()
        self.terms[kind][number] = name
        return Answer.of(term_shape(number, name), 201)

    def _search(self, request: Request, user: User, *_: object) -> Answer:
        statuses = set(request.query.get("status", "publish").split(","))
        if statuses != {"publish"} and "edit_posts" not in user.rights:
            says = "Status is forbidden."
            return complaint("rest_invalid_param", says, 400)
        word = request.query.get("search", "")
        found = []
        wanted = set(request.query.get("include", "").split(",")) - {""}
        for text in self.texts.values():
            if wanted and str(text.id) not in wanted:
                continue
            shown = self._shown(text)
            listed = shown in statuses or ("any" in statuses and shown != "trash")
            words = f"{text.facts.get('title')} {text.facts.get('content')}"
            if shown is not None and listed and word in words and self._may_see(text, user):
                found.append(post_shape(text, shown, self.link(text)))
        return Answer.of(found)

    def _list_comments(self, request: Request, *_: object) -> Answer:
        wanted = [int(one) for one in request.query.get("post", "").split(",") if one.isdecimal()]
        most = int(request.query.get("per_page", "10"))
        found = [(post, number) for post in wanted for number in range(self.comments.get(post, 0))]
        shown = [{"id": post * 100_000 + number, "post": post} for post, number in found[:most]]
        return Answer.of(shown, X_WP_Total=str(len(found)))

    def _show(self, _request: Request, user: User, _kind: str, number: int) -> Answer:
        text = self.texts.get(number)
        shown = self._shown(text) if text else None
        if text is None or shown is None:
            return complaint("rest_post_invalid_id", "Invalid post ID.", 404)
        if not self._may_see(text, user):
            return complaint("rest_forbidden", "Sorry, you are not allowed to do that.", 403)
        return Answer.of(post_shape(text, shown, self.link(text)))

    def _shown(self, text: Text) -> str | None:
        """The status that this look shows."""
        return text.status if self.shows(text.id) else text.was

    def _may_see(self, text: Text, user: User) -> bool:
        return text.author == user or "edit_others_posts" in user.rights

    def _write(self, request: Request, user: User, _kind: str, number: int) -> Answer:
        asked = request.json()
        text = self.texts.get(number)
        if number and text is None:
            return complaint("rest_post_invalid_id", "Invalid post ID.", 404)
        if "edit_posts" not in user.rights:
            says = "Sorry, you are not allowed to create posts as this user."
            return complaint("rest_cannot_create", says, 403)
        if asked.get("status") in ("publish", "future", "private") and "publish_posts" not in user.rights:
            says = "Sorry, you are not allowed to publish posts in this post type."
            return complaint("rest_cannot_publish", says, 403)
        new = text is None
        text = text or Text(self.number(), user, {"title": "", "content": ""})
        text.was = None if new else text.status
        # A category that is not there is left out, and nothing is said of it.
        if "categories" in asked:
            asked["categories"] = [one for one in asked["categories"] if one in self.terms["categories"]]
        text.facts |= sanitized(asked, "unfiltered_html" in user.rights)
        text.status = asked.get("status", text.status)
        self.texts[text.id] = text
        self.made(text.id)
        return Answer.of(post_shape(text, text.status, self.link(text)), 201 if new else 200)

    def _delete(self, request: Request, _user: User, _kind: str, number: int) -> Answer:
        text = self.texts.get(number)
        if text is None:
            return complaint("rest_post_invalid_id", "Invalid post ID.", 404)
        if request.query.get("force") == "true":
            del self.texts[number]
            return Answer.of({"deleted": True})
        text.was, text.status = text.status, "trash"
        return Answer.of(post_shape(text, "trash", self.link(text)))
