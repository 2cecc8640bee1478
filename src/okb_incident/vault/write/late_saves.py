"""Late saves are brought into their notes by the next command that writes: merged, or laid beside the note as a conflict copy."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from okb_incident.errors import NotFoundError, OkbError
from okb_incident.vault.disk.digest import digest
from okb_incident.vault.disk.files import inside, place, read_now
from okb_incident.vault.disk.stillness import Patience, stamp_of
from okb_incident.vault.journal.entry import PRIVATE
from okb_incident.vault.journal.late import late_save
from okb_incident.vault.journal.recent import remember
from okb_incident.vault.write.commit import Edit, commit
from okb_incident.vault.write.settlement import is_part, merged_with
from okb_incident.vault.write.swap import bytes_at, lay_beside

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    for displaced in list(journal.displaced(names)):
        if late := late_save(journal, displaced):
            try:
                became = _brought_in(journal, late, patience)
            except (OSError, OkbError) as error:
                became = f"the rest cannot be brought in yet: {error}"
            said.append(
                f"an editor went on saving {late.shown} after {late.command} had put another file in its place; {became}"
            )
        elif names is not None:
            # Looked at, and nothing new in it: its stamp alone need not be looked into again.
            with suppress(OSError):
                remember(journal, {}, {displaced.name: stamp_of(displaced.state)})
    return tuple(said)


def _brought_in(journal: Journal, late: LateSave, patience: Patience) -> str:
    """Bring in one save once it has ended, and return what became of it.

    Raises:
        OSError, OkbError: Not possible now.
    """
    path = late.displaced.path
    ended = late_save(journal, late.displaced._replace(state=patience.read_changed(path)))
    if ended is None or not patience.has_settled(path):
        return "it is still saving, and the next command brings in the rest"
    redacted = _without_redacted(journal, ended)
    copy = _merge_in(journal, redacted)
    _account_for(journal, ended, redacted)
    if copy is None:
        return "the rest is merged into it now"
    return f"the rest is in {'a conflict copy next to it' if late.is_private else os.path.basename(copy)}"


def _without_redacted(journal: Journal, late: LateSave) -> LateSave:
    """Return a save without what its note has redacted since the editor loaded it."""
    from okb_incident.vault.merge.redactions import with_redactions  # noqa: PLC0415 - hardly ever needed

    now = bytes_at(place(journal.root, late.path))
    if now is None:
        return late
    state = late.displaced.state._replace(data=with_redactions(late.displaced.state.data, now))
    return late._replace(displaced=late.displaced._replace(state=state))


def _merge_in(journal: Journal, late: LateSave) -> str | None:
    """Merge a save into its note.

    Returns:
        The conflict copy that it became where it cannot be merged.
    """
    root, base, theirs = journal.root, late.base, late.displaced.state
    clashes: list[bool] = []

    def change(now: bytes) -> bytes:
        merged, places = merged_with(base, now, theirs.data)
        clashes.append(merged is None or bool(places))
        return now if merged is None or places else merged

    # What is there only in part, and stays so, is not a note that somebody meant; but its words are theirs.
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


def _account_for(journal: Journal, late: LateSave, redacted: LateSave) -> None:
    """Take note that all of a displaced file is in its note or next to it; one that holds a secret is emptied."""
    path, theirs = late.displaced.path, late.displaced.state
    if redacted.displaced.state.data != theirs.data:
        os.truncate(path, 0)
        theirs = read_now(path)
    name = f"{late.displaced.name.partition('-')[0]}-{digest(theirs.data)}"
    journal.keep_image(theirs.data, theirs.mode)
    os.rename(path, journal.place("displaced", name))
    remember(journal, {}, {name: stamp_of(theirs)})
