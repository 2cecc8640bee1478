"""Commands that look after the vault, and the ones for programs and shells."""
