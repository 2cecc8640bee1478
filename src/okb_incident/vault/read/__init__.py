"""Reading many notes, and finding the vault and its settings."""
