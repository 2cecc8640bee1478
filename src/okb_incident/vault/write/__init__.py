"""The one write path: a command and all its notes, committed together and recovered after a crash."""
