"""Run the command line in the process of the tests, with the streams, environment and folder that a shell gives a command.

Starting Python takes two thirds of a call. Tests whose subject is the process start the installed command instead: they are
about signals, terminals, pipes, encodings and imports.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, chdir, contextmanager
from functools import cache
from io import TextIOWrapper
from subprocess import CompletedProcess
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING
from unittest.mock import patch

from okb_incident.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


# Each start of Python builds the commands anew, always the same from the source; all calls in this process share them.
vars(main)["get_command"] = cache(vars(main)["get_command"])


def call(*words: str, env: Mapping[str, str], cwd: Path | str = os.curdir, stdin: str = "") -> CompletedProcess[str]:
    """Run one command; return its exit code and all that it, and the programs it started, printed."""
    with ExitStack() as stack:
        files = [stack.enter_context(TemporaryFile()) for _ in range(3)]
        files[0].write(stdin.encode())
        files[0].seek(0)
        with patch.dict(os.environ, env, clear=True), chdir(cwd), _descriptors(files), _streams():
            code = main.run(words)
        return CompletedProcess(["incident", *words], int(code), _text(files[1]), _text(files[2]))


def call_into(answer: IO[bytes], commentary: IO[bytes], *words: str, env: Mapping[str, str], cwd: Path | str) -> int:
    """Run one command that writes unbuffered to these files, which may be one, and reads nothing; return its exit code."""
    with (
        open(os.devnull, "rb") as nothing,
        patch.dict(os.environ, env, clear=True),
        chdir(cwd),
        _descriptors([nothing, answer, commentary]),
        _streams(unbuffered=True),
    ):
        return int(main.run(words))


@contextmanager
def _descriptors(files: Sequence[IO[bytes]]) -> Iterator[None]:
    """Put files in the place of the three standard descriptors, so that the programs a command starts inherit them."""
    kept = [os.dup(number) for number in range(3)]
    try:
        for number, file in enumerate(files):
            os.dup2(file.fileno(), number)
        yield
    finally:
        for number, descriptor in enumerate(kept):
            os.dup2(descriptor, number)
            os.close(descriptor)


@contextmanager
def _streams(*, unbuffered: bool = False) -> Iterator[None]:
    """Open Python's standard streams on the standard descriptors, as its start does where they are no terminal.

    Args:
        unbuffered: As with PYTHONUNBUFFERED, so that what goes to one file stands there in the order in which it was written.
    """
    with ExitStack() as stack:
        stdin, stdout, stderr = (
            stack.enter_context(
                TextIOWrapper(
                    open(number, mode, 0 if unbuffered and number else -1, closefd=False),  # noqa: SIM115 - closed with its text
                    encoding="utf-8",
                    errors=errors,
                    line_buffering=number == 2,
                    write_through=unbuffered,
                )
            )
            for number, mode, errors in ((0, "rb", "strict"), (1, "wb", "strict"), (2, "wb", "backslashreplace"))
        )
        stack.enter_context(patch.multiple(sys, stdin=stdin, stdout=stdout, stderr=stderr))
        yield


def _text(file: IO[bytes]) -> str:
    """Return what was printed, as `subprocess` decodes it; bytes that are not UTF-8 stay visible."""
    file.seek(0)
    return file.read().decode("utf-8", "surrogateescape").replace("\r\n", "\n")
