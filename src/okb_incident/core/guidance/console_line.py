"""A line typed in the console, read: an entry of the timeline, a command, a question which of both, or a refusal."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

VERBS = frozenset(
    {
        "ack",
        "severity",
        "identify",
        "contain",
        "mitigate",
        "resolve",
        "reopen",
        "tell",
        "expect",
        "role",
        "team",
        "escalate",
        "action",
        "verify",
        "next",
        "show",
        "timeline",
        "undo",
        "log",
    }
)
"""Commands of the command line that a console has."""

OWN = {"as": "as", "help": "help", "quit": "quit", "q": "quit", "exit": "quit"}
"""What the console does itself."""

GROUPS = {"action": ("add", "add start done cancel list"), "team": ("activate", "activate joined left list")}
"""Commands with commands below them: the one that is meant without a name, and all of them."""

READING = frozenset({"next", "show", "timeline", "action list", "team list"})
"""Commands that write nothing."""

NAMED = re.compile(r"(?P<name>(?P<sort>[ah])\d+)")
ENDED = re.compile(r"(?:(?P<confirmed>confirmed)|refuted|rejected|disproved|wrong|ruled out)[,:]?(?= |$)")
TIMED = re.compile(
    r"(?P<at>(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?|-\d{1,6}(?:s|m|min|h|d))[ \t]+(?P<text>\S.*)", re.DOTALL
)
WHOLE = re.compile(r"(?:\d{4}-\d{2,3}|[a-z]+-\d{8}-\d+)", re.IGNORECASE)
"""A reference that is nothing else."""
SHORT = re.compile(r"last|\d{2,3}", re.IGNORECASE)
"""A reference, or the beginning of a text."""
TOKEN = re.compile(r'(?:^|(?<=\s))"([^"]*)"(?=\s|$)|(\S+)')
AS_TEXT = "a leading blank makes the line text"
ANOTHER = "this console is about one incident; name another in another terminal"


class TextLine(NamedTuple):
    """An entry of the timeline.

    Attributes:
        text: Its first line.
        at: Its time as typed; None for now.
        below: All lines of a pasted text that has several.
    """

    text: str
    at: str | None = None
    below: str | None = None


class CommandLine(NamedTuple):
    """A command.

    Attributes:
        verb: The command of the command line, of a group both words; or one of the console's own.
        words: The words and options after it.
    """

    verb: str
    words: tuple[str, ...] = ()

    @property
    def writes(self) -> bool:
        """Return whether the command may change the incident."""
        return self.verb not in READING and self.verb not in OWN.values()


class LoneVerb(NamedTuple):
    """A line that is nothing but a verb, and may be either."""

    command: CommandLine
    text: TextLine


class RefusedLine(NamedTuple):
    """A line that is not carried out and stays in the prompt."""

    reason: str


def read_line(
    line: str, *, known: Mapping[str, Sequence[str]], names: Collection[str]
) -> TextLine | CommandLine | LoneVerb | RefusedLine | None:
    """Read a line; return None for an empty one.

    Args:
        line: What was typed. One that begins with a blank, as pasted ones do, or has several lines is never a command.
        known: The commands of the command line and their aliases, each with the words that it stands for.
        names: What names the incident of the console, in lower case.
    """
    if not line.strip():
        return None
    if line[0].isspace():
        # The indentation of what was pasted stays.
        return _text(line[1:])
    if "\n" in line:
        return _timed(line)
    if line.startswith("//"):
        return _text(line[1:])
    if line.startswith("/"):
        return _after_slash(line, known, names)
    first, *rest = line.split(maxsplit=2)
    if first == "incident" and rest and (rest[0] in known or rest[0].startswith("-")):
        return _as_shell(line, known, names)
    if not rest and (first in known or first in OWN):
        meant = _command(first, [], known)
        meant = meant if isinstance(meant, RefusedLine) else _about_this(meant, names, numbers=False)
        return meant if isinstance(meant, RefusedLine) else LoneVerb(meant, TextLine(first))
    return _timed(line)


def _timed(line: str) -> TextLine | RefusedLine:
    """Read text that may begin with its time."""
    found = TIMED.fullmatch(line)
    if found is None:
        return _text(line)
    command = re.match(r"/([a-z]+)(?!\S)", found["text"])
    if command and command[1] in VERBS:
        return RefusedLine(f"the time of a command comes last: {found['text'].strip()} --at {found['at']}")
    text = _text(found["text"])
    return text if isinstance(text, RefusedLine) else text._replace(at=found["at"])


def _text(text: str) -> TextLine | RefusedLine:
    lines = text.strip().splitlines()
    if lines == ["-"]:
        return RefusedLine("a lone hyphen is not an entry")
    return TextLine(lines[0], None, text.strip("\r\n").rstrip() if len(lines) > 1 else None)


def _after_slash(
    line: str, known: Mapping[str, Sequence[str]], names: Collection[str]
) -> TextLine | CommandLine | RefusedLine:
    """Read a line that begins with a slash."""
    head, *words = [quoted or bare for quoted, bare in TOKEN.findall(line)]
    name = head[1:]
    if named := NAMED.fullmatch(name):
        return _named(named, tuple(words))
    if name not in OWN and name not in known:
        if name.isalpha():
            return RefusedLine(f"unknown command /{name}; /help lists all, and {AS_TEXT}")
        return _text(line)
    command = _command(name, words, known)
    # A number before other words is part of a text, since it is not needed to name the incident.
    return command if isinstance(command, RefusedLine) else _about_this(command, names, numbers=len(words) == 1)


def _as_shell(line: str, known: Mapping[str, Sequence[str]], names: Collection[str]) -> CommandLine | RefusedLine:
    """Read a line that is a command for a shell, as a shell reads it."""
    try:
        _, name, *words = shlex.split(line)
    except ValueError:
        return RefusedLine(f"a quotation mark is not closed; {AS_TEXT}")
    if name not in known:
        return RefusedLine(f"the console takes no option before the command; {AS_TEXT}")
    command = _command(name, words, known)
    return command if isinstance(command, RefusedLine) else _about_this(command, names, numbers=True)


def _command(name: str, words: Sequence[str], known: Mapping[str, Sequence[str]]) -> CommandLine | RefusedLine:
    """Return the command of a name; below a group the one that is named, or else the usual one."""
    if name in OWN:
        return CommandLine(OWN[name], tuple(words))
    verb, *ahead = known[name]
    if verb not in VERBS:
        return RefusedLine(f"{name} is not available in the console; use another terminal, or {AS_TEXT}")
    words = (*ahead, *words)
    if verb not in GROUPS:
        return CommandLine(verb, words)
    usual, every = GROUPS[verb]
    if not words:
        return CommandLine(f"{verb} list")
    if words[0] in every.split():
        return CommandLine(f"{verb} {words[0]}", words[1:])
    return CommandLine(f"{verb} {usual}", words)


def _named(found: re.Match[str], words: tuple[str, ...]) -> CommandLine | RefusedLine:
    """Read a command on an action or a hypothesis: ``/a1 done``, ``/h1 confirmed``."""
    name = found["name"]
    if found["sort"] == "h":
        if ended := ENDED.match(" ".join(words[:2])):
            result = "confirmed" if ended["confirmed"] else "ruled out"
            return CommandLine("log", (name, *result.split(), *words[len(ended[0].split()) :]))
        return RefusedLine(f"what about {name}? /{name} confirmed, or /{name} refuted")
    if words and words[0] in {"start", "done", "cancel"}:
        return CommandLine(f"action {words[0]}", (name, *words[1:]))
    return RefusedLine(f"what about {name}? /{name} start, /{name} done, or /{name} cancel")


def _about_this(command: CommandLine, names: Collection[str], *, numbers: bool) -> CommandLine | RefusedLine:
    """Return a command without the name of the console's incident; refuse one about another incident or another vault.

    Args:
        command: The command.
        names: What names the incident, in lower case.
        numbers: A number or ``last`` at the beginning names an incident.
    """
    words = list(command.words)
    for option in ("-i", "--incident"):
        while option in words:
            place = words.index(option)
            if place + 1 >= len(words) or words[place + 1].lower() not in names:
                return RefusedLine(ANOTHER)
            del words[place : place + 2]
    if any(word.startswith(("--incident=", "--vault")) or re.match("-i.", word) for word in words):
        return RefusedLine(ANOTHER)
    first = words[0].lower() if words else ""
    if first in names and (numbers or WHOLE.fullmatch(first)):
        del words[0]
    elif WHOLE.fullmatch(first) or (numbers and _may_name(command.verb, words)):
        return RefusedLine(ANOTHER)
    if command.verb == "log" and not _has_text(words):
        # Without words it would read lines of its own.
        return RefusedLine("there is nothing to log; a line without a slash is an entry")
    return command._replace(words=tuple(words))


def _has_text(words: Sequence[str]) -> bool:
    """Return whether there is a word beside options and their values."""
    return any(
        not word.startswith("-") and before not in {"--at", "--as", "--below", "--lines"}
        for before, word in zip(("", *words), words, strict=False)
    )


def _may_name(verb: str, words: Sequence[str]) -> bool:
    """Return whether the first word names an incident: a number, and ``last`` where no text follows; alone, it may be what a verb needs."""
    if len(words) == 1:
        return verb != "expect" and bool(SHORT.fullmatch(words[0]))
    return bool(words) and words[0].isdecimal() and bool(SHORT.fullmatch(words[0]))


def line_of(command: Sequence[str], incident: str) -> list[str] | None:
    """Return the words of a console's line that runs a command of the command line; None where there is none.

    Args:
        command: An argument vector without the program's name.
        incident: The id of the console's incident, which the command names.
    """
    verb, *words = command
    if verb not in VERBS or "-i" not in words:
        return None
    place = words.index("-i")
    if words[place + 1 : place + 2] != [incident]:
        return None
    del words[place : place + 2]
    typed = [f"/{verb}", *(f'"{word}"' if not word or re.search(r"\s", word) else word for word in words)]
    known = {verb: (verb,)}
    # What would be read as another command is not offered.
    is_same = read_line(" ".join(typed), known=known, names=(incident.lower(),)) == _command(verb, words, known)
    return typed if is_same else None
