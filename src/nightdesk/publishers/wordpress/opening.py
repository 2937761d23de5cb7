"""What an account of a WordPress site consists of, and how its publisher is opened."""

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.http.addresses import apart
from nightdesk.kit.http.guard import Guard
from nightdesk.publisher import Login
from nightdesk.publishers import deadlines
from nightdesk.publishers.fields import Field
from nightdesk.publishers.wordpress.publisher import Ways, WordPressPublisher
from nightdesk.publishers.wordpress.site import Limits, Site

STATUSES = ("publish", "pending", "draft")

FIELDS = (
    Field(
        "address",
        "Address of the site",
        "As people open it, such as https://example.org or https://example.org/blog.",
        pattern=r"https?://[^\s?#@\\]{1,300}",
    ),
    Field(
        "user", "User name", "Of a user with the role Author, Editor or Administrator.", pattern=r".{1,60}"
    ),
    Field(
        "password",
        "Application password",
        "Made in WordPress under Users, Profile, Application Passwords; never the password for signing in.",
        secret=True,
        pattern=r"[A-Za-z0-9 ]{16,60}",
    ),
    Field(
        "category",
        "Category",
        "Where a piece names none: a name or number. A name that the site lacks is added to it.",
        required=False,
        pattern=r".{0,200}",
    ),
    Field(
        "status",
        "What it does",
        "publish; or pending or draft, where a person publishes it in WordPress.",
        pattern="|".join(STATUSES),
        default=STATUSES[0],
    ),
    *deadlines.FIELDS,
)


def opened(login: Login, guard: Guard, clock: Clock, limits: Limits | None = None) -> WordPressPublisher:
    """The publisher of one account. Raises `NeedsPerson` where the account lacks something."""
    address, user = str(login.config.get("address", "")), str(login.config.get("user", ""))
    password = login.secrets.get("password", "")
    if not (address and user and password):
        raise NeedsPerson("The account needs the site's address, a user name and an application password.")
    if apart(address) is None:
        raise NeedsPerson("The address of the site is none; give it as people open it.")
    status = str(login.config.get("status") or STATUSES[0])
    if status not in STATUSES:
        raise NeedsPerson(f"The account must do one of {', '.join(STATUSES)}.")
    bounds = deadlines.kept_to(login.config, limits or Limits())
    site = Site(address, (user, password), guard, clock, bounds)
    return WordPressPublisher(site, Ways(status, str(login.config.get("category", ""))))
