"""Metrics over many incidents: which are counted, and how each metric is computed."""
