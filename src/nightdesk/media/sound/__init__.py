"""Narrations as sound: measured, brought to one loudness, cut and joined."""
