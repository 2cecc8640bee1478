"""Learning after an incident: reviews, follow-ups and lessons."""
