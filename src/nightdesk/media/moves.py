"""The ways in which a camera can go over a picture."""

from typing import Literal, get_args

Move = Literal["still", "push-in", "pull-out", "pan-left", "pan-right", "pan-up", "pan-down"]
MOVES: tuple[Move, ...] = get_args(Move)
