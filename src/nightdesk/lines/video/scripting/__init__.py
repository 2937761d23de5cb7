"""Scripts of videos: asked for, checked, split into scenes; the stage itself is `scripts`."""
