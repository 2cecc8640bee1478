"""Numbers to documents."""
