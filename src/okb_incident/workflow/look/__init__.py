"""Commands that only read: show, list, next, search, report."""
