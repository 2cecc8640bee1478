"""The entry point: ``incident`` and ``python -m okb_incident``."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    code = _run(sys.argv[1:])
    # On its way out Python looks for rubbish several times, in all that was loaded; what is frozen is not looked at.
    gc.freeze()
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    if arguments == ["--version"]:
        # Answered before anything is imported: scripts ask for it often.
        from okb_incident import __version__

        print(f"incident {__version__}")
        return 0
    # The start makes many objects and no rubbish: looking for it there would cost a tenth of the time of `open`.
    gc.set_threshold(100_000)
    from okb_incident.cli.main import run

    return run(arguments)


if __name__ == "__main__":
    main()
