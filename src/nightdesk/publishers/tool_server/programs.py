"""The programs that an operator lets accounts start as tool servers; there are none unless one is named."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Variable = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,63}$")]


class Program(BaseModel):
    """One of them, which accounts choose by its `name`.

    `needs` are the variables of its environment that each account gives of its own; an account that lacks one
    is refused, and can give no others. `env` is the operator's, for all accounts: no log-in belongs there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    command: Annotated[str, Field(min_length=1)]
    args: tuple[str, ...] = ()
    needs: tuple[Variable, ...] = ()
    env: dict[str, str] = Field(default_factory=dict)
