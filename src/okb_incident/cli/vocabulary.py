"""The closed sets from which words and options are taken, each where the command reads it from; never written a second time here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from okb_incident.cli.shell_scripts import SCRIPTS
from okb_incident.cli.table import VERBS, usage_of
from okb_incident.core.comms import communication
from okb_incident.core.response import verification
from okb_incident.core.response.assessment_fields import FIELDS
from okb_incident.core.response.resolution import LOSSES
from okb_incident.core.response.roles import SHORT as ROLES
from okb_incident.core.review import follow_ups
from okb_incident.core.settings.policy import AUDIENCES
from okb_incident.core.timeline.kinds import KINDS
from okb_incident.core.timeline.log_shorthand import TICKETS
from okb_incident.workflow.care.health import PARTS
from okb_incident.workflow.comms.disclosure import WITHHELD
from okb_incident.workflow.look.formats import REPORT_FORMATS, TABLE_FORMATS
from okb_incident.workflow.review.advance_review import SCORES
from okb_incident.workflow.timeline.run_command import WAYS
from okb_incident.workflow.timeline.verify import RESULTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from okb_incident.core.settings.settings import Settings

    Source = Callable[[Settings], Sequence[str]]


def _always(words: Sequence[str]) -> Source:
    return lambda _: words


#: By the name of an option or a positional; behind the name of a command, for that command alone.
SOURCES: dict[str, Source] = {
    "--severity": lambda settings: settings.severities.labels,
    "--category": lambda settings: settings.vocabulary.category,
    "open --source": lambda settings: settings.vocabulary.detected_by,
    "--cause": lambda settings: settings.vocabulary.cause,
    "--data-loss": _always(LOSSES),
    "--as-change": _always(WAYS),
    "--only": _always(PARTS),
    "comms list --state": _always(communication.STATES),
    "timeline --kind": _always(tuple(KINDS)),
    "follow-up list --format": _always(TABLE_FORMATS),
    "report --format": _always(REPORT_FORMATS),
    **{f"follow-up {verb} --kind": _always(follow_ups.KINDS) for verb in ("add", "set", "list")},
    **{f"assess {each.option[-1]}": _always(each.allowed) for each in FIELDS if each.allowed},
    "SEVERITY": lambda settings: settings.severities.labels,
    "AUDIENCE": _always(AUDIENCES),
    "comms withhold AUDIENCE": _always(WITHHELD),
    "comms draft KIND": _always(tuple(dict.fromkeys(each.name for each in communication.KINDS))),
    "ROLE": _always(ROLES),
    "SCORE": _always(SCORES),
    "verify KIND": _always(verification.SUBJECTS),
    "log KIND:": _always((*(f"{kind}:" for kind in KINDS), f"{TICKETS}:")),
    "ok|fail": _always(tuple(RESULTS)),
    "none|some|unknown": _always(LOSSES),
    "SHELL": _always(tuple(SCRIPTS)),
    "describe COMMAND": _always(tuple(verb.name for verb in VERBS)),
}


def allowed(settings: Settings, command: str, name: str) -> list[str] | None:
    """Return the words that an option or a positional of a command takes, in any case; None where it takes others."""
    source = SOURCES.get(f"{command} {name}") or SOURCES.get(name)
    return list(source(settings)) if source else None


class Positional(NamedTuple):
    """One word of a command line, or several of one sort.

    Attributes:
        name: What it is called in the usage.
        required: The command needs it.
        repeated: It may be several words.
        allowed: The words that it can be; None where it can be others.
    """

    name: str
    required: bool
    repeated: bool
    allowed: list[str] | None

    @classmethod
    def read(cls, usage: str, settings: Settings, command: str) -> Iterator[Positional]:
        """Read the positionals of a usage, such as ``[REF] SEVERITY [REASON]…``; a word in small letters is typed as it is."""
        for part in re.findall(r"\[[^\]]*\]…?|\S+", usage):
            inner = part.strip("[]…")
            words = [inner] if " | " in inner else inner.split()
            for word in words:
                name = word.strip("…")
                is_literal = re.fullmatch(r"--|[a-z]+", name) is not None
                yield cls(
                    name,
                    required=not part.startswith("["),
                    repeated="…" in part and word == words[-1],
                    allowed=[name] if is_literal else allowed(settings, command, name),
                )


def positionals(command: Any, name: str, settings: Settings) -> list[Positional]:
    """Return the positionals of a command in their order."""
    usage = usage_of(name) or " ".join(
        each.metavar or each.name.upper() for each in command.params if each.param_type_name == "argument"
    )
    return list(Positional.read(usage, settings, name))
