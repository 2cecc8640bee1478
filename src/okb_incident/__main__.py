"""The entry point: ``incident`` and ``python -m okb_incident``."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] == ["--version"]:
        # Answered before anything is imported: scripts ask for it often.
        from okb_incident import __version__

        print(f"incident {__version__}")
        return
    # The start makes many objects and no rubbish: looking for it there would cost a tenth of the time of `open`.
    gc.set_threshold(100_000)
    from okb_incident.cli.main import run

    code = run(sys.argv[1:])
    # On its way out Python looks for rubbish three times more, in all that is loaded; what is frozen is not looked at.
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
