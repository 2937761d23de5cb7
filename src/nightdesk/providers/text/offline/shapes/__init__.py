"""The shapes of articles, one a file: what goes where in a guide, a comparison, a list and the others."""
