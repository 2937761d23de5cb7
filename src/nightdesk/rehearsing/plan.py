"""What is to be rehearsed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """`sites` 0 is the workspace's own sites, as they are; else so many example sites.

    `posts` are articles a day of an example site, `videos` whether it makes one a day as well. `kills` are
    how often a day the process that does the work is killed; 0 lets it work in this process. `faults` is the
    share of steps at which a platform gets a fault. `step` is the longest that the clock jumps, in hours.
    """

    days: int = 7
    sites: int = 0
    posts: int = 2
    videos: bool = False
    kills: float = 0.0
    faults: float = 0.0
    seed: int = 1
    step: float = 2.0
    workspace: int | None = None
    """Whose sites, where there are no example sites; the first unless told."""
