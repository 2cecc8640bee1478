"""Taking a secret out that should never have been written down: out of the notes, and out of all that is kept of them."""

from __future__ import annotations

import json
import os
import stat
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.incident.schema import note_type
from okb_incident.core.review.lesson import TYPE as LESSON
from okb_incident.core.text.secret import Secret
from okb_incident.core.values.properties import texts_of
from okb_incident.errors import ConflictError, InvalidNoteError, NotFoundError, UsageError
from okb_incident.integrations.git import commits_of
from okb_incident.vault.disk import lock
from okb_incident.vault.disk.files import place, read_now
from okb_incident.vault.disk.writer import TEMP_SUFFIX, explained
from okb_incident.vault.index.answer import forget
from okb_incident.vault.journal.entry import PRIVATE
from okb_incident.vault.journal.privacy import kept_files
from okb_incident.vault.journal.store import Journal
from okb_incident.vault.note.redaction import holds, redacted
from okb_incident.vault.read.all_files import read_all_files
from okb_incident.vault.write.commit import Create, Edit, Move, commit
from okb_incident.vault.write.outbox import Outbox
from okb_incident.vault.write.swap import free_name
from okb_incident.workflow.care.traces import is_lesson_of, is_own

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okb_incident.core.incident.incident import Incident
    from okb_incident.vault.write.steps import Step
    from okb_incident.workflow.call import Call
    from okb_incident.workflow.session import Session

SHORTEST = 4
"""Characters; what is shorter is in too many places to be the secret alone."""

ROUNDS = 4
"""How often the vault is looked through: what somebody saved meanwhile may hold the secret again."""


NAMED_AFTER_IT = "the file name had the text, too, and is now {}; the journal still has the old name, and deleting .incident removes it and undo with it"


class Redaction(NamedTuple):
    """What was done.

    Attributes:
        notes: The notes that had the secret.
        images: The hashes of the images that were thrown away.
        elsewhere: Other files of the vault that hold it still.
        in_git: Notes of which git has a history, which was not touched.
        warnings: Sentences that a person should know.
    """

    notes: tuple[str, ...]
    images: tuple[str, ...]
    elsewhere: tuple[str, ...]
    in_git: tuple[str, ...]
    warnings: tuple[str, ...] = ()


class Finds(NamedTuple):
    """Where a secret was found.

    Attributes:
        ours: Files of the incident.
        stuck: Files of the incident with a property that cannot be changed.
        elsewhere: Files that are left alone.
        parcels: What waits to be delivered.
        purges: Files that nobody needs, which go.
        images: The hashes of the images among them.
        late: What an editor saved into a file that a command had replaced, by the path of a copy to make of it.
    """

    ours: tuple[str, ...]
    stuck: tuple[str, ...]
    elsewhere: tuple[str, ...]
    parcels: tuple[str, ...]
    purges: tuple[str, ...]
    images: tuple[str, ...]
    late: tuple[tuple[str, bytes], ...]

    def steps(self, root: str, secret: Secret) -> list[Step]:
        """Return what has to be written."""
        return [
            *(_without_secret(root, path, secret) for path in self.ours),
            *(Edit(path, partial(_parcel_without, secret=secret)) for path in self.parcels),
            *(Create(path, redacted(data, secret), PRIVATE) for path, data in self.late),
        ]


def redact(call: Call, text: str) -> Redaction:
    """Take a secret out of an incident's notes, what the journal keeps of them, what waits to be delivered, and the index.

    A dry run only says where it is.

    Args:
        call: The call.
        text: The secret, as it was typed anywhere.

    Raises:
        UsageError: The text is too short to be a secret alone, or is in the mark itself.
        NotFoundError: There is no such incident, or the secret is nowhere.
        InvalidNoteError: It is in a property that cannot be changed.
        OkbError: The vault cannot be written.
    """
    session = call.session
    secret = _secret(text)
    target = call.target()
    root, incident = session.vault.root, call.record(target).incident
    if call.dry_run:
        found = _find(root, incident, secret)
        return Redaction(found.ours, (), found.elsewhere, _in_git(root, found.ours or (target.path,)))
    with lock.hold(root, "incident redact"), explained(root):
        done, warnings, conflict = _take_out(call, incident, secret)
    if conflict is not None:
        raise conflict
    left = done[-1]
    if left.stuck:
        raise InvalidNoteError(
            f"the text is still in a property of {', '.join(left.stuck)} that cannot be read; it is out of everything else",
            value=left.stuck[0],
            hint="Take it out of the property by hand, then repeat the command.",
        )
    if len(done) == 1:
        raise NotFoundError(
            f"the text is in no note of {target.id} and in nothing that the journal keeps",
            field="TEXT",
            hint="Type it as it was typed before; --dry-run says where it is.",
        )
    notes = tuple(dict.fromkeys(path for finds in done for path in finds.ours))
    images = dict.fromkeys(image for finds in done for image in finds.images)
    in_git = _in_git(root, notes or (target.path,))
    return Redaction(notes, tuple(images), left.elsewhere, in_git, (*session.recovered, *warnings))


