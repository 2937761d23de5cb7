"""What stage 4 counts and what its words cost: its two steps, sections and articles, share one result."""

FIELDS = ("tasks_processed", "content_created", "total_words", "sections_made")
WORDS_A_CREDIT = 500
"""Words asked for (CONTRACT, Credits)."""
