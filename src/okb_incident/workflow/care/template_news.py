"""Template news: what a shipped template has by now that a vault's or a user's own of the same name lacks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.guidance.template import PURPOSE
from okb_incident.core.guidance.variables import VARIABLES
from okb_incident.rendering.locate import TemplateFolders, find
from okb_incident.rendering.render import is_jinja
from okb_incident.workflow.templates import template_folders

if TYPE_CHECKING:
    from okb_incident.workflow.session import Session

HEADING = re.compile(r"^(?:#{2,6} (?P<heading>[^{}\n]+?)|\*\*(?P<label>[^{}*\n]+)\*\*)[ \t]*$", re.MULTILINE)
"""A heading, or a line in bold that stands for one."""
TAG = re.compile(r"(?s)\{\{.*?\}\}|\{%.*?%\}")
COMMENT = re.compile(r"(?s)\{#.*?#\}")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
KNOWN = {each.name for each in VARIABLES}


class TemplateNews(NamedTuple):
    """What one's own template lacks that the shipped one of its name has.

    Attributes:
        name: Its name.
        path: Its file.
        headings: Headings of the shipped one.
        variables: Variables of the shipped one.
    """

    name: str
    path: str
    headings: tuple[str, ...]
    variables: tuple[str, ...]


def template_news(session: Session, names: list[str]) -> list[TemplateNews]:
    """Return what is new in the shipped templates to those of one's own; one that lacks nothing is left out."""
    found = (_news(session, name) for name in names if name in PURPOSE)
    return [each for each in found if each and (each.headings or each.variables)]


def _news(session: Session, name: str) -> TemplateNews | None:
    own, shipped = find(name, template_folders(session)), find(name, TemplateFolders())
    if own.origin == "shipped" or not is_jinja(own.text):
        return None
    headings = [each for each in _headings(shipped.text) if each.lower() not in own.text.lower()]
    variables = [each.name for each in VARIABLES if each.name in _variables(shipped.text) - _variables(own.text)]
    return TemplateNews(name, own.path, tuple(dict.fromkeys(headings)), tuple(variables))


def _headings(text: str) -> list[str]:
    return [(each["heading"] or each["label"]).strip() for each in HEADING.finditer(COMMENT.sub("", text))]


def _variables(text: str) -> set[str]:
    tags = " ".join(TAG.findall(COMMENT.sub("", text)))
    return set(re.findall(r"(?<![\w.])[a-z_]+", QUOTED.sub("", tags))) & KNOWN
