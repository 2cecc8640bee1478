"""Make the picture in the README: a terminal and the note that its commands wrote, side by side.

    python docs/picture.py

The commands are run in a vault of their own, with the clock set for each. `tests/documents/test_picture.py` holds the picture to what
they answer today.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.terminal_theme import TerminalTheme
from rich.text import Text

PICTURE = Path(__file__).with_name("picture.svg")

NIGHT = (
    ("02:16", 'incident open "Payments fail" -s sev1 --detected -4m'),
    ("02:17", "incident ack"),
    ("02:22", "incident log support has 40 tickets"),
    ("02:40", "incident mitigate rolled back 4f2a --at -5m"),
    ("02:50", "incident resolve --cause change"),
)
"""What is typed, and when."""

LEFT, RIGHT = 68, 58
"""The width of the terminal and of the note, in cells."""

THEME = TerminalTheme(
    (255, 255, 255),
    (36, 41, 47),
    [
        (36, 41, 47),
        (179, 29, 40),
        (34, 134, 58),
        (176, 136, 0),
        (3, 102, 214),
        (111, 66, 193),
        (27, 124, 131),
        (106, 115, 125),
    ],
)


def picture() -> str:
    """Return the picture as SVG."""
    shown, note = _night()
    table = Table.grid(padding=(0, 1))
    table.add_column(width=LEFT)
    table.add_column(width=RIGHT)
    table.add_row(
        Panel(Group(*shown), title="the terminal", title_align="left", border_style="bright_black"),
        Panel(Group(*note), title="INC-20261123-01.md", title_align="left", border_style="bright_black"),
    )
    console = Console(
        record=True,
        width=LEFT + RIGHT + 2,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
    )
    console.print(table)
    svg = console.export_svg(title="incident", theme=THEME, unique_id="incident")
    # The fonts would come from another server, which a page that shows the picture does not ask.
    return re.sub(r"\s*@font-face \{.*?\n    \}", "", svg, flags=re.DOTALL)


def _night() -> tuple[list[Text], list[Text]]:
    """Run the commands; return what a terminal shows, and what the note holds then."""
    shown = []
    with tempfile.TemporaryDirectory() as folder:
        vault = Path(folder) / "kb"
        _run(vault, "02:10", f"incident --no-input init {shlex.quote(str(vault))}")
        for time, command in NIGHT:
            shown.append(Text(f"$ {command}", style="bold"))
            shown += [Text(line) for line in [*_run(vault, time, command).splitlines(), ""]]
        return shown[:-1], _note((vault / "incidents" / "2026" / "INC-20261123-01.md").read_text(encoding="utf-8"))


def _run(vault: Path, time: str, command: str) -> str:
    """Run one command and return its answer."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(vault.parent),
        "XDG_CONFIG_HOME": str(vault.parent),
        "XDG_CACHE_HOME": str(vault.parent),
        "LANG": "C.UTF-8",
        "INCIDENT_NOW": f"2026-11-23T{time}:00Z",
        "INCIDENT_USER": "alice",
    }
    done = subprocess.run(
        [sys.executable, "-P", "-m", "okb_incident", *shlex.split(command)[1:]],
        cwd=vault if vault.exists() else vault.parent,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


def _note(text: str) -> list[Text]:
    """Return the lines of a note, with the colours of its parts; the uid, another one each time, is left out."""
    lines = []
    for line in text.replace("\n## ", "\n\n## ").replace("\n\n\n", "\n\n").rstrip().split("\n"):
        if line.startswith("uid: "):
            continue
        shown = Text(line)
        if line.startswith("#"):
            shown.stylize("bold blue")
        shown.highlight_regex(r"^[a-z_]+:", "cyan")
        shown.highlight_regex(r"\*\*\w+\*\*", "bold")
        shown.highlight_regex(r"@\w+", "magenta")
        lines.append(shown)
    return lines


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
