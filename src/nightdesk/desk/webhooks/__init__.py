"""Webhooks: word of what happens for programs, signed; and addresses by which programs set work going.

`targets` and `hooks` are what owners may ask for, `filling` writes deliveries down as things happen, and
`sending` sends them.
"""

from dataclasses import dataclass

from nightdesk.desk.runs import Runs
from nightdesk.desk.topics import Topics
from nightdesk.desk.webhooks.calling import Answer, Caller
from nightdesk.desk.webhooks.filling import Filling
from nightdesk.desk.webhooks.hooks import LARGEST_BODY, Does, Done, Hooks, HookShown, Line, NotBelieved
from nightdesk.desk.webhooks.messages import EVENTS
from nightdesk.desk.webhooks.sending import Sending
from nightdesk.desk.webhooks.targets import DeliveryShown, Targets, TargetShown
from nightdesk.kit.clock import Clock
from nightdesk.kit.http.guard import Guard
from nightdesk.kit.sealing import Sealer
from nightdesk.store.session import Store


@dataclass(frozen=True)
class Webhooks:
    """Both ways."""

    targets: Targets
    hooks: Hooks

    @classmethod
    def over(
        cls,
        store: Store,
        clock: Clock,
        sealer: Sealer,
        out: tuple[Guard, str],
        at: tuple[str, str],
        work: tuple[Topics, Runs],
    ) -> "Webhooks":
        """`out`: what guards calls, and what they say we are. `at`: a connection string of the role that sees
        all tenants, and where the pages are reached from elsewhere. `work`: what hooks set going."""
        sending = Sending(store, clock, Caller(*out), sealer)
        return cls(Targets(sending, Filling(store, clock, *at)), Hooks(store, clock, sealer, *work))

    @property
    def sending(self) -> Sending:
        return self.targets.sending

    @property
    def filling(self) -> Filling:
        return self.targets.filling


__all__ = [
    "EVENTS",
    "LARGEST_BODY",
    "Answer",
    "Caller",
    "DeliveryShown",
    "Does",
    "Done",
    "Filling",
    "HookShown",
    "Hooks",
    "Line",
    "NotBelieved",
    "Sending",
    "TargetShown",
    "Targets",
    "Webhooks",
]
