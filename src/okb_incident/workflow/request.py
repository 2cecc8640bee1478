"""What was asked of a verb: the words and options of one command line, read once and the same way for all verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okb_incident.command import Command

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Protocol

    from okb_incident.workflow.session import Session

    class Person(Protocol):
        """A person who can be asked."""

        def choose(self, lines: Sequence[str]) -> int | None:
            """Offer lines to choose from; return the index of the choice, None for no choice."""

        def line(self, prompt: str, allowed: Sequence[str] = ()) -> str | None:
            """Ask for a line, or for one of the allowed words; return None for no answer."""

        def agree(self, question: str) -> bool:
            """Ask a question that is answered by yes or no."""

        def secret(self, prompt: str) -> str:
            """Ask for a text that is not shown while it is typed."""


class Shared(NamedTuple):
    """The options that verbs share; each verb accepts those that mean something to it.

    Attributes:
        incident: The incident, in any form.
        at: When it happened, as typed.
        correct: Replace a moment that is set.
        confirm: A moment is meant as typed, though it does not fit the note.
        external: The line is fit for the public.
        force: Override what keeps the verb from it.
        disclose: Tell people outside of a confidential incident.
        reason: Why, as typed.
        restricted: Restricted incidents are meant too.
        dry_run: Write nothing, and show the change.
    """

    incident: str | None = None
    at: str | None = None
    correct: bool = False
    confirm: bool = False
    external: bool = False
    force: bool = False
    disclose: bool = False
    reason: str | None = None
    restricted: bool = False
    dry_run: bool = False


class Typed(NamedTuple):
    """A command line in parts, from which it can be printed again.

    Attributes:
        verb: The command; of a group, both words.
        words: All words after it, a reference among them.
        options: The options that were typed but ``-i``, each with its value; None for a flag.
        by: Who was named with ``--as``.
    """

    verb: str
    words: tuple[str, ...] = ()
    options: tuple[tuple[str, str | None], ...] = ()
    by: str | None = None


class Request:
    """One command line, read.

    Attributes:
        session: The vault, the clock and the person.
        typed: The command line.
        shared: What the shared options say.
        usage: The words that the verb takes, as its help shows them: ``[REF] SEVERITY [REASON]…``.
        writes: It may change the incident; then a part of a title names one only after ``-i``.
        person: The person who can be asked which incident is meant, None where there is none.
        question: The person who can be asked for a missing word; also None for programs and dry runs.
        moment: When it happened: ``--at``, else now.
        reference: The incident in any form, as an option or as the first word; None where none was named.
        in_doubt: The reference may as well be the first word of the text.
        given: The fixed words, by their names in the usage.
        words: The words after these.
        after: All words but the reference.
    """

    def __init__(
        self,
        session: Session,
        typed: Typed,
        *,
        usage: str = "",
        shared: Shared = Shared(),  # noqa: B008 - immutable
        writes: bool = False,
        person: Person | None = None,
        question: Person | None = None,
    ) -> None:
        self.session = session
        self.typed = typed
        self.usage = usage
        self.shared = shared
        self.writes = writes
        self.person = person
        self.question = question
        session.confirms = shared.confirm
        self.moment: datetime = session.moment(shared.at)
        self.reference, self.in_doubt = shared.incident, False
        self.given: dict[str, str] = {}
        self.words = self.after = typed.words
        if typed.words and usage.startswith(("[REF", "REF")):
            self._part()

    def _part(self) -> None:
        """Split the incident and what is fixed from the words."""
        # `open`, which has to be quick, and all that takes only text need no grammar.
        from okb_incident.workflow.grammar import part  # noqa: PLC0415

        parted = part(self.session, self.usage, self.typed.words, given=self.reference is not None)
        if parted.reference is not None:
            self.after = self.typed.words[1:]
        self.reference = self.reference or parted.reference
        self.in_doubt, self.given, self.words = parted.doubt, parted.fixed, parted.rest

    @property
    def verb(self) -> str:
        """Return the command; of a group, both words."""
        return self.typed.verb

    @property
    def dry_run(self) -> bool:
        """Return whether nothing may be written."""
        return self.shared.dry_run

    @property
    def text(self) -> str:
        """Return the words that are text, on one line."""
        return " ".join(" ".join(self.words).split())

    @property
    def reason(self) -> str:
        """Return what was typed with ``--reason``, on one line."""
        return " ".join((self.shared.reason or "").split())

    @property
    def why(self) -> str:
        """Return the words that are text and what was typed with ``--reason``, on one line: whoever types both means both."""
        return f"{self.text} {self.reason}".strip()

    @property
    def may_name_by_title(self) -> bool:
        """Return whether a part of a title names an incident: after ``-i``, and where a command only reads."""
        return self.shared.incident is not None or not self.writes

    def settle(self, words: Sequence[str]) -> None:
        """Take these words for the text, once a person has said what the first of them means."""
        self.words = self.after = tuple(words)

    def repeated(
        self, words: Sequence[str], incident: object = None, *, for_word: str | None = None, also: Sequence[str] = ()
    ) -> Command:
        """Return the command line again, with every option, and the moments as they were read now.

        Args:
            words: The words but the reference.
            incident: The id; without one, the incident that was named.
            for_word: What was for the incident, on verbs that have no ``-i``.
            also: Further options.
        """
        read = self.session.read_as
        options: list[str] = []
        for name, value in self.typed.options:
            options.append(name)
            if value is not None:
                options.append(read.get((name, value)) or _pair(value, read))
        options += also
        again = [_word(word, place, read) for place, word in enumerate(words)]
        named = self.usage.startswith("[REF]")
        if not named and for_word is not None:
            again, options = (
                [str(incident) if word == for_word else word for word in part] for part in (again, options)
            )
            if for_word not in self.typed.words and str(incident) not in options:
                again.insert(0, str(incident))
        which = (incident or self.reference) if named else None
        return Command(self.verb, *again, options=options, incident=which, by=self.typed.by)


def _word(word: str, place: int, read: Mapping[tuple[str, str], str]) -> str:
    """Put moments as they were read in the place of those that depend on the clock."""
    if place == 0 and ("T", word) in read:
        return read["T", word]
    return " ".join(
        read.get(("from", part)) or read.get(("to", part)) or read.get(("at", part), part)
        for part in _pair(word, read).split(" ")
    )


def _pair(word: str, read: Mapping[tuple[str, str], str]) -> str:
    key, equals, value = word.partition("=")
    return f"{key}={read[key, value]}" if equals and (key, value) in read else word
