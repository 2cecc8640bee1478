"""Names that become a path or a link: what every file system, Obsidian and a wikilink can hold, and no plug-in executes."""

from __future__ import annotations

import re

from okb_incident.core.values.title import JOINERS

#: Windows and Obsidian refuse the first ten in a file name; the others end or bend a wikilink.
FORBIDDEN = frozenset('<>:"/\\|?*\x7f' + "#^[]" + "`")
LONGEST_NAME = 200
"""Bytes: what is left of the usual 255 is for the ending and for the names of temp files."""

UNFIT_FOR_HANDLE = r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff:,→>-]+"


def is_good_name(name: str) -> bool:
    """Return whether a text may be the name of a note or folder, without its ending."""
    return (
        all(sign.isprintable() or sign in JOINERS for sign in name)
        and FORBIDDEN.isdisjoint(name)
        and name[:1] not in {"", ".", "-", " "}
        and name[-1] not in {".", " "}
        and len(name.encode("utf-8", "replace")) <= LONGEST_NAME
    )


def handle(name: str) -> str:
    """Return the form in which a timeline entry names a person: ``@Ada Vogel`` becomes ``Ada-Vogel``.

    A handle ends at a blank or a colon, so these and what else divides a payload become ``-``.
    """
    return re.sub(UNFIT_FOR_HANDLE, "-", name).strip("-@")
