"""Handing a text over to the person: onto the clipboard, or into a file of theirs."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from okb_incident.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIPBOARDS = (("wl-copy",), ("xclip", "-selection", "clipboard"), ("xsel", "--clipboard", "--input"), ("pbcopy",))
SECONDS = 5


def hand_over(text: str, *, copy: bool, out: str | None) -> Iterator[str]:
    """Put a text where the person wants it, once what it yields is read: what was done, as sentences.

    Args:
        text: What it says.
        copy: Onto the clipboard.
        out: Into a file, which must be new.

    Raises:
        DeliveryError: It could not be put there; the message is sent all the same.
    """
    if out is not None:
        try:
            with open(out, "x", encoding="utf-8") as file:
                file.write(text + "\n")
        except OSError as error:
            raise DeliveryError(
                f"the message is sent, and could not be written to {out}: {error.strerror}",
                field="--out",
                value=out,
                hint="incident comms show prints it again; --out makes a new file and never writes over one",
            ) from None
        yield f"the text is in {out}"
    if copy:
        _copy(text)
        yield "the text is on the clipboard"


def _copy(text: str) -> None:
    words = next((words for words in CLIPBOARDS if shutil.which(words[0])), None)
    if words is None:
        raise DeliveryError(
            f"the message is sent, and there is no clipboard: none of {', '.join(each[0] for each in CLIPBOARDS)} is installed",
            field="--copy",
            hint="incident comms show prints it again",
        )
    try:
        done = subprocess.run(words, input=text.encode(errors="replace"), check=False, timeout=SECONDS, env=os.environ)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DeliveryError(f"the message is sent, and {words[0]} could not take it: {error}", field="--copy") from None
    if done.returncode:
        raise DeliveryError(f"the message is sent, and {words[0]} failed with {done.returncode}", field="--copy")
