"""How a command ends other than well: one sentence that says what to do, and an exit status."""

FAILED = 1
USED_WRONGLY = 2
START_REFUSED = 78
"""`EX_CONFIG` of sysexits.h: starting again changes nothing until a person has put something right."""

TERMINATED = 143
"""128 and the number of SIGTERM, as shells have it."""


class Failure(Exception):
    """The command cannot do what was asked."""

    def __init__(self, message: str, status: int = FAILED) -> None:
        self.status = status
        super().__init__(message)
