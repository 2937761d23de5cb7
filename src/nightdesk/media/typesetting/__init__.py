"""Fonts that ship with the house, what they cover, and how text breaks into lines."""
