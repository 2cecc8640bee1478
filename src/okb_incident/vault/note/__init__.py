"""The text of one note: its properties and sections, each edited in place."""
