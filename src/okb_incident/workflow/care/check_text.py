"""What is wrong with the text of any note: lines in a wrong coding, which can be repaired, and messages that are not what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.command import Command, Sentence
from okb_incident.core.comms.communication import SENT
from okb_incident.core.incident.schema import NOTE_TYPES, note_type
from okb_incident.core.text.mojibake import repair
from okb_incident.core.text.secret import MARK
from okb_incident.core.values.problem import Problem
from okb_incident.vault.disk.files import FileState
from okb_incident.vault.note.note import decode
from okb_incident.vault.read.many import read_many
from okb_incident.vault.read.scan import scan
from okb_incident.workflow.comms.messages import read_message

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from okb_incident.vault.vault import Note
    from okb_incident.workflow.call import Call


def of_text(call: Call, known: Collection[str]) -> Iterator[tuple[Problem, bool]]:
    """Find lines that were read in a wrong coding, in every note, and messages that are not what was sent; each with whether it is ours.

    Args:
        call: The call.
        known: The ids of the incidents that may be spoken of; notes beside others are left out.
    """
    for note in _all_notes(call, known):
        _, lines = repair(note.text)
        if lines:
            count = f"{len(lines)} lines were" if len(lines) > 1 else "a line was"
            said = f"{count} UTF-8, read as Mac Roman and saved so"
            is_ours = _is_ours(note)
            remedy = Command("check", options=("--fix",) if is_ours else ("--fix", "--all"))
            yield Problem(note.path, lines[0], "mojibake", said, remedy), is_ours
        message = read_message(call.session, note)
        if message is not None and message.state == SENT and message.is_changed and message.digest != MARK:
            problem = Problem(
                note.path,
                note.frontmatter.lines.get("digest"),
                "sent-changed",
                "its text is another than what was sent",
                Sentence(
                    Command("history", incident=message.incident),
                    " shows what it was; a correction: ",
                    Command("comms amend", message.name, incident=message.incident),
                ),
            )
            yield problem, True


def _is_ours(note: Note) -> bool:
    return note_type(note.frontmatter.values) in NOTE_TYPES


def _all_notes(call: Call, known: Collection[str]) -> Iterator[Note]:
    vault, restricted = call.session.vault, call.shared.restricted
    paths = [note.path for note in scan(vault.root, templates=vault.templates).notes]
    for path, state in read_many(vault.root, paths):
        # Most notes hold neither a wrong letter nor a message, and need not be parsed for that.
        if isinstance(state, FileState) and (" update " in path or repair(decode(state.data))[1]):
            note = vault.parse(path, state.data)
            named = path.rpartition("/")[2].removesuffix(".md").partition(" ")[0]
            of_another = vault.settings.ids.read(named) is not None and named not in known
            if restricted or not (of_another or vault.is_restricted(note)):
                yield note


def fix_vault(call: Call, *, foreign: bool = False) -> list[tuple[str, int]]:
    """Repair the lines that were read in a wrong coding, where that is unambiguous.

    Args:
        call: The call.
        foreign: Repair notes that are not ours, too.

    Returns:
        The notes that were repaired, and how many lines of each.

    Raises:
        OkbError: The vault cannot be written.
    """
    from okb_incident.vault.disk import lock  # noqa: PLC0415 - most checks change nothing
    from okb_incident.vault.index.answer import load  # noqa: PLC0415
    from okb_incident.vault.note.note import encode  # noqa: PLC0415
    from okb_incident.vault.write.commit import Edit, commit  # noqa: PLC0415

    session, restricted = call.session, call.shared.restricted
    session.about_to_write()
    known = {each.id.text for each in load(session.vault, everything=True, include_restricted=restricted).incidents}
    notes = (note for note in _all_notes(call, known) if foreign or _is_ours(note))
    found = [(note.path, len(lines)) for note in notes if (lines := repair(note.text)[1])]
    if found:
        with lock.hold(session.vault.root, "incident check --fix"):
            steps = [Edit(path, lambda data: encode(repair(decode(data))[0])) for path, _ in found]
            commit(session.vault.root, steps, command="incident check --fix", by=session.known_actor)
    return found
