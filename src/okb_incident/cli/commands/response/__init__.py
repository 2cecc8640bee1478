"""Commands for actions, people and what they need."""
