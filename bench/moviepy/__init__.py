"""MoviePy 2, which most makers of such videos use, makes the same film in an environment of its own."""
