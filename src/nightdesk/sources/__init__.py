"""Where topics, keywords and documents come from."""
