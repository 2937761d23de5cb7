"""Clip providers: what moves in a scene."""
