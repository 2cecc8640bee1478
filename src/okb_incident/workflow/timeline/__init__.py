"""Commands that add to the timeline: entries, actions, verification, runs."""
