"""The article line: keywords to review gate."""
