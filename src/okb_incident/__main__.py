"""The entry point: ``incident`` and ``python -P -m okb_incident``.

Without ``-P`` Python looks for modules in the current folder first, and that may be a vault, of which nothing is ever run. So
nothing is imported before the folder has left the path but what Python has loaded by itself: not even ``__future__``.
"""

import gc
import os
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    _leave_current_folder()
    code = _run(sys.argv[1:])
    # On its way out Python looks for rubbish several times, in all that was loaded; what is frozen is not looked at.
    gc.freeze()
    sys.exit(code)


def _leave_current_folder() -> None:
    """Remove the current folder from the path of modules, where it is in front of Python's own library.

    ``python -m`` puts it there, and so does a PYTHONPATH with an empty part, such as ``:/opt/modules``.
    """
    try:
        here = os.getcwd()
    except OSError:  # the folder has been deleted
        here = ""
    library = os.path.dirname(os.__file__)
    end = sys.path.index(library) if library in sys.path else 1
    sys.path[:end] = [each for each in sys.path[:end] if each not in {"", here}]


def _run(arguments: list[str]) -> int:
    if arguments == ["--version"]:
        # Answered before anything is imported: scripts ask for it often.
        from okb_incident import __version__

        print(f"incident {__version__}")
        return 0
    if "_INCIDENT_COMPLETE" in os.environ:
        # A shell waits at each Tab: what reads commands is loaded only where an option is typed.
        from okb_incident.cli.completion.answer import answer_shell

        return answer_shell(arguments)
    # The start makes many objects and no rubbish: looking for it there would cost a tenth of the time of `open`.
    gc.set_threshold(100_000)
    from okb_incident.cli.main import run

    return run(arguments)


if __name__ == "__main__":
    main()
