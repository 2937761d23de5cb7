"""Captions: from words with their times to phrases, and from phrases to what is burned in or laid beside."""
