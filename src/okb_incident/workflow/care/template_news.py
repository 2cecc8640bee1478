"""What the shipped templates have that a vault's own do not: an older copy goes on working, and its owner sees what is new."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okb_incident.core.guidance.variables import BY_NAME
from okb_incident.core.review.headings import NEEDED, is_called
from okb_incident.rendering.locate import TemplateFolders, find
from okb_incident.rendering.render import is_jinja
from okb_incident.workflow.templates import list_templates, template_folders

if TYPE_CHECKING:
    from okb_incident.workflow.session import Session

HEADING = re.compile(
    r"^(?:(?:##|> ?###)[ \t]+(?P<heading>[^\n{}]+?)[ \t#]*|\*\*(?P<label>[^{}*\n]+)\*\*[ \t]*)$", re.MULTILINE
)
"""A heading, or a line in bold that takes the place of one in a message."""
TAG = re.compile(r"(?s)\{\{.*?\}\}|\{%.*?%\}")
COMMENT = re.compile(r"(?s)\{#.*?#\}")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


class TemplateNews(NamedTuple):
    """What one of a vault's own templates could take from the shipped one of its name.

    Attributes:
        name: Its name.
        headings: Headings that only the shipped one has.
        names: Names of values that only the shipped one uses.
        needed: What no review can be approved without and this template lacks, each by today's heading.
    """

    name: str
    headings: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()


def template_news(session: Session, name: str) -> TemplateNews:
    """Compare the template that is used for a name with the shipped one; nothing is new where that is the one.

    Raises:
        NotFoundError: There is none of that name.
        InvalidNoteError: It cannot be read.
    """
    own = find(name, template_folders(session))
    places = list_templates(session).get(name, ())
    if own.origin == "shipped" or not is_jinja(own.text) or all(place.origin != "shipped" for place in places):
        return TemplateNews(name)
    shipped = find(name, TemplateFolders())
    has = _headings(own.text)
    lacking = [title for title in _headings(shipped.text) if not is_called(title, has)]
    used = _names(own.text)
    return TemplateNews(
        name,
        tuple(lacking),
        tuple(each for each in BY_NAME if each in _names(shipped.text) - used),
        tuple(names[0] for names in NEEDED if not any(is_called(title, names) for title in has) and name == "review"),
    )


def _headings(text: str) -> list[str]:
    """Return the headings of a template, each once."""
    found = HEADING.finditer(COMMENT.sub("", text))
    return list(dict.fromkeys((each["heading"] or each["label"]).strip() for each in found))


def _names(text: str) -> set[str]:
    """Return the names of values that the tags of a template use."""
    tags = " ".join(TAG.findall(COMMENT.sub("", text)))
    return set(re.findall(r"(?<![\w.])[a-z_]+", QUOTED.sub("", tags))) & BY_NAME.keys()
