"""The lines: ordered lists of stages."""
