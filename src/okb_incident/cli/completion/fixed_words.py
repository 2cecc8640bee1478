"""Words from the vocabularies of the product, each with what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okb_incident.cli.completion.place import Place
    from okb_incident.cli.completion.vault_words import VaultWords

    Words = Iterable[tuple[str, str]]


def plain(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield words without a meaning."""
    return ((word, "") for word in words)


def commands(_: VaultWords, place: Place) -> Words:
    """Return the commands; behind a command those below it."""
    from okb_incident.cli.table import BY_NAME

    if not place.words:
        return [(verb.name, verb.help) for verb in BY_NAME.values()]
    return commands_below(place.words[0]) if len(place.words) == 1 else ()


def commands_below(group: str) -> Words:
    """Return the commands below a command."""
    from okb_incident.cli.completion.parameters import parser_of
    from okb_incident.cli.table import is_group

    if not is_group(group):
        return ()
    return [(name, (below.help or "").split("\n")[0]) for name, below in parser_of(group).commands.items()]


def topics(_: VaultWords, place: Place) -> Words:
    """Return the topics of help."""
    from okb_incident.cli.topics import TOPICS

    return [] if place.words else [(name, topic[0]) for name, topic in TOPICS.items()]


def shells(*_: object) -> Words:
    """Return the shells that can complete."""
    from okb_incident.cli.shell_scripts import SCRIPTS

    return plain(SCRIPTS)


def audiences(*_: object) -> Words:
    """Return the audiences, each with whether it is internal."""
    from okb_incident.core.comms.communication import OUTSIDE
    from okb_incident.core.settings.policy import AUDIENCES

    return [(name, "external" if name in OUTSIDE else "internal") for name in AUDIENCES]


def external_audiences(*_: object) -> Words:
    """Return the audiences outside the organization."""
    return [(name, where) for name, where in audiences() if where == "external"]


def message_kinds(_: VaultWords, place: Place) -> Words:
    """Return the kinds of message of the audience that is typed, each with its purpose."""
    from okb_incident.core.comms.communication import KINDS

    typed = {word.lower() for word in place.words}
    return [(kind.name, kind.purpose) for kind in KINDS if kind.audience in typed]


def message_states(*_: object) -> Words:
    """Return the states of a message."""
    from okb_incident.core.comms.communication import STATES

    return plain(STATES)


def news(*_: object) -> Words:
    """Return the words for where the news of a draft begins."""
    return [("last", "since the last message to the audience"), ("start", "since the start")]


def roles(*_: object) -> Words:
    """Return the roles."""
    from okb_incident.core.response.roles import SHORT_OF, said

    return [(short, "" if short == role else said(role)) for role, short in SHORT_OF.items()]


def severities(vault: VaultWords, *_: object) -> Words:
    """Return the severity levels of the vault, each with its meaning."""
    return [(level.label.lower(), level.meaning) for level in vault.settings.severities.levels]


def categories(vault: VaultWords, _: Place) -> Words:
    """Return the categories of the vault."""
    return plain(vault.settings.vocabulary.category)


def sources(vault: VaultWords, _: Place) -> Words:
    """Return the sources of an incident."""
    return plain(vault.settings.vocabulary.detected_by)


def causes(vault: VaultWords, _: Place) -> Words:
    """Return the causes."""
    return plain(vault.settings.vocabulary.cause)


def scopes(vault: VaultWords, *_: object) -> Words:
    """Return the levels with which a scope begins."""
    return plain(vault.settings.vocabulary.scope)


def losses(*_: object) -> Words:
    """Return the answers to whether data was lost."""
    from okb_incident.core.response.resolution import LOSSES

    return plain(LOSSES)


def security_losses(*_: object) -> Words:
    """Return the words for how much confidentiality, integrity or availability was lost."""
    from okb_incident.core.response.property_words import SECURITY_LOSSES

    return plain(SECURITY_LOSSES)


def data_classes(vault: VaultWords, _: Place) -> Words:
    """Return the classes of data."""
    return plain(vault.settings.vocabulary.data_classes)


def urgencies(*_: object) -> Words:
    """Return the urgencies."""
    from okb_incident.core.settings.policy import URGENCIES

    return plain(URGENCIES)


def impacts(*_: object) -> Words:
    """Return the business impacts."""
    from okb_incident.core.settings.policy import IMPACTS

    return plain(IMPACTS)


def typed_kinds(*_: object) -> Iterator[tuple[str, str]]:
    """Yield the kinds that a person may type before a timeline entry, each with its colon."""
    from okb_incident.core.timeline.kinds import KINDS
    from okb_incident.core.timeline.log_shorthand import OFFERED, TICKETS, WAYS

    yield f"{TICKETS}:", "Support tickets so far, as a number."
    for name in OFFERED:
        yield f"{name}:", f"a change: {name}" if name in WAYS else KINDS[name].meaning


def entry_kinds(*_: object) -> Words:
    """Return the kinds of timeline entries."""
    from okb_incident.core.timeline.kinds import KINDS

    return [(kind.name, kind.meaning) for kind in KINDS.values()]


def finding_codes(*_: object) -> Words:
    """Return the codes of what `check` finds."""
    from okb_incident.workflow.care.check import CODES

    return list(CODES.items())


def change_ways(*_: object) -> Words:
    """Return the ways in which a command can change a system."""
    from okb_incident.core.timeline.log_shorthand import WAYS

    return plain(WAYS)


def check_kinds(*_: object) -> Words:
    """Return the kinds of verification checks."""
    from okb_incident.core.response.verification import SUBJECTS

    return plain(SUBJECTS)


def follow_up_kinds(*_: object) -> Words:
    """Return the kinds of follow-ups."""
    from okb_incident.core.review.follow_ups import KINDS

    return plain(KINDS)


def scores(*_: object) -> Words:
    """Return the ratings of a response."""
    return [("1", "bad"), ("2", ""), ("3", ""), ("4", ""), ("5", "good")]


def weeks(*_: object) -> Words:
    """Return the words for a week."""
    return [("this", "this week"), ("last", "the last week")]


def days(*_: object) -> Words:
    """Return the words for a day."""
    return plain(("today", "tomorrow"))


def report_formats(*_: object) -> Words:
    """Return the formats of a report."""
    from okb_incident.workflow.look.formats import REPORT_FORMATS

    return plain(REPORT_FORMATS)


def table_formats(*_: object) -> Words:
    """Return the formats of a list of follow-ups."""
    from okb_incident.workflow.look.formats import TABLE_FORMATS

    return plain(TABLE_FORMATS)


def doctor_parts(*_: object) -> Words:
    """Return the parts of a vault that the doctor looks at."""
    from okb_incident.workflow.care.health import PARTS

    return plain(PARTS)


def zones(_: VaultWords, place: Place) -> Words:
    """Return the time zones, as far as the next slash."""
    from zoneinfo import available_timezones

    typed = place.current.lower()
    found = (zone for zone in available_timezones() if zone.lower().startswith(typed))
    ends = {zone[: zone.find("/", len(typed)) + 1] or zone for zone in found}
    return plain(sorted(ends))
