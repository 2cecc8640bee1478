"""Commands for people and what they need: roles, teams, resources, effort."""
