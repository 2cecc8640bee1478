"""Many commands in one process, so that each of hundreds of notes can be aimed at without starting Python for each.

    python batch.py COMMANDS.json [VAULT]      print a JSON object for each command: code, out, err, changed
    python batch.py COMMANDS.json --aloud      let them write to the streams of this process

COMMANDS.json holds a list of lists of words. With a VAULT, `changed` lists the paths in it that a command has changed.
"""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from functools import cache

from okb_incident.cli import main as command_line
from okb_incident.vault.disk import stillness


def states(root: str) -> dict[str, tuple[int, ...]]:
    """Give what tells of every name below a folder whether it changed; the product's own folder is left out."""
    found: dict[str, tuple[int, ...]] = {}
    for folder, _, names in os.walk(root):
        if "/.incident" in folder:
            continue
        within = os.path.relpath(folder, root)
        for name in names:
            status = os.lstat(f"{folder}/{name}")
            shown = os.fsencode(name if within == "." else f"{within}/{name}").decode("latin-1")
            found[shown] = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino, status.st_mode)
    return found


def main() -> None:
    with open(sys.argv[1]) as file:
        commands = json.load(file)
    # Notes that look half saved are waited for; here nobody is saving them.
    stillness.AT_MOST = 0.0
    # Built anew for each call they would be the same.
    vars(command_line)["get_command"] = cache(vars(command_line)["get_command"])
    if sys.argv[2:] == ["--aloud"]:
        for words in commands:
            command_line.run(words)
        return
    root = sys.argv[2] if sys.argv[2:] else None
    before = states(root) if root else {}
    for words in commands:
        streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
        with redirect_stdout(streams[0]), redirect_stderr(streams[1]):
            code = command_line.run(words)
            for stream in streams:
                stream.flush()
        out, err = (stream.buffer.getvalue().decode("utf-8", "surrogateescape") for stream in streams)
        after = states(root) if root else {}
        changed = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
        before = after
        print(json.dumps({"words": words, "code": int(code), "out": out, "err": err, "changed": changed}), flush=True)


if __name__ == "__main__":
    main()
