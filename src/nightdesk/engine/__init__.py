"""Advances runs: claims work, has it done, settles it."""
