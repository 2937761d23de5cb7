"""The video line: from a topic to a narrated, captioned video at the review gate."""
