"""A secret in a note: whether it is there, in whatever form, and the note without it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from okb_incident.core.text.secret import MARK
from okb_incident.core.timeline.redaction import payload_start, without_payload
from okb_incident.errors import InvalidNoteError
from okb_incident.vault.note import frontmatter, sections
from okb_incident.vault.note.note import decode, encode, split
from okb_incident.vault.yaml.emit import Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okb_incident.core.text.secret import Secret
    from okb_incident.vault.yaml.yaml12 import Value


def holds(data: bytes, secret: Secret) -> bool:
    """Return whether a file holds a secret: as text in any form, or in a property as it is read."""
    text = decode(data)
    if secret.is_in(text):
        return True
    # Reading all properties takes long, and but for these a value is text of the note.
    block = split(text).block
    if "\\" not in block and not secret.text.isdecimal():
        return False
    return any(_is_in(value, secret) for value in frontmatter.read(text, "").values.values())


def redacted(data: bytes, secret: Secret) -> bytes:
    """Return a note without a secret.

    A property is changed as a value, so that its block can still be read; an entry of the timeline keeps its moment, kind and actor.

    Raises:
        InvalidNoteError: It could not be taken out of a property whose block cannot be read.
    """
    if not holds(data, secret):
        return data
    text = secret.out_of(_out_of_timeline(_out_of_properties(decode(data), secret), secret))
    text = _without_digest(text)
    if holds(encode(text), secret):
        raise InvalidNoteError(
            "the text is in a property that cannot be changed without touching others", hint="take it out by hand"
        )
    return encode(text)


def _out_of_properties(text: str, secret: Secret) -> str:
    for key, value in frontmatter.read(text, "").values.items():
        items = value if isinstance(value, list) else [value]
        scalars = [each for each in items if isinstance(each, Scalar)]
        if _is_in(value, secret) and len(scalars) == len(items):
            new = [_without(each, secret) for each in scalars]
            # What cannot be changed as a value may show the secret in its text, and then it is taken out of that.
            with suppress(InvalidNoteError):
                text = frontmatter.set_property(text, key, new if isinstance(value, list) else new[0])
    return text


def _without_digest(text: str) -> str:
    """Take out the digest of a message that was sent or approved: whoever tries all short secrets would find the one in it."""
    if "\ndigest:" not in text:
        return text
    with suppress(InvalidNoteError):
        return frontmatter.set_property(text, "digest", MARK)
    return text


def _out_of_timeline(text: str, secret: Secret) -> str:
    section = sections.find(text, "Timeline")
    if section is None:
        return text
    lines = text[section.content : section.end].splitlines(keepends=True)
    new = "".join(_entry_without(line, secret) for line in lines)
    return text[: section.content] + new + text[section.end :]


def _entry_without(line: str, secret: Secret) -> str:
    words = line.rstrip("\r\n")
    start = payload_start(words)
    if start is None or not secret.is_in(words[start:]):
        return line
    return without_payload(words) + line[len(words) :]


def _is_in(value: Value, secret: Secret) -> bool:
    return any(map(secret.is_in, _texts(value)))


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif value is not None:
        yield str(value)


def _without(value: Scalar, secret: Secret) -> Scalar:
    if isinstance(value, str):
        return secret.out_of(value)
    return MARK if _is_in(value, secret) else value
