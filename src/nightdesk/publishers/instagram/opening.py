"""What an account of Instagram consists of, and how its publisher is opened."""

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.http.guard import Guard
from nightdesk.media.platforms.limits import table
from nightdesk.publisher import Login
from nightdesk.publishers import deadlines
from nightdesk.publishers.calling import Caller
from nightdesk.publishers.fields import Field
from nightdesk.publishers.instagram.entry import Entry
from nightdesk.publishers.instagram.graph import API, Graph, Limits
from nightdesk.publishers.instagram.publisher import InstagramPublisher

FIELDS = (
    Field(
        "user",
        "Number of the Instagram account",
        "Of a professional account; its Page names it as instagram_business_account.id.",
        pattern=r"[0-9]{5,25}",
    ),
    Field(
        "access_token",
        "Access token",
        "A long-lived one of the Facebook user or the Page, with instagram_basic, instagram_content_publish "
        "and pages_read_engagement; for first comments with instagram_manage_comments too.",
        secret=True,
        pattern=r"[A-Za-z0-9_.|-]{10,1000}",
    ),
    Field(
        "client_id",
        "App's number",
        "With it and the secret the desk exchanges the token by itself before its 60 days end.",
        required=False,
        pattern=r"[0-9]{5,25}",
    ),
    Field("client_secret", "App's secret", secret=True, required=False, pattern=r"[A-Za-z0-9]{16,100}"),
    Field(
        "comments",
        "Ask to write comments",
        "yes asks Meta for instagram_manage_comments too, for first comments, when you consent there.",
        required=False,
        pattern="yes|no",
        default="no",
    ),
    Field(
        "api",
        "Address of the interface",
        "Stays as it is, but for its version and for trials.",
        required=False,
        pattern=r"https?://[^\s?#@\\]{1,200}",
        default=API,
        seldom=True,
    ),
    *deadlines.FIELDS,
)


def opened(login: Login, guard: Guard, clock: Clock, limits: Limits | None = None) -> InstagramPublisher:
    """The publisher of one account. Raises `NeedsPerson` where the account lacks something."""
    user = str(login.config.get("user", ""))
    if not (user and login.secrets.get("access_token")):
        raise NeedsPerson("The account needs the number of the Instagram account and an access token.")
    bounds = deadlines.kept_to(login.config, limits or Limits())
    api = str(login.config.get("api") or API)
    caller = Caller(guard, clock, name="instagram", title="Instagram", seconds=bounds.call)
    entry = Entry(api, login, caller, clock)
    graph = Graph(api, caller, entry, clock, bounds)
    return InstagramPublisher(graph, user, table()["instagram"])
