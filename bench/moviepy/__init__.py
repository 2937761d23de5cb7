"""MoviePy 2, the library that most makers of such videos use, making the same film in an environment of its own."""
