"""What an account of X consists of, and how its publisher is opened."""

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.http.guard import Guard
from nightdesk.publisher import Login
from nightdesk.publishers import deadlines
from nightdesk.publishers.fields import Field
from nightdesk.publishers.short_post import MOST
from nightdesk.publishers.x.calls import API, Limits, X
from nightdesk.publishers.x.publisher import XPublisher
from nightdesk.publishers.x.results import COST, CountedX

FIELDS = (
    Field(
        "client_id",
        "Client ID",
        "Of your app in the X developer console, under User authentication settings, OAuth 2.0.",
        pattern=r"[\x21-\x7e]{5,200}",
    ),
    Field(
        "client_secret",
        "Client secret",
        "Of the same app; an app of the type Native App has none.",
        secret=True,
        required=False,
        pattern=r"[\x21-\x7e]{5,300}",
    ),
    Field(
        "refresh_token",
        "Refresh token",
        "Given for the app with tweet.read, tweet.write, users.read, media.write and offline.access.",
        secret=True,
        pattern=r"[\x21-\x7e]{5,1000}",
    ),
    Field(
        "access_token",
        "Access token",
        "Only where there is no refresh token; it ends after two hours.",
        secret=True,
        required=False,
        pattern=r"[\x21-\x7e]{5,2000}",
    ),
    Field(
        "characters",
        "Characters of a post",
        "280, unless the account pays for longer posts.",
        pattern=r"[1-9]\d{1,4}",
        default=str(MOST),
    ),
    Field(
        "results",
        "Read results",
        f"`yes` to read how posts did: X charges about ${COST:g} for each of five readings a post.",
        required=False,
        pattern="yes|no",
        default="no",
    ),
    Field(
        "api",
        "Address of the interface",
        "Stays as it is, but for trials.",
        required=False,
        pattern=r"https?://[^\s?#@\\]{1,200}",
        default=API,
        seldom=True,
    ),
    *deadlines.FIELDS,
)


def opened(
    login: Login, guard: Guard, clock: Clock, limits: Limits | None = None, api: str = ""
) -> XPublisher:
    """The publisher of one account. Raises `NeedsPerson` where the account lacks something."""
    if not login.config.get("client_id"):
        raise NeedsPerson("The account needs the client ID of an app of yours in the X developer console.")
    if not (login.secrets.get("refresh_token") or login.secrets.get("access_token")):
        raise NeedsPerson("The account is not logged in to X: connect it again.")
    characters = str(login.config.get("characters") or MOST)
    if not characters.isdecimal():
        raise NeedsPerson("The account's number of characters of a post must be a number.")
    root = api or str(login.config.get("api") or API)
    kind = CountedX if login.config.get("results") == "yes" else XPublisher
    bounds = deadlines.kept_to(login.config, limits or Limits())
    return kind(X(login, guard, clock, bounds, root), clock, int(characters))
