"""What an account of a YouTube channel consists of, and how its publisher is opened."""

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.http.guard import Guard
from nightdesk.media.platforms.limits import table
from nightdesk.publisher import Login
from nightdesk.publishers import deadlines
from nightdesk.publishers.calling import Caller
from nightdesk.publishers.fields import Field
from nightdesk.publishers.oauth import Endpoint, Tokens, refreshing
from nightdesk.publishers.youtube.api import API, TOKENS, Google, Limits
from nightdesk.publishers.youtube.metadata import PRIVACY, Usual
from nightdesk.publishers.youtube.publisher import YouTubePublisher

FIELDS = (
    Field(
        "client_id",
        "Client ID",
        "Of your own OAuth client in Google's console; it ends in .apps.googleusercontent.com.",
        pattern=r"[A-Za-z0-9._-]{10,200}",
    ),
    Field(
        "client_secret",
        "Client secret",
        "Of the same client.",
        secret=True,
        pattern=r"[\x21-\x7e]{10,200}",
    ),
    Field(
        "refresh_token",
        "Refresh token",
        "For the scopes youtube.upload and youtube.force-ssl.",
        secret=True,
        pattern=r"[\x21-\x7e]{10,2000}",
    ),
    Field(
        "privacy",
        "Who sees its videos",
        "public, unlisted or private.",
        required=False,
        pattern="|".join(PRIVACY),
        default=PRIVACY[0],
    ),
    Field(
        "made_for_kids",
        "Made for kids",
        "yes or no; what the law of the United States (COPPA) asks of whoever uploads.",
        required=False,
        pattern="yes|no",
        default="no",
    ),
    Field(
        "category",
        "Category",
        "A number of YouTube's, such as 25 (News & Politics) or 28 (Science & Technology).",
        required=False,
        pattern=r"[0-9]{1,3}",
        default=Usual.category,
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


def opened(login: Login, guard: Guard, clock: Clock, limits: Limits | None = None) -> YouTubePublisher:
    """The publisher of one account. Raises `NeedsPerson` where the account lacks something."""
    client = str(login.config.get("client_id", ""))
    if not (client and login.secrets.get("client_secret") and login.secrets.get("refresh_token")):
        raise NeedsPerson("The account needs a client's ID and secret, and a refresh token.")
    bounds = deadlines.kept_to(login.config, limits or Limits())
    root = str(login.config.get("api") or API)
    caller = Caller(guard, clock, name="youtube", title="YouTube", seconds=bounds.call)
    endpoint = Endpoint(TOKENS if root == API else f"{root.rstrip('/')}/token", "Google")
    tokens = Tokens(login, refreshing(caller, endpoint, client, clock), clock)
    usual = Usual(
        str(login.config.get("privacy") or PRIVACY[0]),
        login.config.get("made_for_kids") == "yes",
        str(login.config.get("category") or Usual.category),
    )
    return YouTubePublisher(Google(root, caller, tokens, clock, bounds), usual, table()["youtube"])
