"""The time zone of this machine, as a suggestion for the user's own settings."""

from __future__ import annotations

import os

from okb_incident.core.settings.settings import zone_named

LINK, NAME = "/etc/localtime", "/etc/timezone"


def detected_zone() -> str:
    """Return the IANA name of the machine's zone: by TZ, or by the system's settings; UTC where they name none."""
    for name in (os.environ.get("TZ", "").removeprefix(":"), _linked(), _named()):
        if not name:
            continue
        try:
            zone_named(name)
        except ValueError:
            continue
        return "UTC" if name == "Etc/UTC" else name
    return "UTC"


def _linked() -> str:
    return os.path.realpath(LINK).partition("/zoneinfo/")[2]


def _named() -> str:
    try:
        with open(NAME, encoding="utf-8") as file:
            return file.read(100).strip()
    except (OSError, UnicodeDecodeError):
        return ""
