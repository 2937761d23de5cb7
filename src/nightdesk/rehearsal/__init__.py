"""Fake platforms: servers on loopback that speak as the real ones do, take posts, and fail as told."""
