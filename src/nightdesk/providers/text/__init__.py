"""Text providers: the registry is the list below."""
