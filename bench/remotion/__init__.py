"""Remotion 4 makes the same film with the sample project, two frames at a time, encoded as ours is."""
