"""Faults of a request, as exceptions that carry their exit code.

Faults found in data are values instead (``core.problem.Problem``): one broken note never stops a report.

    OkbError                      1  base; a sentence, and what to do next
    ├ UsageError                  2  an argument or option is wrong
    ├ SettingsError               3  a settings file is wrong
    ├ VaultError                  3  no vault, not a vault, a vault that cannot be written
    ├ NotFoundError               4  no such incident, template, section
    │ └ AmbiguousReferenceError   4  several fit
    ├ InvalidNoteError            5  a note that has to be edited cannot be, or `check` has findings
    ├ ConflictError               6  changed by someone else meanwhile; exists already
    │ └ BusyError                 6  nothing was written: others held the lock, or went on saving the note
    ├ TransitionError             7  the status does not allow that verb
    └ DeliveryError               8  the note is written, the message was not delivered
"""

from __future__ import annotations

from enum import IntEnum, unique
from typing import TYPE_CHECKING, ClassVar

from okb_incident.command import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.command import Candidate, Command, Text


@unique
class ExitCode(IntEnum):
    """What a command's exit code says; the numbers are part of the interface."""

    OK = 0
    FAILURE = 1
    USAGE = 2
    SETTINGS = 3
    NOT_FOUND = 4
    INVALID = 5
    CONFLICT = 6
    REFUSED = 7
    DELIVERY = 8
    DUE = 9
    INTERRUPTED = 130


class OkbError(Exception):
    """A request that cannot be met.

    Attributes:
        message: One sentence: what was wrong, where, what is allowed, an example.
        field: The option, setting or property it is about.
        value: What was given for it.
        allowed: The values that would have been accepted, where they can be listed.
        hint: What to do next, best as a command to type.
        candidates: The words or the commands that were meant, perhaps.
        more: Tells of candidates that are too many to list.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.FAILURE
    code: ClassVar[str] = "failure"

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        value: str | None = None,
        allowed: tuple[str, ...] = (),
        hint: Text | None = None,
        candidates: tuple[str | Candidate, ...] = (),
        more: Text | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.value = value
        self.allowed = allowed
        self.hint = hint
        self.candidates = candidates
        self.more = more


class UsageError(OkbError):
    """An argument or option is wrong."""

    exit_code = ExitCode.USAGE
    code = "usage"


class MissingWordError(UsageError):
    """A word is missing that only a person knows; on a terminal it is asked for, and the verb tried again with it.

    Attributes:
        question: What is asked, as a clause: ``what has to be done``.
        fill: From the words that were typed and the answer to the words that were meant.
        option: The option whose value the answer is; None where it is a word.
    """

    def __init__(
        self,
        name: str,
        question: str,
        example: str,
        *,
        allowed: tuple[str, ...] = (),
        hint: Text | None = None,
        fill: Callable[[Sequence[str], str], Sequence[str]] | None = None,
        option: str | None = None,
    ) -> None:
        """Make one.

        Args:
            name: What is missing, as the help of the verb calls it: ``TEXT``.
            question: What is asked.
            example: A command that has it, without the program's name.
            allowed: The values that are accepted, where they can be listed.
            hint: What to do otherwise.
            fill: Where the answer goes; after all other words, unless said otherwise.
            option: The option whose value the answer is.
        """
        super().__init__(
            f"{name} is missing: {question}? such as: incident {example}", field=name, allowed=allowed, hint=hint
        )
        self.question = question
        self.fill = fill or (lambda words, answer: (*words, answer))
        self.option = option


class SettingsError(OkbError):
    """A settings file is wrong."""

    exit_code = ExitCode.SETTINGS
    code = "settings"


class VaultError(OkbError):
    """There is no vault here, or it cannot be used as asked."""

    exit_code = ExitCode.SETTINGS
    code = "vault"


class NotFoundError(OkbError):
    """What was named does not exist."""

    exit_code = ExitCode.NOT_FOUND
    code = "not-found"


class AmbiguousReferenceError(NotFoundError):
    """What was named could be several things."""

    code = "ambiguous"


class InvalidNoteError(OkbError):
    """A note cannot be read or edited as asked."""

    exit_code = ExitCode.INVALID
    code = "invalid-note"


class ConflictError(OkbError):
    """Someone else changed it meanwhile, made it first, or holds the lock."""

    exit_code = ExitCode.CONFLICT
    code = "conflict"


class BusyError(ConflictError):
    """Others were writing all the time; nothing was written, and the same command may succeed in a moment."""

    def give_back(self, command: Command) -> None:
        """Offer the command that was typed, unless it is offered already."""
        if not isinstance(self.hint, Sentence):
            self.hint = Sentence("nothing was written; repeat: ", command)


class TransitionError(OkbError):
    """The incident's status does not allow that verb."""

    exit_code = ExitCode.REFUSED
    code = "transition"


class DeliveryError(OkbError):
    """The note is written; a message was not delivered."""

    exit_code = ExitCode.DELIVERY
    code = "delivery"
