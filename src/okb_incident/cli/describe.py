"""The program described for programs: its commands, its exit codes, and the notes that it reads and writes; from its own tables."""

from __future__ import annotations

from typing import Any

from typer.main import get_command

from okb_incident import __version__
from okb_incident.cli.aliases import ALIASES
from okb_incident.cli.main import app
from okb_incident.cli.reference import EXIT_CODES
from okb_incident.cli.schemas import where_defined
from okb_incident.cli.table import VERBS
from okb_incident.core.comms.hook import EVENTS
from okb_incident.core.incident.change import SECTIONS
from okb_incident.core.incident.incident import NATURES
from okb_incident.core.incident.lifecycle import VERB_OF
from okb_incident.core.incident.schema import NOTE_TYPES
from okb_incident.core.settings.policy import AUDIENCES, ROLES
from okb_incident.core.timeline.kinds import KINDS
from okb_incident.core.values.properties import DERIVED, FIXED_KEYS, LIST_KEYS, MOMENT_KEYS, ORDER
from okb_incident.core.values.severity import DEFAULT_SCALE
from okb_incident.core.values.status import MOMENT_OF, Status
from okb_incident.errors import ExitCode

NOT_TOLD = frozenset({"help"})
"""Options that every command has."""


def program() -> dict[str, Any]:
    """Return the whole description."""
    root: Any = get_command(app)
    return {
        "program": "incident",
        "version": __version__,
        "options": [_option(each) for each in root.params if each.name not in NOT_TOLD],
        "commands": [_command(root.commands[entry.name], entry.name, entry.group) for entry in VERBS],
        "exit_codes": [{"code": int(code), "meaning": EXIT_CODES[code]} for code in ExitCode],
        "stdin": "a reference of `-` runs the command for each id on stdin; log and run take it as -i -",
        "notes": {
            "types": list(NOTE_TYPES),
            "properties": [_property(key) for key in ORDER],
            "sections": list(SECTIONS),
            "statuses": [
                {"name": str(each), "entered_by": VERB_OF.get(each), "stamps": MOMENT_OF.get(each)} for each in Status
            ],
            "severities": [{"name": level.label, "meaning": level.meaning} for level in DEFAULT_SCALE.levels],
            "natures": list(NATURES),
            "roles": list(ROLES),
            "audiences": list(AUDIENCES),
            "timeline": [
                {"kind": kind.name, "meaning": kind.meaning, "payload": kind.syntax, "examples": list(kind.examples)}
                for kind in KINDS.values()
            ],
        },
        "hook_events": list(EVENTS),
    }


def command_named(words: list[str]) -> dict[str, Any] | None:
    """Return the description of one command, by the words of its name; None where there is none."""
    found: Any = program()
    for word in words:
        found = next((each for each in found["commands"] if each["name"] == word), None)
        if found is None:
            return None
    return dict(found)


def _command(command: Any, name: str, group: str | None = None, above: str = "") -> dict[str, Any]:
    full = f"{above} {name}".strip()
    told: dict[str, Any] = {
        "name": name,
        "help": (command.help or "").split("\n")[0],
        "arguments": [_argument(each) for each in command.params if each.param_type_name == "argument"],
        "options": [
            _option(each) for each in command.params if each.param_type_name == "option" and each.name not in NOT_TOLD
        ],
        "commands": [_command(inner, known, above=full) for known, inner in getattr(command, "commands", {}).items()],
        "json": where_defined().get(full),
    }
    return {**told, "group": group, "aliases": described_aliases(name)} if group else told


def described_aliases(name: str) -> list[dict[str, Any]]:
    """Return the aliases of a command, each with the words that it stands for."""
    return [{"name": alias, "words": list(words)} for alias, words in ALIASES.items() if words[0] == name]


def _argument(parameter: Any) -> dict[str, Any]:
    return {
        "metavar": parameter.metavar or parameter.name.upper(),
        "help": getattr(parameter, "help", None),
        "required": bool(parameter.required),
        "repeated": parameter.nargs == -1,
    }


def _option(parameter: Any) -> dict[str, Any]:
    return {
        "names": [*parameter.opts, *parameter.secondary_opts],
        "metavar": None if parameter.is_flag else parameter.metavar or parameter.type.name.upper(),
        "help": getattr(parameter, "help", None),
        "repeated": bool(parameter.multiple),
    }


def _property(key: str) -> dict[str, Any]:
    kind = "moment" if key in MOMENT_KEYS else "list" if key in LIST_KEYS else "text"
    return {"name": key, "holds": kind, "can_be_set": key not in FIXED_KEYS and key not in DERIVED}
