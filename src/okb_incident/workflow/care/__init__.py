"""Commands that look after the vault: set-up, checks, history, undo, privacy, import."""
