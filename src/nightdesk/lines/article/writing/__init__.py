"""What an article is written from, how it is checked and how it is kept; the stage itself is `content`."""
