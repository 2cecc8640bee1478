"""Power cuts on a real file system: an ext4 image is copied while the command runs or just after; the copy is what a pulled plug leaves.

    python -m tests.privileged.power_cut --first          the first command of each shape

What the file system has not yet given to its disk is not in the copy. The plug is pulled right after the command has said that
it is done, seven seconds later (when ext4 has written by itself what nobody synced), and at every call with which the command
writes, where strace stops it. Everything twice: with ext4's own defaults, and with `noauto_da_alloc`, which takes away the help
that ext4 gives to programs that do not sync. Then the copy is mounted: every note is old or new, after the end new, and the next
commands just work.

For comparison a plain write and a rename without syncing are cut likewise, which shows that the harness finds what is lost.
Needs root, loop devices, mkfs.ext4 and strace.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.faults.stage import Stage, notes, prepare_process
from tests.faults.sweep import Sweep, Tally, trials
from tests.privileged import traced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OPTIONS = {"ext4": "loop", "ext4, noauto_da_alloc": "loop,noauto_da_alloc"}
SIZE = 24 * 1024 * 1024
OLD, NEW = b"old\n" * 5_000, b"new\n" * 7_500


class Disk:
    """An image of a file system in a folder, mounted or copied."""

    def __init__(self, folder: str, options: str) -> None:
        self._image = Path(folder, "image")
        self._copy = Path(folder, "copy")
        self._options = options
        self.place = Path(folder, "disk")
        self.place.mkdir()
        with self._image.open("wb") as file:
            file.truncate(SIZE)
        subprocess.run(["mkfs.ext4", "-q", "-F", self._image], check=True)

    @contextmanager
    def mounted(self, image: Path | None = None) -> Iterator[Path]:
        """Have it under its place for a while."""
        subprocess.run(["mount", "-o", self._options, image or self._image, self.place], check=True)
        try:
            yield self.place
        finally:
            subprocess.run(["umount", self.place], check=True)

    def pull_the_plug(self) -> None:
        """Keep what the disk has at this moment."""
        shutil.copyfile(self._image, self._copy)

    @contextmanager
    def after_the_cut(self) -> Iterator[Path]:
        """Have what was left, mounted as after the next start."""
        with self.mounted(self._copy) as place:
            yield place


def cut(sweep: Sweep, options: str, moment: traced.Call | float) -> list[str]:
    """Run the trial on a disk, pull the plug at a call or so many seconds after its end, and say what is wrong then."""
    with traced.folder() as folder:
        disk = Disk(folder, options)
        with disk.mounted() as place:
            stage = Stage(str(place / "stage"))
            stage.set_up(sweep.before)
            os.sync()
            if isinstance(moment, traced.Call):
                ended = stopped(stage, sweep.trial.words, moment, disk.pull_the_plug)
            else:
                done = traced.run(stage, sweep.trial.words, "-e", "trace=none")
                assert done.code == 0, done
                time.sleep(moment)
                disk.pull_the_plug()
                ended = True
        with disk.after_the_cut() as place:
            left = Stage(str(place / "stage"))
            there = notes(left.tree())
            problems = list(sweep.torn(there))
            if ended and there != sweep.new:
                problems.append("lost: the command had ended, but the new state is not there")
            return problems + sweep.astray(left, there)


def stopped(stage: Stage, words: tuple[str, ...], call: traced.Call, pull_the_plug: Callable[[], None]) -> bool:
    """Run a command up to a call, pull the plug there, and end it. Say whether it came to its end before."""
    inject = ("-e", f"trace={call.name}", "-e", f"inject={call.name}:signal=SIGSTOP:when={call.number}")
    environment = {**os.environ, "HOME": f"{os.path.dirname(stage.vault)}/home"}
    trace = Path(os.path.dirname(stage.vault), "trace")
    tracer = subprocess.Popen(
        traced.command(stage, words, *inject),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    text = ""
    while tracer.poll() is None and "stopped by SIGSTOP" not in text:
        time.sleep(0.02)
        text = trace.read_text() if trace.exists() else ""
    pull_the_plug()
    if tracer.poll() is not None:
        return tracer.returncode == 0
    os.kill(int(text.split(maxsplit=1)[0]), signal.SIGKILL)
    tracer.wait()
    return False


def plain(path: Path) -> None:
    """Write as `Path.write_bytes` does."""
    path.write_bytes(NEW)


def renamed(path: Path) -> None:
    """Write beside it and rename, without syncing."""
    temp = path.with_suffix(".tmp")
    temp.write_bytes(NEW)
    temp.replace(path)


def compared(options: str, write: Callable[[Path], None], seconds: float) -> str:
    """Say what a way of writing that does not sync leaves after a cut."""
    with traced.folder() as folder:
        disk = Disk(folder, options)
        with disk.mounted() as place:
            (place / "note.md").write_bytes(OLD)
            os.sync()
            write(place / "note.md")
            time.sleep(seconds)
            disk.pull_the_plug()
        with disk.after_the_cut() as place:
            left = (place / "note.md").read_bytes()
    return {OLD: "old", NEW: "new", b"": "EMPTY"}.get(left, f"TORN, {len(left)} bytes")


def main() -> int:
    """Cut, and say what was found.

    Returns:
        1 if anything was broken.
    """
    _, tried = trials(
        argparse.ArgumentParser(description="Pull the plug while the installed command writes, and after.")
    )
    if os.geteuid() != 0:
        sys.exit("not run: mounting an image needs root")
    traced.need("strace", "mkfs.ext4", "mount", "losetup")
    prepare_process()
    for name, options in OPTIONS.items():
        for write in (plain, renamed):
            left = ", ".join(f"{compared(options, write, seconds)} after {seconds} s" for seconds in (0, 7))
            print(f"for comparison, {write.__name__} on {name}: {left}", flush=True)
    everything = Tally()
    for shape, trial in tried:
        with traced.folder() as folder:
            sweep = Sweep(trial, folder)
            points: list[traced.Call | float] = [0.0, 7.0, *traced.calls(sweep.stage(), trial.words)]
            for name, options in OPTIONS.items():
                tally = Tally()
                for moment in points:
                    when = f"at {moment}" if isinstance(moment, traced.Call) else f"{moment:g} s after the end"
                    tally.count(f"{trial.command}, {name}: plug pulled {when}", cut(sweep, options, moment))
                print(f"{shape}: {trial.command}, {name}: plug pulled, {tally}", flush=True)
                everything.add(tally)
    print(f"plug pulled, {everything}")
    return 1 if everything.broken else 0


if __name__ == "__main__":
    sys.exit(main())
