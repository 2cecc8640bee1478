"""okb-incident: an incident tracker that lives in a folder of Markdown notes."""

__version__ = "0.1.0"
