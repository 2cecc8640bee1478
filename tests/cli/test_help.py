"""Help: the first page, topics, the help of each command, aliases, and what an unknown command is answered with."""

from __future__ import annotations

import ast
import json
import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

import okb_incident
from okb_incident.cli.aliases import ALIASES, aliases_of, meant
from okb_incident.cli.command_help import parted
from okb_incident.cli.main import app
from okb_incident.cli.pages import all_commands, first_page
from okb_incident.cli.synonyms import SYNONYMS, suggestions
from okb_incident.cli.table import BY_NAME, NIGHT, VERBS
from okb_incident.cli.topics import TOPICS, topic_page

ROOT = Path(__file__).parents[2]
ROWS, COLUMNS = 24, 80
TWELVE = ["open", "ack", "log", "tell", "severity", "role", "escalate", "mitigate", "resolve", "status", "next", "undo"]
TOPIC_NAMES = [
    "respond",
    "record",
    "find",
    "communicate",
    "learn",
    "numbers",
    "obsidian",
    "connect",
    "scripts",
    "setup",
    "naming",
    "times",
]
#: Commands that can be typed in fewer than three useful ways.
FEW_FORMS = {"team list", "hooks", "demo"}


def every_command():
    """Return the words and the command of each command, groups and the commands below them alike."""
    root = get_command(app)
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        yield name, command
        yield from ((f"{name} {below}", each) for below, each in getattr(command, "commands", {}).items())


COMMANDS = dict(every_command())
LEAVES = [name for name, command in COMMANDS.items() if not getattr(command, "commands", {})]


# -- the first page ------------------------------------------------------------------------------------------------------


def test_the_first_page_is_the_same_however_it_is_asked_for(run):
    pages = [run(*words, vault=None) for words in ((), ("--help",), ("-h",), ("help",))]
    assert [page.returncode for page in pages] == [2, 0, 0, 0]
    assert {(page.stdout + page.stderr).rstrip("\n") for page in pages} == {first_page()}


def test_the_first_page_fits_a_screen_and_leaves_a_row_for_the_prompt():
    lines = first_page().splitlines()
    assert len(lines) < ROWS
    assert max(map(len, lines)) <= COLUMNS


def test_the_first_page_names_the_commands_of_a_night_and_the_ways_to_more():
    assert [verb.name for verb in VERBS if verb.group == NIGHT] == TWELVE
    rows = [line.split()[0] for line in first_page().splitlines() if line.startswith("  ") and line[2] != " "]
    beside = [name for name in ("console", "demo", "init") if name in BY_NAME]
    assert rows == [*TWELVE, *beside, "help", "help", "help"]
    assert all(topic in first_page() for topic in TOPICS)


def test_all_commands_are_listed_once_under_topics(run):
    listed = [line.split()[0] for line in all_commands().splitlines() if re.match(r"  [a-z]", line)]
    assert listed == list(BY_NAME)
    assert max(map(len, all_commands().splitlines())) <= COLUMNS
    assert run("help", "all", vault=None).stdout == f"{all_commands()}\n"


# -- topics --------------------------------------------------------------------------------------------------------------


def test_no_topic_is_named_like_a_command_or_an_alias():
    assert list(TOPICS) == TOPIC_NAMES
    assert not set(TOPICS) & {*BY_NAME, *(alias.split()[0] for alias in ALIASES), "all"}


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_fits_a_screen_and_lists_its_commands(run, topic):
    page = run("help", topic, vault=None).stdout
    assert page == f"{topic_page(topic)}\n"
    assert len(page.splitlines()) <= ROWS
    assert max(map(len, page.splitlines())) <= COLUMNS
    assert all(f"  {verb.name} " in page for verb in VERBS if verb.group == topic)


def test_every_command_is_on_the_first_page_or_in_a_topic():
    assert {verb.group for verb in VERBS} <= {NIGHT, *TOPICS}


def test_a_topic_typed_as_a_command_leads_to_its_help(run):
    done = run("respond", vault=None)
    assert done.returncode == 2
    assert done.stderr == (
        "incident: error: unknown command 'respond'; it is a topic of help\nhint: incident help respond\n"
    )


# -- one command ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_is_what_its_own_help_option_prints(run, name):
    asked, own = run("help", *name.split(), vault=None), run(*name.split(), "--help", vault=None)
    assert asked.stdout == own.stdout
    assert own.stdout.startswith(f"Usage: incident {name} ")