def _in_git(root: str, paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(path for path in paths if commits_of(root, path))


def _take_out(call: Call, incident: Incident, secret: Secret) -> tuple[list[Finds], list[str], ConflictError | None]:
    """Take it out until it is nowhere, for somebody may save it again meanwhile; the last finds are what is left.

    Raises:
        ConflictError: It is saved again each time.
    """
    root, by = call.session.vault.root, call.session.actor.handle
    done: list[Finds] = []
    warnings: list[str] = []
    conflict: ConflictError | None = None
    for _ in range(ROUNDS):
        done.append(_find(root, incident, secret))
        steps, purges = done[-1].steps(root, secret), done[-1].purges
        if not steps and not purges:
            break
        warnings += _half_named(call.session, done[-1].ours, secret)
        # Whoever asks meanwhile makes the index anew, of the notes as they are then.
        forget(root)
        try:
            warnings += commit(root, steps, command="incident redact", by=by, purges=purges).notes
            warnings += [NAMED_AFTER_IT.format(step.to) for step in steps if isinstance(step, Move)]
        except ConflictError as error:
            # What somebody saved in the same moment is beside the note, and is looked through next.
            conflict = error
        except NotFoundError:
            # A message was delivered meanwhile.
            done.pop()
    else:
        raise ConflictError(
            f"another program saved the text again during each of {ROUNDS} attempts to take it out",
            hint="Close the note in the other program, then repeat the command.",
        )
    forget(root)
    return done, warnings, conflict


def _secret(text: str) -> Secret:
    if len(text.strip()) < SHORTEST:
        raise UsageError(f"the text must have at least {SHORTEST} characters; shorter ones are in too many places")
    secret = Secret(text)
    if secret.is_a_mark:
        raise UsageError("the text is a part of the mark that takes the place of a secret, and cannot be taken out")
    return secret


def _find(root: str, incident: Incident, secret: Secret) -> Finds:
    """Look through every file of the vault, and all that the journals of all machines keep."""
    journals = Journal.all_of(root)
    half_done = [entry for journal in journals for entry in journal.intents()]
    ours, stuck, elsewhere, parcels, purges, images, late = ([] for _ in range(7))  # type: ignore[var-annotated]
    for path, data in read_all_files(root):
        if not holds(data, secret):
            continue
        name = os.path.basename(path)
        if name.startswith(".") and TEMP_SUFFIX in name:
            # What another machine left half done it finishes from its temps.
            (elsewhere if any(entry in name for entry in half_done) else purges).append(path)
        elif b"\0" not in data and (is_own(path, data, incident) or is_lesson_of(path, data, incident)):
            (ours if _can_be_taken_out(data, secret) else stuck).append(path)
        else:
            elsewhere.append(path)
    for journal in journals:
        for path, data in Outbox(journal).files():
            if holds(data, secret):
                (purges if path.endswith(TEMP_SUFFIX) else parcels).append(path)
        late += _saved_too_late(journal, secret)
        for kept in kept_files(journal):
            if holds(kept.data, secret):
                purges.append(kept.path)
                images += [kept.known] if kept.known else []
    return Finds(*(tuple(dict.fromkeys(each)) for each in (ours, stuck, elsewhere, parcels, purges, images, late)))


def _can_be_taken_out(data: bytes, secret: Secret) -> bool:
    try:
        redacted(data, secret)
    except InvalidNoteError:
        return False
    return True


def _saved_too_late(journal: Journal, secret: Secret) -> Iterator[tuple[str, bytes]]:
    """Return what an editor saved into displaced files that hold the secret, and where to lay it out."""
    entries = {entry.id: entry for entry in journal.entries()}
    for each in journal.displaced():
        if each.is_late and holds(each.state.data, secret):
            entry = entries.get(each.entry)
            path = entry.changes[each.number].path if entry else f"late edit {each.entry}.md"
            copy = free_name(place(journal.root, path))
            yield copy.removeprefix(os.path.realpath(journal.root) + "/"), each.state.data


def _without_secret(root: str, path: str, secret: Secret) -> Step:
    """Return the step that takes the secret out of a note, and out of its name: a lesson is named after its words, as links to it are."""
    change = partial(redacted, secret=secret)
    folder, name = os.path.split(path)
    to = os.path.join(folder, secret.out_of(name))
    if to == path or os.path.lexists(os.path.join(root, to)):
        return Edit(path, change)
    return Move(path, to, change, stat.S_IMODE(os.stat(os.path.join(root, path)).st_mode))


def _half_named(session: Session, paths: Sequence[str], secret: Secret) -> Iterator[str]:
    """Yield a sentence for each lesson whose file name has parts of the secret: signs that no file name may have are not in it."""
    for path in paths:
        name = os.path.basename(path)
        values = session.vault.parse(path, read_now(session.vault.real(path)).data).frontmatter.values
        titles = texts_of(values.get("title")) if note_type(values) == LESSON else ()
        if any(map(secret.is_in, titles)) and not secret.is_in(name):
            yield f"the file name of {path} was made from the text, too; rename the note in Obsidian, where links follow"


def _parcel_without(data: bytes, secret: Secret) -> bytes:
    """Return a message that waits, without the secret in any of its texts; it is delivered all the same."""
    try:
        value = json.loads(data)
    except ValueError:
        return redacted(data, secret)
    return json.dumps(_texts_without(value, secret)).encode()


def _texts_without(value: object, secret: Secret) -> object:
    if isinstance(value, dict):
        return {_texts_without(key, secret): _texts_without(each, secret) for key, each in value.items()}
    if isinstance(value, list):
        return [_texts_without(each, secret) for each in value]
    return secret.out_of(value) if isinstance(value, str) else value
