"""The words after a verb, split into the incident, what is fixed, and text.

Each verb declares its words as its help shows them, such as ``[REF] SEVERITY [REASON]…``. What is fixed comes from a closed set or has
a form of its own; all other words are text, and text may begin with anything: "last deploy rolled back", "12 pods restarted".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.text.terminal_text import shorten
from okb_incident.errors import UsageError
from okb_incident.workflow.whereabouts import look

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okb_incident.workflow.session import Session

#: An incident of the latest year by day and number, or by its number alone.
SHORT = r"(?:(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])-)?(?P<number>\d{2,3})"

REF, LOG_KIND, KNOWN = "REF", "KIND:", "PERSON|TEAM"
TEXT = frozenset({"WORDS", "TEXT", "REASON", LOG_KIND})
"""Parts that are text; on `log`, whose words are all its own, a number is never taken for an incident without asking."""


class PartedWords(NamedTuple):
    """Words, parted.

    Attributes:
        reference: The one for the incident; None where there is none.
        fixed: The fixed ones that were typed, by their names in the usage.
        rest: All others.
        doubt: The reference may as well be the first word of the text.
    """

    reference: str | None
    fixed: dict[str, str]
    rest: tuple[str, ...]
    doubt: bool = False


def part(session: Session, usage: str, words: Sequence[str], *, given: bool) -> PartedWords:
    """Split the words of a verb.

    Args:
        session: The session.
        usage: What the verb takes: ``[REF] SEVERITY [REASON]…``.
        words: What was typed.
        given: The incident was given as an option, so no word is a reference.

    Raises:
        UsageError: A word is left that no part of the usage takes.
    """
    parts = usage.split()
    names = [_name(each) for each in parts]
    takes_reference = names[:1] == [REF] and names[1:2] != [REF]
    reference, doubt = None, False
    if takes_reference and not given and words:
        # Where nothing but an incident is taken, the word names one whatever its form: a part of a title, perhaps.
        meant = len(parts) == 1 or _is_reference(session, parts[1:], words)
        if meant is not False:
            reference, words, doubt = words[0], words[1:], meant is None
    fixed, rest = _fixed(session, parts[takes_reference:], list(words))
    if fixed and rest and names[-1] in ENDS:
        raise UsageError(
            f"{shorten(rest[0])!r} is one word too many after {' '.join(fixed.values())}",
            field=names[-1],
            value=rest[0],
        )
    return PartedWords(reference, fixed, tuple(rest), doubt)


def part_names(usage: str) -> list[str]:
    """Return the names of the parts of a usage."""
    return [_name(each) for each in usage.split()]


def _name(usage: str) -> str:
    """Return the name of a part of a usage: ``ROLE`` of ``[ROLE]``, which is optional, ``TEAM`` of ``TEAM…``, which may be several."""
    return usage.strip("[]…")


def _is_optional(usage: str) -> bool:
    return usage.startswith("[")


def _is_many(usage: str) -> bool:
    return usage.endswith(("…", "…]"))


def short(word: str) -> re.Match[str] | None:
    """Read ``1123-01`` or ``01``; the pattern is compiled when it is first asked for, because `open` takes no reference."""
    return re.fullmatch(SHORT, word)


def _is_reference(session: Session, after: list[str], words: Sequence[str]) -> bool | None:
    """Return whether the first word names an incident; None where it may be text as well.

    Args:
        session: The session.
        after: What the verb takes after the reference.
        words: What was typed.
    """
    word, *others = words
    if session.vault.settings.ids.read(word) is not None or (short(word) and "-" in word):
        return True
    if word.lower() != "last" and not short(word):
        return False
    first = _name(after[0])
    is_log = first == LOG_KIND
    if not others and not is_log:
        return True
    if others and any(_reads(session, _name(each), others[0]) for each in _next(after)):
        return True
    if first in TEXT or first == KNOWN:
        return _number_means(session, word, is_log=is_log)
    # Where it cannot be what has to come next, the fault is in the word after it, and the error names that.
    return not _is_optional(after[0]) and not _reads(session, first, word)


def _next(after: list[str]) -> list[str]:
    """Return what may come next: optional parts, and the first that is not."""
    optional = next((place for place, each in enumerate(after) if not _is_optional(each)), len(after))
    return after[: optional + 1]


def _number_means(session: Session, word: str, *, is_log: bool) -> bool | None:
    """Return whether a word before text names an incident; only a number can, and on `log` never for certain."""
    if word.lower() == "last":
        return False
    number = int(word)
    if word.startswith("0") and any(known.number == number for known in session.vault.ids_seen()):
        return None if is_log else True
    return None if any(each.is_open and each.id.number == number for each in look(session).incidents) else False


def _fixed(session: Session, parts: Sequence[str], words: list[str]) -> tuple[dict[str, str], list[str]]:
    """Take off the words that are fixed, up to the first part that is not."""
    fixed: dict[str, str] = {}
    for each in parts:
        name = _name(each)
        if name not in READERS or _is_many(each) or not words:
            break
        if not _is_optional(each) or _reads(session, name, words[0]):
            fixed[name] = words.pop(0)
    return fixed, words


def _reads(session: Session, name: str, word: str) -> bool:
    """Return whether a fixed part can be this word."""
    reader = READERS.get(name) or FORMS.get(name)
    return reader is not None and reader(session, word)


def _one_of(*words: str) -> Callable[[Session, str], bool]:
    return lambda _, word: word.lower() in words


def _form(pattern: str) -> Callable[[Session, str], bool]:
    return lambda _, word: re.fullmatch(pattern, word, re.IGNORECASE) is not None


def _is_audience(_: Session, word: str) -> bool:
    from okb_incident.core.settings.policy import AUDIENCES  # noqa: PLC0415 - few verbs take one

    return word.lower() in AUDIENCES


def _is_role(_: Session, word: str) -> bool:
    from okb_incident.core.response.roles import read_role  # noqa: PLC0415 - few verbs take one

    return read_role(word) is not None


def _is_known(session: Session, word: str) -> bool:
    """Return whether a word names a person or a team that the vault knows, or is marked as a person with ``@``."""
    if re.fullmatch(r"@\w[\w-]*", word):
        return True
    teams = {name.lower() for name in session.vault.settings.policy.teams}
    return word.lower() in teams or (_is_name(session, word) and session.vault.person_named(word) is not None)


def _is_moment(session: Session, word: str) -> bool:
    try:
        session.moment(word, "T", promise=True)
    except UsageError:
        return False
    return True


def _is_name(_: Session, word: str) -> bool:
    """Return whether a word can name a person, a team or a service."""
    return word.lower() != "last" and any(sign.isalpha() for sign in word)


#: Parts that are one word each, by their names in a usage.
READERS: dict[str, Callable[[Session, str], bool]] = {
    "SEVERITY": lambda session, word: session.vault.settings.severities.read(word) is not None,
    "AUDIENCE": _is_audience,
    "ROLE": _is_role,
    "WHO": _is_name,
    KNOWN: _is_known,
    "ENTRY": _form(r"mine|e\d+|\d{1,2}:\d{2}(:\d{2})?|\d{4}-\d{2}-\d{2}T\S+"),
    "NAME": _form(r"[a-z]+\d+"),
    "uN": _form(r"u\d+"),
    "KIND": _form(r"action|solution|recovery|documentation|v\d+"),
    "T": _is_moment,
    "SCORE": _one_of("1", "2", "3", "4", "5"),
    "none|some|unknown": _one_of("none", "some", "unknown"),
}

#: Of these, those that nothing follows where they are last; behind a role or a message the verb itself reads on.
ENDS = frozenset({"NAME"})

#: Parts of several words, or words that a verb reads together; here only their form counts.
FORMS: dict[str, Callable[[Session, str], bool]] = {
    "TEAM": _is_name,
    "SERVICE": _is_name,
    "KEY=VALUE": _form(r"[^=]+=.*"),
    "TIME": _form(r"\d+([.,]\d+)?((h|m|min|hours?|minutes?)\S*)?"),
    "WHAT": _is_name,
}
