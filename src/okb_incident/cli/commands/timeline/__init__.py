"""Commands that add to the timeline."""
