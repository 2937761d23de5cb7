"""Small tools without a word of this trade: time, ids, safe HTTP, child processes, kill points, text."""
