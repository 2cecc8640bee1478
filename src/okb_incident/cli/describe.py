"""The program described for programs: its commands, its exit codes, and the notes that it reads and writes; from its own tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer.main import get_command

from okb_incident import __version__
from okb_incident.cli.aliases import ALIASES
from okb_incident.cli.main import app
from okb_incident.cli.reference import EXIT_CODES
from okb_incident.cli.schemas import ANSWERS_ID as ANSWERS
from okb_incident.cli.schemas import answer_of, schema, schema_of, where_defined
from okb_incident.cli.table import VERBS
from okb_incident.cli.vocabulary import allowed, positionals
from okb_incident.core.comms.hook import EVENTS
from okb_incident.core.incident.change import SECTIONS
from okb_incident.core.incident.incident import NATURES
from okb_incident.core.incident.lifecycle import VERB_OF
from okb_incident.core.incident.schema import NOTE_TYPES
from okb_incident.core.response.property_words import words_of
from okb_incident.core.settings.policy import AUDIENCES, ROLES
from okb_incident.core.timeline.kinds import KINDS
from okb_incident.core.values.properties import COUNT_KEYS, DERIVED, FIXED_KEYS, LIST_KEYS, MOMENT_KEYS, ORDER
from okb_incident.core.values.status import MOMENT_OF, Status
from okb_incident.errors import ExitCode
from okb_incident.workflow.look.published import published_schemas, settings_in_force

if TYPE_CHECKING:
    from okb_incident.core.settings.settings import Settings

ERROR = "okb.error/1"
"""The schema of what a command that fails prints."""
NOT_TOLD = frozenset({"help"})
"""Options that every command has."""


def program(vault: str | None = None) -> dict[str, Any]:
    """Return the whole description.

    Args:
        vault: The vault whose severities, categories and other words are meant; else the one that is found, or the defaults.
    """
    root: Any = get_command(app)
    settings = settings_in_force(vault)
    return {
        "program": "incident",
        "version": __version__,
        "options": [_option(each, "", settings) for each in root.params if each.name not in NOT_TOLD],
        "commands": [_command(root.commands[entry.name], entry.name, settings, entry.group) for entry in VERBS],
        "exit_codes": [{"code": int(code), "meaning": EXIT_CODES[code]} for code in ExitCode],
        "stdin": "a reference of `-` runs the command for each id on stdin; log and run take it as -i -",
        "notes": {
            "types": list(NOTE_TYPES),
            "properties": [_property(key, settings) for key in ORDER],
            "sections": list(SECTIONS),
            "statuses": [
                {"name": str(each), "entered_by": VERB_OF.get(each), "stamps": MOMENT_OF.get(each)} for each in Status
            ],
            "severities": [{"name": level.label, "meaning": level.meaning} for level in settings.severities.levels],
            "natures": list(NATURES),
            "roles": list(ROLES),
            "audiences": list(AUDIENCES),
            "timeline": [
                {"kind": kind.name, "meaning": kind.meaning, "payload": kind.syntax, "examples": list(kind.examples)}
                for kind in KINDS.values()
            ],
        },
        "hook_events": list(EVENTS),
        "schemas": [*(each for each in published_schemas() if each["$id"] != ANSWERS), schema()],
    }


def command_named(words: list[str], vault: str | None = None) -> dict[str, Any] | None:
    """Return the description of one command, by the words of its name; None where there is none."""
    found: Any = program(vault)
    for word in words:
        found = next((each for each in found["commands"] if each["name"] == word), None)
        if found is None:
            return None
    document, _, name = (found["answer"] or "").partition("#/$defs/")
    written = [each for each in published_schemas() if each["$id"] in {ERROR, document} - {ANSWERS}]
    return {**found, "schemas": [*written, *([schema_of(name)] if name else [])]}


def _command(command: Any, name: str, settings: Settings, group: str | None = None, above: str = "") -> dict[str, Any]:
    full = f"{above} {name}".strip()
    told: dict[str, Any] = {
        "name": name,
        "help": (command.help or "").split("\n")[0],
        "arguments": [_argument(each) for each in command.params if each.param_type_name == "argument"],
        "positionals": [each._asdict() for each in positionals(command, full, settings)],
        "options": [
            _option(each, full, settings)
            for each in command.params
            if each.param_type_name == "option" and each.name not in NOT_TOLD
        ],
        "commands": [
            _command(inner, known, settings, above=full) for known, inner in getattr(command, "commands", {}).items()
        ],
        "json": where_defined().get(full),
        "answer": answer_of(full),
    }
    return {**told, "group": group, "aliases": described_aliases(name)} if group else told


def described_aliases(name: str) -> list[dict[str, Any]]:
    """Return the aliases of a command, each with the words that it stands for and the schema of its answer."""
    return [
        {"name": alias, "words": list(words), "answer": answer_of(alias) or answer_of(name)}
        for alias, words in ALIASES.items()
        if words[0] == name
    ]


def _argument(parameter: Any) -> dict[str, Any]:
    return {
        "metavar": parameter.metavar or parameter.name.upper(),
        "help": getattr(parameter, "help", None),
        "required": bool(parameter.required),
        "repeated": parameter.nargs == -1,
    }


def _option(parameter: Any, command: str, settings: Settings) -> dict[str, Any]:
    names = [*parameter.opts, *parameter.secondary_opts]
    sets = (allowed(settings, command, name) for name in names)
    return {
        "names": names,
        "metavar": None if parameter.is_flag else parameter.metavar or parameter.type.name.upper(),
        "help": getattr(parameter, "help", None),
        "repeated": bool(parameter.multiple),
        "flag": bool(parameter.is_flag),
        "allowed": next((words for words in sets if words is not None), None),
    }


def _property(key: str, settings: Settings) -> dict[str, Any]:
    kinds = (("moment", MOMENT_KEYS), ("list", LIST_KEYS), ("number", COUNT_KEYS))
    kind = next((kind for kind, keys in kinds if key in keys), "text")
    can_be_set = key not in FIXED_KEYS and key not in DERIVED
    words = list(words_of(settings, key)) if can_be_set else []
    levels = list(settings.vocabulary.scope) if key == "scope" else None
    return {"name": key, "holds": kind, "can_be_set": can_be_set, "allowed": words or None, "begins_with": levels}
