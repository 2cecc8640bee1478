"""Text from outside: made safe to quote, to show and to repair."""
