"""The timeline: its entries, their kinds, and what they say together."""
