"""okb-incident: an incident tracker that lives in a folder of Markdown notes."""

from __future__ import annotations

__version__ = "0.1.0"
