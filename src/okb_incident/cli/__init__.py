"""The terminal: thin commands, one table of them, and no decision about incidents."""
