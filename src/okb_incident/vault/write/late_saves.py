"""Late saves are brought into their notes by the next command that writes: merged, or laid beside the note as a conflict copy."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from okb_incident.errors import NotFoundError, OkbError
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.disk.files import inside, place
from okb_incident.vault.disk.stillness import Patience, stamp_of
from okb_incident.vault.journal.entry import PRIVATE
from okb_incident.vault.journal.late import late_saves
from okb_incident.vault.journal.recent import remember
from okb_incident.vault.write.commit import Edit, commit
from okb_incident.vault.write.settlement import is_part, merged_with
from okb_incident.vault.write.swap import lay_beside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okb_incident.vault.disk.files import FileState
    from okb_incident.vault.journal.late import LateSave
    from okb_incident.vault.journal.store import Journal

COMMAND = "late save"
"""What the journal calls a merge of this kind; nobody typed it, so `undo` takes it back only where it is named."""


def bring_in(journal: Journal, names: Sequence[str] | None = None) -> tuple[str, ...]:
    """Bring late saves into their notes; the caller holds the vault's lock.

    Args:
        journal: The journal.
        names: Those of the displaced files that are looked at; all by default.

    Returns:
        Sentences that a person should know. A save that is not at its end yet is left for the next command.
    """
    patience = Patience()
    said = []
    for late in late_saves(journal, names):
        saved = f"an editor went on saving {late.shown} after {late.command} had put another file in its place"
        try:
            theirs = patience.read(late.displaced.path)
            if not patience.has_settled(late.displaced.path):
                said.append(f"{saved}; it is still saving, and the next command brings in the rest")
                continue
            copy = _bring_in(journal, late, theirs)
            _account_for(journal, late, theirs)
        except (OSError, OkbError) as error:
            said.append(f"{saved}; the rest cannot be brought in yet: {error}")
        else:
            shown = (
                f"is in {os.path.basename(copy)}" if copy and not late.is_private else "is in a conflict copy beside it"
            )
            said.append(f"{saved}; the rest {shown if copy else 'is merged into it now'}")
    return tuple(said)


def _bring_in(journal: Journal, late: LateSave, theirs: FileState) -> str | None:
    """Merge a save into its note.

    Returns:
        The conflict copy that it became where it cannot be merged.
    """
    root, base = journal.root, late.base
    clashes: list[bool] = []

    def change(now: bytes) -> bytes:
        merged, places = merged_with(base, now, theirs.data)
        clashes.append(merged is None or bool(places))
        return now if merged is None or places else merged

    # What is there only in part, and stays so, is no note that somebody meant; but its words are theirs.
    if base is not None and not is_part(theirs.data, base) and _is_a_note(root, late.path):
        commit(root, [Edit(late.path, change)], command=COMMAND)
    if clashes and not clashes[-1]:
        return None
    return lay_beside(place(root, late.path), theirs, PRIVATE if late.is_private else theirs.mode)


def _is_a_note(root: str, path: str) -> bool:
    """Return whether there is a note of that name; one that a command took away stays away."""
    try:
        return bool(inside(root, path))
    except NotFoundError:
        return False


def _account_for(journal: Journal, late: LateSave, theirs: FileState) -> None:
    """Take note that all of a displaced file is in its note or beside it."""
    mark, now = late.displaced.mark, digest(theirs.data)
    journal.keep_image(theirs.data, theirs.mode)
    os.rename(late.displaced.path, journal.place("displaced", f"{mark}-{now}"))
    remember(journal, {}, {f"{mark}-{now}": stamp_of(theirs)})
