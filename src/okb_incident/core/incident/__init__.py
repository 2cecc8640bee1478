"""The incident itself: its properties, its life cycle, and changes to it as values."""
