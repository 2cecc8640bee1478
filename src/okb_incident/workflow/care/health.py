"""The health of a vault, part by part: its set-up and edits, its journal, notes, settings and templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command, Sentence
from okb_incident.core.text.terminal_text import one_line
from okb_incident.core.values.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okb_incident.command import Text
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.care.doctor import Repair, VaultSetup

EDITS, JOURNAL, NOTES, SETTINGS, TEMPLATES = PARTS = ("edits", "journal", "notes", "settings", "templates")
"""What can be looked at; `edits` looks at the set-up too."""


class JournalHealth(NamedTuple):
    """What was found in the journal of one machine.

    Attributes:
        machine: Its name.
        entries: How many entries it has.
        files: How many kept files were compared with their hashes.
        last: ``entry`` and ``sha256`` of the last entry; None if there is none.
        problems: How many entries and files are not as they were written.
    """

    machine: str
    entries: int
    files: int
    last: dict[str, str] | None
    problems: int


class PartHealth(NamedTuple):
    """What was found in one part of a vault.

    Attributes:
        name: The part.
        lines: For a person.
        problems: What is wrong.
        repaired: What was repaired.
        setup: How the vault is set up; None where another part was looked at.
        journals: What was found in each journal.
    """

    name: str
    lines: tuple[Text, ...] = ()
    problems: tuple[Problem, ...] = ()
    repaired: tuple[Repair, ...] = ()
    setup: VaultSetup | None = None
    journals: tuple[JournalHealth, ...] = ()


def look_over(call: Call, parts: Sequence[str], *, fix: bool, machine: str | None) -> list[PartHealth]:
    """Look at parts of a vault.

    Args:
        call: The call.
        parts: Which.
        fix: Repair what commands and editors overwrote or left unfinished, without a question.
        machine: Whose unfinished commands are meant; this machine's by default.

    Raises:
        NotFoundError: There is no such machine.
        OkbError: The vault cannot be written, though something is repaired.
    """
    found = []
    for part in PARTS:
        if part not in parts:
            continue
        if part == EDITS:
            from okb_incident.workflow.care.doctor import examine  # noqa: PLC0415 - each part reads much

            examined = examine(call, fix=fix, machine=machine)
            lines = (*_setup_lines(examined.setup), *(f"repaired: {one.said}" for one in examined.repaired))
            found.append(PartHealth(part, lines, examined.problems, examined.repaired, examined.setup))
        else:
            found.append({JOURNAL: _journal, NOTES: _notes, SETTINGS: _settings, TEMPLATES: _templates}[part](call))
    return found


def _setup_lines(setup: VaultSetup) -> Iterator[str]:
    holder = setup.lock
    yield f"vault: {setup.vault}, found by {setup.found_by}"
    yield f"moments are written in: {setup.zone}"
    yield f"lock: {f'held by process {holder.process} ({holder.command}) since {holder.since}' if holder else 'free'}"
    last = f"last entry {setup.last_entry}" if setup.last_entry else "empty"
    yield f"journal of this machine: {setup.machine}, {last}"
    yield f"displaced files, not packed yet: {setup.displaced:,} bytes; incident doctor --prune packs them"


def _journal(call: Call) -> PartHealth:
    from okb_incident.workflow.care.journal import verify_journals  # noqa: PLC0415

    journals = verify_journals(call.session)
    lines = []
    for one in journals:
        last = f"; the last is {one.last[0]}, hash {one.last[1]}" if one.last else ""
        lines.append(f"{one.machine}: {one.entries} entries, {one.images} files{last}")
    problems = tuple(problem for one in journals for problem in one.problems)
    found = [
        JournalHealth(
            one.machine,
            one.entries,
            one.images,
            {"entry": one.last[0], "sha256": one.last[1]} if one.last else None,
            len(one.problems),
        )
        for one in journals
    ]
    return PartHealth(JOURNAL, tuple(lines) or ("this vault has no journal yet",), problems, journals=tuple(found))


def _notes(call: Call) -> PartHealth:
    from okb_incident.workflow.care.check import HINTS, check_vault  # noqa: PLC0415

    problems = tuple(each for each in check_vault(call).problems if each.code not in HINTS)
    if not problems:
        return PartHealth(NOTES, ("notes: no findings",))
    count = f"{len(problems)} finding{'s' if len(problems) > 1 else ''}"
    return PartHealth(NOTES, (Sentence(f"notes: {count}; ", Command("check"), " lists them with hints"),), problems)


def _settings(call: Call) -> PartHealth:
    from okb_incident.workflow.care.show_settings import check_settings  # noqa: PLC0415

    checked = check_settings(call.session.vault.root)
    unknown = tuple(
        one_line(f"settings: {checked.path}:{line}: {key} is unknown and ignored") for key, line in checked.unknown
    )
    if not checked.changed:
        return PartHealth(SETTINGS, (*unknown, "settings: all are defaults"))
    differs = f"settings: {len(checked.changed)} differ{'s' if len(checked.changed) == 1 else ''} from the defaults; "
    return PartHealth(SETTINGS, (*unknown, Sentence(differs, Command("config check"), " lists them")))


def _templates(call: Call) -> PartHealth:
    from okb_incident.workflow.care.template_check import check_templates  # noqa: PLC0415

    checked = check_templates(call.session)
    problems = tuple(
        Problem(one.name, None, "template", f"with {one.sample}: {one.fault}", Command("templates check", one.name))
        for one in checked
        if one.fault
    )
    names = {one.name for one in checked}
    good = len(names) - len({each.path for each in problems})
    return PartHealth(TEMPLATES, (f"templates: {good} of {len(names)} can be used",), problems)
