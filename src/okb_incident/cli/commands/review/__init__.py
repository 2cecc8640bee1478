"""Commands for reviews and follow-ups."""