@pytest.mark.parametrize("name", LEAVES)
def test_a_command_shows_three_examples_before_its_options(run, name):
    text = run(*name.split(), "--help", vault=None).stdout
    _, examples = parted(COMMANDS[name].help)
    assert len(examples) >= (2 if name in FEW_FORMS else 3)
    place = text.index("Examples:")
    assert all(f"  {example}\n" in text[place:] for example in examples), "an example is never wrapped"
    assert place < text.index("options:\n")
    assert sum(f"incident {name}" in example for example in examples) * 2 > len(examples)


def parses(line: str) -> None:
    """Let the parser read a command line, and run nothing."""
    words = shlex.split(re.split(r" \|\|? | >>? |   +\(| {3,}", line)[0])
    assert words.pop(0) == "incident"
    command = get_command(app)
    context = command.make_context("incident", words, resilient_parsing=False)
    left = [*context._protected_args, *context.args]
    while left:
        _, command, left = command.resolve_command(context, left)  # type: ignore[attr-defined]
        context = command.make_context(command.name, left, parent=context)
        left = [*context._protected_args, *context.args] if getattr(command, "commands", {}) else []


@pytest.mark.parametrize("name", LEAVES)
def test_the_examples_of_a_command_can_be_typed(name):
    for example in parted(COMMANDS[name].help)[1]:
        for part in example.split(" | "):
            if part.startswith("incident "):
                parses(part)


@pytest.mark.parametrize("topic", TOPICS)
def test_the_examples_of_a_topic_can_be_typed(topic):
    for line in topic_page(topic).splitlines():
        if line.startswith("incident "):
            parses(line)


def test_options_that_all_share_come_last(run):
    text = run("open", "--help", vault=None).stdout
    titles = [line for line in text.splitlines() if re.fullmatch(r"[A-Z][a-z ]+:", line)]
    assert titles == ["Examples:", "Arguments:", "Options:", "Times:", "Common options:"]
    assert text.index("Common options:") < text.index("--json")


#: Aliases that are also nouns, which may follow the word incident.
NOUNS = {"note", "page", "update", "journal"}

#: What style.md forbids in help, and the shapes of sentences that it measured.
FORBIDDEN = re.compile(
    r"\b(?:Say|Give|mend(?:ed|s)?|Whoever|in spite of|at rest|put to rest|owed|beside it|a word|told|the house|moment|take it)\b"
    r"|(?<!\bthere )\bis (?:no \w|none\b)|\bis to be\b|n't\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_in_plain_words(name):
    command = COMMANDS[name]
    texts = [command.help or "", *(getattr(each, "help", None) or "" for each in command.params)]
    found = [match.group(0) for text in texts for match in FORBIDDEN.finditer(parted(text)[0])]
    assert found == []
    first = (command.help or "").split("\n")[0]
    assert re.fullmatch(r"[A-Z].*[^.]\.", first), "one sentence that begins with a verb"


def test_pages_are_in_plain_words():
    for text in (first_page(), all_commands(), *map(topic_page, TOPICS)):
        assert FORBIDDEN.findall(text) == []


def test_what_has_no_help_is_refused_with_what_may_be_meant(run):
    done = run("help", "frobnicate", vault=None)
    assert done.returncode == 4
    assert "no command or topic 'frobnicate'; topics are respond, record" in done.stderr
    done = run("help", "fixed", vault=None)
    assert done.stderr.splitlines()[0] == "incident: error: no command or topic 'fixed'; did you mean resolve?"
    assert done.stderr.endswith("hint: incident help resolve\n")
    assert run("help", "action", "frobnicate", vault=None).returncode == 4


# -- aliases -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("alias", ALIASES)
def test_an_alias_is_its_command_and_no_page_but_the_help_of_that_lists_it(run, alias):
    target = ALIASES[alias]
    assert meant(["--vault", "x", *alias.split(), "y"]) == ["--vault", "x", *target, "y"]
    listed = rf"^  {alias} "
    assert not re.search(listed, all_commands(), re.MULTILINE)
    assert alias not in BY_NAME
    if target[0] in BY_NAME:
        text = run("help", *alias.split(), vault=None).stdout
        assert text == run("help", target[0], vault=None).stdout
        assert alias in " ".join(text.partition("Aliases: ")[2].split())


def test_an_alias_is_a_command_only_in_the_place_of_one():
    assert meant(["log", "board"]) == ["log", "board"]
    assert meant(["--as", "note", "ack"]) == ["--as", "note", "ack"]
    assert aliases_of("status") == ["board (status --live)"]


def test_the_words_of_peers_run_their_commands(run, vault):
    done = run("declare", "Search is slow", "-s", "sev3", vault=vault)
    assert done.returncode == 0
    assert "INC-20261123-02" in done.stdout
    for words in (
        ("note", "-i", "01", "pool exhausted"),
        ("sev", "01", "sev1", "all payments fail"),
        ("assign", "01", "comms", "carol"),
        ("page", "01", "@gita", "the pool limit"),
        ("update", "01", "team", "looking at the pool"),
        ("ls",),
        ("brief", "01"),
        ("board",),
        ("take", "01", "scribe"),
        ("handoff", "01", "scribe", "dan", "write down every time"),
        ("journal", "verify"),
    ):
        done = run(*words, vault=vault)
        assert (done.returncode, done.stdout != "") == (0, True), (words, done.stderr)
    assert run("version", vault=None).stdout == f"incident {okb_incident.__version__}\n"


def test_no_printed_command_uses_an_alias():
    aliases = {alias.split()[0] for alias in ALIASES}
    for path in sorted(Path(okb_incident.__file__).parent.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Command" and node.args:
                verb = node.args[0]
                if isinstance(verb, ast.Constant) and isinstance(verb.value, str):
                    assert verb.value.split()[0] not in aliases, f"{path}:{node.lineno}"
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
                for word in re.findall(r"\bincident (\w+)(?: \w|$)", node.value):
                    assert word not in aliases - NOUNS, f"{path}:{node.lineno}: {word}"


@pytest.mark.parametrize(
    "path", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda path: path.name
)
def test_documents_use_the_names_of_commands(path):
    aliases = {alias.split()[0] for alias in ALIASES}
    typed = re.findall(r"^(?:\$ )?incident ([a-z]+)", path.read_text("utf-8"), re.MULTILINE)
    assert not aliases & set(typed)


def test_aliases_are_described_for_programs(run):
    told = json.loads(run("describe", "--json", vault=None).stdout)["commands"]
    described = {each["name"]: each["words"] for command in told for each in command["aliases"]}
    assert described == {alias: list(words) for alias, words in ALIASES.items() if words[0] in BY_NAME}


# -- unknown commands ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("fixed", "resolve"),
        ("acknowledge", "ack"),
        ("retro", "review"),
        ("due", "next"),
        ("mttr", "report"),
        ("opne", "open"),
        ("boad", "status"),
        ("RESOLV", "resolve"),
    ],
)
def test_an_unknown_command_is_answered_by_meaning_then_by_spelling(run, typed, command):
    done = run(typed, vault=None)
    assert done.returncode == 2
    assert done.stderr.startswith(f"incident: error: unknown command {typed!r}; did you mean {command}")


