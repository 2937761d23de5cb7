"""The ways an outside call can end other than well; every adapter speaks these and no others."""

from nightdesk.kit.text import clean


class Ending(Exception):
    """The work ended without a result."""

    def __init__(self, why: str | None = None) -> None:
        # A server may say anything; what it says is kept with the item and has to be fit to store.
        self.why = clean(why or (type(self).__doc__ or "").strip())
        super().__init__(self.why)


class Later(Ending):
    """The other side cannot do it now; the same work may be tried again after a while."""

    def __init__(self, why: str, seconds: float | None = None) -> None:
        """`seconds`: how long the other side asked us to wait; None leaves it to our own backoff."""
        super().__init__(why)
        self.seconds = seconds


class Waits(Later):
    """Something of ours has to happen first: it is no failure, however often it is looked for."""


class NoRoom(Waits):
    """A disk is full; whatever waits for it goes on by itself once there is room."""


class NeedsPerson(Ending):
    """Nothing will help but a person; `why` says what that person has to do."""


class Refused(Ending):
    """This input will never be accepted; `why` says what is wrong with it.

    `kept` is the raw answer that led here, for the person who looks into it.
    """

    def __init__(self, why: str, kept: str | None = None) -> None:
        super().__init__(why)
        self.kept = kept
