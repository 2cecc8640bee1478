"""The words of the product: none of the turns that readers took for a machine translation.

Every text that a person reads is looked at: the help of all commands, every string of the source that is a sentence (answers, errors,
hints, findings, questions, names of settings), docstrings and comments, the templates, the README and the docs. Each pattern has the
reason why it is one, and what to write in its place.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from okb_incident.cli.main import app
from okb_incident.cli.pages import all_commands, first_page
from okb_incident.cli.reference import pages
from okb_incident.cli.topics import TOPICS, topic_page
from okb_incident.core.timeline.timeline_reference import timeline_reference

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "okb_incident"

PROGRAM = frozenset({"help", "strings"})
EVERYWHERE = PROGRAM | {"docstrings", "comments", "templates", "docs"}
CODE = frozenset({"docstrings"})


class Pattern(NamedTuple):
    """A turn that no text may have.

    Attributes:
        found: What finds it.
        wrong: A text that has it.
        right: What that text says instead.
        why: Why it is one.
        where: The kinds of text that it is looked for in.
    """

    found: str
    wrong: str
    right: str
    why: str
    where: frozenset[str] = EVERYWHERE


PATTERNS = (
    Pattern(r"(?<!there )\b(?:is|are|was|were) no (?!longer\b|more\b|such\b|other\b)", "'x' is no role", "unknown role 'x'", "English denies the verb"),
    Pattern(r"\b(?:is|are) none of (?!\S*(?:that|these|those) )", "'x' is none of a, b", "unknown kind 'x'; choose from a, b", "English denies the verb"),
    Pattern(r"\bmend(?:s|ed|ing)?\b", "mend the note", "repair the note", "software is repaired"),
    Pattern(r"\b(?:at|put(?:ting)? to|put .{1,20} to) rest\b", "put to rest", "closed", "incidents are closed"),
    Pattern(r"\bask(?:s|ed)? nobody\b|\bis nobody\b", "Ask nobody.", "Do not ask for confirmation.", "English denies the verb"),
    Pattern(r"\b(?:it is so|is so) already\b|\balready says so\b|\bnothing to do: it\b", "nothing to do: it is so already", "already SEV1", "name the state that it has"),
    Pattern(r"\bthere is no incident to \w+ now\b", "there is no incident to history now", "no incident for history", "a command is not a verb of the sentence"),
    Pattern(r"\bowe[ds]\b", "a message is owed", "a message is due", "updates are due"),
    Pattern(r"\bbeside it\b", "the copy beside it", "the copy next to it", "a file is next to another"),
    Pattern(r"\b(?:lies|stands|stood)\b(?! (?:for|in for)\b)", "the note lies in a folder", "the note is in a folder", "a thing is somewhere"),
    Pattern(r"\b(?:may|can|could|must|would|will) (?:lie|stand)\b(?! for\b)", "it may stand in quotes", "it may be in quotes", "a thing is somewhere"),
    Pattern(r"\bthe house\b", "outside the house", "outside the organization", "people work for an organization"),
    Pattern(r"\bin spite of\b", "closed in spite of checks", "closed without checks", "an override names what is missing"),
    Pattern(r"\b(?:takes?|took|taken) back\b", "the change was taken back", "the change was undone", "changes are undone or rolled back"),
    Pattern(r"\b(?:is|are) to be (?:done|said|told|drafted|sent)\b", "what is to be done", "the follow-ups", "name the thing"),
    Pattern(r"\b(?:somebody|anybody|everybody|nobody) that\b", "somebody that helps", "a person who helps", "people are who"),
    Pattern(r"\b(?:somebody|anybody|everybody|nobody)\b", "approved by somebody else", "approved by someone else", "one form, the plain one", PROGRAM),
    Pattern(r"\b(?:given|gives?|gave) up\b", "f1 was given up", "f1 was cancelled", "work is cancelled", PROGRAM),
    Pattern(r"\btold\b", "the users are told", "the users are informed", "messages are sent, people informed", PROGRAM | {"templates"}),
    Pattern(r"\b(?:without|said|last|in) a word\b|\blast word\b", "the last word to users", "the last message to users", "a message is a message", PROGRAM | {"templates"}),
    Pattern(r"\bgates?\b", "the gates are met", "the requirements are met", "closing has requirements", PROGRAM),
    Pattern(r"\bset aside\b|\b(?:laid|lays?) down\b", "the role was laid down", "the role was left", "name the action", PROGRAM),
    Pattern(r"\banew\b|\bmeanwhile\b|\bby now\b|\bin between\b", "changed meanwhile", "just changed", "an answer says it shortly", PROGRAM),
    Pattern(r"\bsay (?:that|whether|why|who)\b|\bsays? so\b", "it is a step back; say why", "a step back needs a reason", "name what to write or set", PROGRAM),
    Pattern(r"\bn't\b|\w+n't\b|\b(?:it|that|there|what|who)'s\b|\b(?:you|we|they)'(?:re|ve|ll)\b", "it's done", "it is done", "no contractions", PROGRAM | {"templates", "docs"}),
    Pattern(r"\b(?:colour|catalogue|behaviour|(?:summar|organ|recogn|author|priorit)is(?:e|es|ed|ing))\b", "the service catalogue", "the service catalog", "American spelling", PROGRAM | {"templates"}),
    Pattern(r"\A(?:Give|Say|Tell)\b", "Give the id.", "Return the id.", "a docstring begins with what the function does", CODE),
    Pattern(r"\ASay |\AGive ", "Say that the impact has stopped.", "Mark the impact as stopped.", "help begins with the action", frozenset({"help"})),
    Pattern(r"\bmoment\b|\bwhoever\b|\btake it\b", "the moment of the change", "the time of the change", "the field's words", frozenset({"help"})),
)  # fmt: skip

#: Texts that have a pattern and stay, each with its reason: a part of a text, by the end of a path.
ALLOWED = {
    ("core/comms/disclosure.py", "not told"): "the form of a decision in the timeline",
    ("core/comms/disclosure.py", "are told although"): "the form of a decision in the timeline",
    ("core/guidance/facts.py", "given up"): "a value that templates compare",
    ("core/timeline/task.py", "given up"): "a value that programs compare",
    ("workflow/comms/tell.py", "owed: "): "the name of a field",
    ("workflow/review/review_list.py", "``owed``"): "a value that programs read",
    ("vault/disk/exchange.py", "`mend`"): "the name of a function",
    ("workflow/care/doctor.py", "mend: "): "the name of a field",
    ("vault/index/rows.py", "told"): "a column of the index",
    ("workflow/care/template_check.py", "we take back the last change"): "what a person writes into an example",
}


class Text(NamedTuple):
    """A text that a person reads, and where it is."""

    where: str
    text: str


def source() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def docstring_in(node: object) -> ast.Constant | None:
    """Return the string of a statement that is nothing but a string."""
    value = node.value if isinstance(node, ast.Expr) else None
    return value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def docstrings() -> list[Text]:
    found = []
    for path in source():
        for node in ast.walk(parsed(path)):
            constant = docstring_in(node)
            found += [Text(f"{path}:{constant.lineno}", str(constant.value))] if constant else []
    return found


def strings() -> list[Text]:
    """Return every string of the source with a blank in it, f-strings as one text with ``{}`` for each value."""
    found = []
    for path in source():
        parts = set()
        for node in ast.walk(parsed(path)):
            if constant := docstring_in(node):
                parts.add(id(constant))
            elif isinstance(node, ast.JoinedStr):
                parts |= {id(each) for each in node.values}
                text = "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)
                found.append(Text(f"{path}:{node.lineno}", text))
        found += [
            Text(f"{path}:{node.lineno}", node.value)
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts
        ]
    return [each for each in found if " " in each.text]


def comments() -> list[Text]:
    return [
        Text(f"{path}:{token.start[0]}", token.string)
        for path in source()
        for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
        if token.type == tokenize.COMMENT
    ]


def help_texts() -> list[Text]:
    from typer.main import get_command

    found = [Text("first page", first_page()), Text("all commands", all_commands())]
    found += [Text(f"topic {topic}", topic_page(topic)) for topic in TOPICS]
    left: list[tuple[str, Any]] = [("incident", get_command(app))]
    while left:
        name, command = left.pop()
        found.append(Text(f"{name} --help", (command.help or "").partition("\b")[0]))
        found += [Text(f"{name} {each.name}", text) for each in command.params if (text := getattr(each, "help", None))]
        if hasattr(command, "list_commands"):
            left += [(f"{name} {each}", command.get_command(None, each)) for each in command.list_commands(None)]
    return found


def templates() -> list[Text]:
    return [Text(str(path), path.read_text(encoding="utf-8")) for path in sorted((ROOT / "templates").glob("*.md"))]


def docs() -> list[Text]:
    """Return README and docs without code, the generated pages as they would be written now."""
    made = {**pages(), "timeline.md": timeline_reference()}
    written = [ROOT / "README.md", *(path for path in sorted((ROOT / "docs").glob("*.md")) if path.name not in made)]
    written = [path for path in written if path.name != "communications.md"]
    texts = [Text(str(path), path.read_text(encoding="utf-8")) for path in written]
    texts += [Text(name, text) for name, text in made.items()]
    return [Text(where, re.sub(r"(?ms)^ *```.*?^ *```$|`[^`\n]*`", "``", text)) for where, text in texts]


KINDS = {
    "help": help_texts,
    "strings": strings,
    "docstrings": docstrings,
    "comments": comments,
    "templates": templates,
    "docs": docs,
}


@cache
def texts(kind: str) -> list[Text]:
    return KINDS[kind]()


def is_allowed(each: Text, found: str) -> bool:
    path = each.where.rpartition(":")[0]
    return any(path.endswith(end) and part in each.text and found in part for end, part in ALLOWED)


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [pytest.param(each, kind, id=f"{kind}-{each.wrong}") for each in PATTERNS for kind in KINDS if kind in each.where],
)
def test_no_text_has_a_turn_that_readers_stumble_over(pattern, kind):
    found = [
        f"{each.where}: …{each.text[max(match.start() - 40, 0) : match.end() + 40]!r}…"
        for each in texts(kind)
        for match in re.finditer(pattern.found, each.text, re.IGNORECASE)
        if not is_allowed(each, match.group(0))
    ]
    assert found == [], f"{pattern.why}: not {pattern.wrong!r}, but {pattern.right!r}"


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.wrong)
def test_a_pattern_finds_the_wrong_form_and_not_the_right_one(pattern):
    assert re.search(pattern.found, pattern.wrong, re.IGNORECASE)
    assert not re.search(pattern.found, pattern.right, re.IGNORECASE)


def test_every_kind_of_text_is_looked_at():
    assert {kind: len(texts(kind)) > 20 for kind in KINDS} == dict.fromkeys(KINDS, True)
    assert any("choose from team" in each.text or "choose from" in each.text for each in texts("strings"))


def test_what_is_allowed_is_still_there():
    known = [*texts("strings"), *texts("comments"), *texts("docstrings")]
    stale = [
        (end, part)
        for end, part in ALLOWED
        if not any(each.where.rpartition(":")[0].endswith(end) and part in each.text for each in known)
    ]
    assert stale == []
