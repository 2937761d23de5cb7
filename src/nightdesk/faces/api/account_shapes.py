"""The shapes of accounts on platforms: what is given for one, and what is told of it."""

from typing import Annotated, Any, Literal

from pydantic import Field

from nightdesk.desk.accounts import AccountShown as Account
from nightdesk.desk.inputs import KEPT, Input, upto
from nightdesk.faces.api.platform_shapes import Platform
from nightdesk.faces.api.row_shapes import Shown
from nightdesk.faces.api.shapes import Instant

Status = Literal["connected", "missing_config", "expired", "error"]
Name = Annotated[str, upto(120, 1), KEPT]
Values = Annotated[
    dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=4000), KEPT]],
    Field(max_length=30, description="By the names of the platform's fields; secrets are never read back."),
]
Zone = Annotated[str, upto(60, 1), KEPT]
Cap = Annotated[int, Field(ge=0, le=1000, description="Publications a day; 0 as the platform allows.")]
Options = Annotated[
    dict[Annotated[str, Field(max_length=60)], Any],
    Field(max_length=40, description="What is usual there: privacy, category and the like."),
]


class NewAccount(Input):
    platform: Platform
    name: Name
    values: Values = Field(default_factory=dict)
    way: Literal["rest", "mcp"] = "rest"
    day_cap: Cap = 0
    timezone: Zone = "UTC"


class AccountChanges(Input):
    """What is left out stays; a secret that is not given stays too."""

    name: Name | None = None
    values: Values | None = None
    day_cap: Cap | None = None
    timezone: Zone | None = None
    paused: bool | None = None


class LinkBody(Input):
    """How a niche's pieces go to the account."""

    options: Options = Field(default_factory=dict)


class LinkShown(Shown):
    niche_id: int
    options: dict[str, Any]


class AccountShown(Shown):
    """An account. `last_four` are the end of a secret; `says` tells what to do where it is not connected.

    `left_today` are the pieces that the platform took yet when it was looked at last, where it tells.
    """

    id: int
    platform: Platform
    name: str
    way: str
    config: dict[str, str]
    last_four: str
    status: Status
    says: str
    remote_name: str
    expires_at: Instant | None
    days_left: int | None
    left_today: int | None
    looked_at: Instant | None
    day_cap: int
    timezone: str
    paused: bool
    niches: list[LinkShown]
    created_at: Instant

    @classmethod
    def of(cls, account: Account) -> "AccountShown":
        niches = [LinkShown(niche_id=link.site_id, options=dict(link.options)) for link in account.sites]
        facts = {name: getattr(account, name) for name in cls.model_fields if name != "niches"}
        return cls.model_validate({**facts, "config": dict(account.config), "niches": niches})


class AccountList(Shown):
    items: list[AccountShown]


class AccountStatus(Shown):
    id: int
    platform: Platform
    name: str
    status: Status
    says: str
    expires_at: Instant | None
    days_left: int | None = Field(description="Whole days until its log-in ends, where that is known.")
    paused: bool


class AccountsStatus(Shown):
    """`counts` are of all accounts by status."""

    accounts: list[AccountStatus]
    counts: dict[str, int]


class FieldShown(Shown):
    name: str
    title: str
    help: str
    secret: bool
    required: bool
    default: str


class PlatformShown(Shown):
    """What an account of a platform consists of, and what has to be done there before."""

    platform: Platform
    title: str
    takes: list[str]
    about: str
    ways: list[str]
    day_cap: int
    fields: list[FieldShown]
    tool_fields: list[FieldShown] = Field(description="In place of `fields` with the way `mcp`.")


class Platforms(Shown):
    platforms: list[PlatformShown]
