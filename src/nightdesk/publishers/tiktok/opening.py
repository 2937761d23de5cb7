"""What an account of TikTok consists of, and how its publisher is opened."""

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.http.guard import Guard
from nightdesk.media.platforms.limits import table
from nightdesk.publisher import Login
from nightdesk.publishers import deadlines
from nightdesk.publishers.calling import Caller
from nightdesk.publishers.fields import Field
from nightdesk.publishers.oauth import Endpoint, Tokens, refreshing
from nightdesk.publishers.tiktok.creators import PRIVACY
from nightdesk.publishers.tiktok.publisher import TikTokPublisher, Ways, mode_of
from nightdesk.publishers.tiktok.results import SCOPE, CountedTikTok
from nightdesk.publishers.tiktok.service import API, Limits, Service

FIELDS = (
    Field(
        "client_id",
        "App's client key",
        "Of your app at developers.tiktok.com.",
        pattern=r"[A-Za-z0-9_-]{8,64}",
    ),
    Field("client_secret", "App's client secret", secret=True, pattern=r"[A-Za-z0-9_-]{8,128}"),
    Field(
        "refresh_token",
        "Refresh token",
        "Of the account, with the scopes user.info.basic and video.upload, or video.publish for posts; "
        f"{SCOPE} to read results.",
        secret=True,
        pattern=r"[A-Za-z0-9_.!*~-]{8,600}",
    ),
    Field(
        "mode",
        "What it makes",
        "draft: a draft in the account's inbox, which a person posts in TikTok. direct: a post.",
        pattern="draft|direct",
        default="draft",
    ),
    Field(
        "privacy",
        "Who sees a post",
        f"One of {', '.join(PRIVACY)}. Apps that TikTok has not audited post as SELF_ONLY alone.",
        required=False,
        pattern="|".join(PRIVACY),
        default=PRIVACY[0],
    ),
    Field(
        "results",
        "Read results",
        f"`yes` to read how public posts did: the app then needs the right {SCOPE} at TikTok too, and an "
        "account that was connected before has to be connected again.",
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


def opened(login: Login, guard: Guard, clock: Clock, limits: Limits | None = None) -> TikTokPublisher:
    """The publisher of one account. Raises `NeedsPerson` where the account lacks something."""
    client = str(login.config.get("client_id", ""))
    if not (client and (login.secrets.get("refresh_token") or login.secrets.get("access_token"))):
        raise NeedsPerson("The account needs the app's client key and secret, and a refresh token.")
    mode = mode_of(login.config.get("mode") or "draft")
    bounds = deadlines.kept_to(login.config, limits or Limits())
    api = str(login.config.get("api") or API).rstrip("/")
    caller = Caller(guard, clock, name="tiktok", title="TikTok", seconds=bounds.call)
    endpoint = Endpoint(f"{api}/v2/oauth/token/", "TikTok", client="client_key")
    tokens = Tokens(login, refreshing(caller, endpoint, client, clock), clock)
    service = Service(api, caller, tokens, clock, bounds)
    ways = Ways(mode, str(login.config.get("privacy") or PRIVACY[0]))
    kind = CountedTikTok if login.config.get("results") == "yes" else TikTokPublisher
    return kind(service, ways, table()["tiktok"])
