"""What goes wrong with the embedded database in a way that only a person can mend."""

from nightdesk.kit.endings import NeedsPerson


class DatabaseUnavailable(NeedsPerson):
    """The embedded database could not be started; its data was not touched."""
