"""The faults of a fake platform: each is named, and strikes the next request that it is aimed at."""

import re
from dataclasses import dataclass, field

UNCONNECTED = ("refused", "unknown_host", "bad_certificate")
"""Strike before a request: nobody listens; the name is not known; the certificate is not to be trusted."""

NOT_TAKEN = (
    "reset_at_once",
    "reset_after_sending",
    "busy",
    "html",
    "unauthorized",
    "forbidden",
    "too_many",
    "quota",
    "expired",
)
"""The platform does not do what is asked: it resets the connection before it has read, or after; it answers
503; HTML with 200, as a proxy does; 401 this once; 403 by policy; 429 with Retry-After; that today's quota is
used; that the log-in has ended, until it is renewed."""

TAKEN = (
    "taken_then_reset",
    "taken_then_silence",
    "taken_then_500",
    "taken_then_truncated",
    "taken_then_html",
    "taken_unseen",
)
"""It does what is asked, and then resets the connection; says nothing; answers 500; sends half an answer;
sends HTML; resets it and shows what was made only at later looks."""

FAULTS = (*UNCONNECTED, *NOT_TAKEN, *TAKEN)

UNSENT = (*UNCONNECTED, "too_many")
"""After these it is certain for the sender that the platform has not taken it, and it may be sent again."""


@dataclass
class _Aimed:
    fault: str
    at: re.Pattern[str]
    skip: int
    times: int


@dataclass
class Faults:
    """What will strike, in the order in which it was aimed, and what has struck."""

    struck: list[str] = field(default_factory=list)
    _aimed: list[_Aimed] = field(default_factory=list)

    def strike(self, fault: str, *, at: str = "", skip: int = 0, times: int = 1) -> None:
        """Aims a fault at the next `times` requests whose line (`PUT /path`) matches `at`, a regular
        expression, from its beginning, after `skip` of them; at the next connections where it strikes those,
        which have no line yet.

        Raises `ValueError` for an unknown fault.
        """
        if fault not in FAULTS:
            raise ValueError(f"There is no fault {fault}; there are {', '.join(FAULTS)}.")
        self._aimed.append(_Aimed(fault, re.compile(at), skip, times))

    def clear(self) -> None:
        """Nothing strikes any more."""
        self._aimed.clear()

    def at_connection(self, *among: str) -> str:
        """Which of these faults strikes the connection that is being made; empty for none."""
        return self._next([one for one in self._aimed if one.fault in among])

    def at_opening(self) -> str:
        """Whether the connection is reset before a byte is read; only for such faults without an aim."""
        return self._next([one for one in self._aimed if one.fault == "reset_at_once" and not one.at.pattern])

    def at_request(self, line: str) -> str:
        """Which fault strikes the request with this line; empty for none."""
        fitting = [one for one in self._aimed if one.fault not in UNCONNECTED and one.at.match(line)]
        return self._next(fitting)

    def _next(self, fitting: list[_Aimed]) -> str:
        for one in fitting:
            if one.skip:
                one.skip -= 1
                continue
            one.times -= 1
            if not one.times:
                self._aimed.remove(one)
            self.struck.append(one.fault)
            return one.fault
        return ""
