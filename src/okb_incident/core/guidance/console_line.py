"""A line typed in the console, read: an entry of the timeline, a command, a question which of both, or a refusal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

VERBS = {
    "ack": "ack",
    "severity": "severity",
    "sev": "severity",
    "identify": "identify",
    "contain": "contain",
    "mitigate": "mitigate",
    "resolve": "resolve",
    "reopen": "reopen",
    "tell": "tell",
    "expect": "expect",
    "role": "role",
    "handoff": "handoff",
    "team": "team",
    "escalate": "escalate",
    "action": "action",
    "verify": "verify",
    "next": "next",
    "show": "show",
    "timeline": "timeline",
    "undo": "undo",
    "log": "log",
}
"""What is typed after the slash, and the command that it runs."""

OWN = {"as": "as", "help": "help", "quit": "quit", "q": "quit", "exit": "quit"}
"""What the console does itself."""

GROUPS = {"action": ("add", "add start done cancel list"), "team": ("activate", "activate joined left list")}
"""Commands with commands below them: the one that is meant without a name, and all of them."""

READING = frozenset({"next", "show", "timeline", "action list", "team list"})
"""Commands that write nothing."""

NAMED = re.compile(r"(?P<name>(?P<sort>[ah])\d+)")
TIMED = re.compile(r"(?P<at>\d{1,2}:\d{2}(?::\d{2})?|-\d{1,6}(?:s|m|min|h|d))[ \t]+(?P<text>\S.*)", re.DOTALL)
REFERENCE = re.compile(r"last|\d{2,3}|\d{4}-\d{2,3}|[a-z]+-\d{8}-\d+", re.IGNORECASE)
TOKEN = re.compile(r'(?:^|(?<=\s))"([^"]*)"(?=\s|$)|(\S+)')
AS_TEXT = "a leading blank makes the line text"


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
    line: str, *, pasted: bool, known: Collection[str], names: Collection[str]
) -> TextLine | CommandLine | LoneVerb | RefusedLine | None:
    """Read a line; return None for an empty one.

    Args:
        line: What was typed.
        pasted: It begins with pasted text, which is never a command.
        known: The commands of the command line.
        names: What names the incident of the console, in lower case.
    """
    if not line.strip():
        return None
    if pasted or line[0].isspace():
        return _text(line)
    if line.startswith("//"):
        return _text(line[1:])
    if line.startswith("/"):
        return _command(line, names)
    first, _, rest = line.partition(" ")
    if first == "incident" and (verb := rest.split(" ", 1)[0]) in known:
        if verb in VERBS:
            return _command("/" + rest, names)
        return RefusedLine(f"incident {verb} is not available in the console; use another terminal, or {AS_TEXT}")
    lone = line.strip()
    if lone in VERBS or lone in {"q", "quit", "exit"}:
        return LoneVerb(_verb(lone, ()), TextLine(lone))
    return _timed(line)


def _timed(line: str) -> TextLine | RefusedLine:
    """Read text that may begin with its time."""
    found = TIMED.fullmatch(line)
    if found is None:
        return _text(line)
    command = re.match(r"/([a-z]+)", found["text"])
    if command and command[1] in VERBS:
        return RefusedLine(f"the time of a command comes last: {found['text'].strip()} --at {found['at']}")
    text = _text(found["text"])
    return text if isinstance(text, RefusedLine) else text._replace(at=found["at"])


def _text(text: str) -> TextLine | RefusedLine:
    lines = text.strip().splitlines()
    if lines == ["-"]:
        return RefusedLine("a lone hyphen is not an entry")
    return TextLine(lines[0], None, text.strip("\r\n").rstrip() if len(lines) > 1 else None)


def _command(line: str, names: Collection[str]) -> TextLine | CommandLine | RefusedLine:
    """Read a line that begins with a slash."""
    head, *words = [quoted or bare for quoted, bare in TOKEN.findall(line)]
    name = head[1:]
    if named := NAMED.fullmatch(name):
        return _named(named, tuple(words))
    if name not in VERBS and name not in OWN:
        if name.isalpha():
            return RefusedLine(f"unknown command /{name}; /help lists all, and {AS_TEXT}")
        return _text(line)
    rest = _without_reference(name, words, names)
    if rest is None:
        return RefusedLine("this console is about one incident; name another in another terminal")
    return _verb(name, rest)


def _verb(name: str, words: tuple[str, ...]) -> CommandLine:
    """Return the command of a name; below a group the one that is named, or else the usual one."""
    verb = OWN.get(name) or VERBS[name]
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
        if words and words[0] in {"confirmed", "refuted", "ruled"}:
            return CommandLine("log", (" ".join((name, *words)),))
        return RefusedLine(f"what about {name}? /{name} confirmed, or /{name} refuted")
    if words and words[0] in {"start", "done", "cancel"}:
        return CommandLine(f"action {words[0]}", (name, *words[1:]))
    return RefusedLine(f"what about {name}? /{name} start, /{name} done, or /{name} cancel")


def _without_reference(name: str, words: list[str], names: Collection[str]) -> tuple[str, ...] | None:
    """Return words without the incident of the console; None where they name another incident or another vault."""
    kept = list(words)
    for option in ("-i", "--incident"):
        if option in kept:
            place = kept.index(option)
            if place + 1 >= len(kept) or kept[place + 1].lower() not in names:
                return None
            del kept[place : place + 2]
    if any(word.startswith(("--incident=", "--vault")) or re.match("-i.", word) for word in kept):
        return None
    first = kept[0] if kept else ""
    if name == "expect" or not REFERENCE.fullmatch(first):
        return tuple(kept)
    if first.lower() in names:
        return tuple(kept[1:])
    # A lone number or "last" may begin a text; an id in full names an incident.
    return None if "-" in first else tuple(kept)