def test_what_means_nothing_leads_to_the_list_of_commands(run):
    done = run("zzzzzz", vault=None)
    assert done.stderr == "incident: error: unknown command 'zzzzzz'\nhint: incident help all\n"


def test_every_word_of_meaning_leads_to_commands_and_is_none():
    for word, commands in SYNONYMS.items():
        assert set(commands) <= set(BY_NAME), word
        assert word not in {*BY_NAME, *ALIASES}
        assert suggestions(word) == commands


#: Whole commands; what leaves a value open has a sign for it.
TYPED_IN_PROSE = re.compile(r"`incident ((?:[^`<…]|\n)+)`")


@pytest.mark.parametrize(
    "path", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda path: path.name
)
def test_every_command_in_prose_names_a_command_and_options_that_it_has(run, path):
    for found in TYPED_IN_PROSE.findall(path.read_text("utf-8")):
        words = shlex.split(" ".join(found.split()))
        while words and words[0].startswith("--"):
            words = words[2:] if words[0] in {"--vault", "--as"} else words[1:]
        if not words:
            continue
        name = next(
            (known for known in (" ".join(words[:2]), *words[:1]) if known in COMMANDS or known in BY_NAME), None
        )
        assert name is not None, found
        for option in (word for word in words if word.startswith("--") and word != "--"):
            assert option in run(*name.split(), "--help", vault=None).stdout, found


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("follow-up", "drop", "f1"), "unknown command 'follow-up drop'; did you mean follow-up cancel?"),
        (("review", "create"), "unknown command 'review create'; did you mean review new?"),
        (("review", "submitt"), "unknown command 'review submitt'; did you mean review submit?"),
        (("resource", "deny", "r1"), "unknown command 'resource deny'; did you mean resource refuse?"),
        (("team", "page", "db"), "unknown command 'team page'; did you mean team activate?"),
        (("postmortem", "01"), "unknown command 'review 01'; choose from new, check, set, "),
        (("config", "qqq"), "unknown command 'config qqq'; choose from show, check, set"),
    ],
    ids=str,
)
def test_an_unknown_part_of_a_command_is_answered_with_what_may_be_meant(run, vault, words, said):
    done = run(*words, vault=vault)
    assert done.returncode == 2
    assert done.stderr.startswith(f"incident: error: {said}")
