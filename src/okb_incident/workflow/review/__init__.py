"""Commands for reviews, follow-ups and lessons."""
