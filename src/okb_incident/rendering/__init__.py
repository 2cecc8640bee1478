"""Template and values to text."""
