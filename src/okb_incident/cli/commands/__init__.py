"""One module per group of commands; each command parses, calls its workflow and prints."""
