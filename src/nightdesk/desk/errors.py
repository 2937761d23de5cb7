"""What the desk says when something cannot be done; a face turns each into its own kind of answer."""


class DeskError(Exception):
    """It cannot be done as asked."""


class NotFound(DeskError):
    """There is no such thing in this workspace."""

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no such {what}.")


class Invalid(DeskError):
    """A field has a value that cannot be taken; `field` says which, the message says what would do."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class Taken(DeskError):
    """Something with that name or address exists already."""


class Conflict(DeskError):
    """The thing is in a state in which this cannot be done."""


class RunActive(DeskError):
    """A run of this site and line is active already."""

    def __init__(self, run_id: str, message: str) -> None:
        self.run_id = run_id
        super().__init__(message)


class Unreadable(DeskError):
    """What was handed in cannot be read; the message says what can."""


class Unavailable(DeskError):
    """Something that this needs is away just now; nothing was changed, try again in a few seconds."""


class Full(DeskError):
    """The workspace keeps as much as it may; the message says what to do, and nothing was stored."""


class InsufficientCredits(DeskError):
    """The credits do not cover the estimate with its margin of a fifth."""

    def __init__(self, needed: int, available: int, what_to_do: str = "") -> None:
        self.needed, self.available = needed, available
        what_to_do = what_to_do or "Grant more or reduce what is pending. Nothing was set aside."
        super().__init__(
            f"{needed} credits are needed (the estimate and a fifth more) and {available} are left. "
            f"{what_to_do}"
        )
