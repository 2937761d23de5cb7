"""The result fields that the steps of stage 6 share."""

FIELDS = ("videos_rendered", "parts_rendered", "parts_reused", "videos_checked")
