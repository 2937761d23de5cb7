"""The result fields that steps of one stage share."""

OF_TOPICS = ("topics_picked", "topics_gathered")
FIELDS = ("videos_rendered", "parts_rendered", "parts_reused", "videos_checked")
