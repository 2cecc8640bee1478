"""What a vault decides for itself: its settings and its response policy."""
