"""One call of a verb: what was asked, and the few things that every verb does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okb_incident.errors import BusyError
from okb_incident.workflow.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.core.incident.change import Change
    from okb_incident.core.timeline.record import Record
    from okb_incident.errors import MissingWordError
    from okb_incident.vault.write.steps import Step
    from okb_incident.workflow.change import ChangedIncident
    from okb_incident.workflow.reference import Fits, Target
    from okb_incident.workflow.request import Shared, Typed

    Decision = Callable[[Record], Change]


class Call(Request):
    """A request, and what is done about it. A verb reads its words and options first, then finds its incident, then decides."""

    def again(
        self,
        words: Sequence[str] = (),
        incident: str | None = None,
        options: Sequence[tuple[str, str | None]] = (),
    ) -> Call:
        """Return the same call as if it were made now, with other words, further options, and the incident that is known meanwhile."""
        return self._anew(
            self.typed._replace(words=tuple(words), options=(*self.typed.options, *options)),
            self.shared._replace(incident=incident or self.shared.incident),
        )

    def answered(self, missing: MissingWordError, answer: str) -> Call:
        """Return the same call with a word that was missing."""
        name = missing.option
        if name is None:
            return self._anew(self.typed._replace(words=tuple(missing.fill(self.typed.words, answer))), self.shared)
        option = (f"--{name.replace('_', '-')}", answer)
        shared = self.shared._replace(reason=answer) if name == "reason" else self.shared
        return self._anew(self.typed._replace(options=(*self.typed.options, option)), shared)

    def _anew(self, typed: Typed, shared: Shared) -> Call:
        return Call(
            self.session.again(),
            typed,
            usage=self.usage,
            shared=shared,
            writes=self.writes,
            person=self.person,
            question=self.question,
        )

    def about_to_write(self) -> None:
        """Refuse a vault that may not be written, and finish what a crash cut off; a dry run does neither.

        Raises:
            OkbError: The vault cannot be written.
        """
        if self.dry_run:
            return
        try:
            self.session.about_to_write()
        except BusyError as error:
            error.give_back(self.repeated(self.after))
            raise

    def target(self, *fits: Fits) -> Target:
        """Find the incident that is meant; where none is named, the one that fits: an open one, unless said otherwise.

        Raises:
            NotFoundError: There is none, or there are several.
        """
        if self.writes:
            self.about_to_write()
        from okb_incident.workflow.reference import find_target, is_open  # noqa: PLC0415 - `open` looks for none

        return find_target(self, *(fits or (is_open,)))

    def record(self, target: Target) -> Record:
        """Read what the note of an incident says now."""
        from okb_incident.workflow.change import incident_in, record_of  # noqa: PLC0415 - a list reads no record

        note = self.session.vault.read(target.path)
        incident = incident_in(self.session, target, note.text.encode(errors="surrogateescape"))
        return record_of(self.session, incident, note.text)

    def change(self, decide: Decision, *fits: Fits) -> ChangedIncident:
        """Find the incident that is meant, and apply a decision to its note.

        Raises:
            OkbError: No or several incidents fit, the decision refuses, or the note cannot be written.
        """
        return self.change_at(self.target(*fits), decide)

    def change_at(self, target: Target, decide: Decision, beside: Sequence[Step] = ()) -> ChangedIncident:
        """Apply a decision to the note of an incident that was found.

        Args:
            target: The incident.
            decide: From what the note says to what changes; may refuse by raising.
            beside: What is done to other notes in the same go; all of it is done, or nothing.

        Raises:
            OkbError: The decision refuses, or the note cannot be written.
        """
        (changed,) = self.change_each([(target, lambda record: self.keeping_words(decide(record)))], beside)
        return changed

    def checked(self, decide: Decision) -> Decision:
        """Return a decision that keeps what was typed with it, and whose typed moments fit the note or are confirmed."""
        if not self.session.typed:
            return lambda record: self.keeping_words(decide(record))
        from okb_incident.workflow.confirmation import confirmed  # noqa: PLC0415 - most moments are now

        return lambda record: confirmed(self, record, self.keeping_words(decide(record)))

    def keeping_words(self, change: Change) -> Change:
        """Log what was typed with what turns out to be done before; otherwise a change stays as it is."""
        if not change.already:
            return change
        from okb_incident.core.incident.change import keep_words  # noqa: PLC0415 - most calls change something
        from okb_incident.workflow.grammar import TEXT, part_names  # noqa: PLC0415

        words = self.why if TEXT.intersection(part_names(self.usage)) else self.reason
        noun = "reason" if self.reason or "REASON" in self.usage else "note"
        return keep_words(change, words, self.moment, noun, external=self.shared.external)

    def change_each(
        self, decisions: Sequence[tuple[Target, Decision]], beside: Sequence[Step] = ()
    ) -> list[ChangedIncident]:
        """Apply a decision to each of several incidents, all of them or none; otherwise as `change_at`."""
        from okb_incident.workflow.change import Terms, change_incidents  # noqa: PLC0415 - `open` changes nothing

        if self.session.typed:
            from okb_incident.workflow.confirmation import confirmed  # noqa: PLC0415 - most moments are now

            decisions = [
                (target, lambda record, decide=decide: confirmed(self, record, decide(record)))  # type: ignore[misc]
                for target, decide in decisions
            ]
        try:
            return change_incidents(self.session, decisions, Terms(self.verb, self.dry_run), beside)
        except BusyError as error:
            # What was asked for, or read from a terminal line by line, only this call knows.
            error.give_back(self.repeated(self.after))
            raise
