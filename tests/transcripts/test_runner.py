from __future__ import annotations

import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.limits import wait_until
from tests.transcripts.runner import PLAIN, StoryError, play
from tests.transcripts.transcript import TranscriptError, read_transcript

if TYPE_CHECKING:
    from pathlib import Path

ULID = "01M8326CX0M4W7Y2N8R5T6V9ZB"


class Teller:
    """Plays a story of one console block; what stands before it comes with it."""

    def __init__(self, folder: Path, incident: Path) -> None:
        self.path = folder / "story.md"
        self.incident = incident

    def __call__(self, block: str, before: str = "", *, update: bool = False, inside: bool = False) -> str:
        self.path.write_text(f"# A story\n\n{before}```console\n{block}\n```\n\nThe end.\n", encoding="utf-8")
        return play(self.path, self.incident, update=update, inside=inside)


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    """A command in place of the product, so that a fault of the runner shows as one."""
    program = tmp_path / "bin" / "incident"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "incident 0.1.0"\n')
    program.chmod(0o755)
    return program


@pytest.fixture
def told(tmp_path: Path, stand_in: Path) -> Teller:
    return Teller(tmp_path, stand_in)


def test_a_story_that_went_as_told_has_no_faults(told: Teller) -> None:
    assert told("$ printf 'one\\ntwo\\n'\none\ntwo\n$ true\n$ false\n[1]") == ""


def test_wrong_output_is_shown_as_a_diff_with_its_place(told: Teller) -> None:
    assert told("$ true\n$ printf 'one\\n2\\n'\none\ntwo") == (
        "--- story.md:5: $ printf 'one\\n2\\n'\n+++ what came\n@@ -1,2 +1,2 @@\n one\n-two\n+2"
    )


@pytest.mark.parametrize("block", ["$ echo one\n", "$ true\none", "$ echo one\none\ntwo", "$ echo 'one '\none"])
def test_missing_more_and_nearly_the_same_output_are_wrong(told: Teller, block: str) -> None:
    assert told(block)


def test_a_wrong_exit_code_is_a_fault(told: Teller) -> None:
    assert "-[3]\n+[4]" in told("$ exit 4\n[3]")
    assert "+[4]" in told("$ exit 4")
    assert "-[4]" in told("$ true\n[4]")


def test_death_by_a_signal_has_the_exit_code_of_a_shell(told: Teller) -> None:
    assert told("$ kill -9 $$\n[137]") == ""


def test_three_dots_stand_for_any_number_of_lines(told: Teller) -> None:
    assert told("$ seq 5\n1\n...\n5") == ""
    assert told("$ seq 5\n1\n2\n...\n3\n4\n5") == ""
    assert told("$ seq 5\n...\n4") != ""
    assert told("$ seq 5\n1\n...\n3\n...\n6") != ""


def test_stderr_stands_where_a_terminal_shows_it(told: Teller) -> None:
    assert told("$ echo a; echo b >&2; echo c\na\nb\nc") == ""
    python = "$ python3 -c 'import sys; print(1); print(2, file=sys.stderr); print(3)'\n1\n2\n3"
    assert told(python) == ""


def test_a_command_goes_on_after_a_continuation_prompt(told: Teller) -> None:
    assert told("$ cat <<'END'\n> # title\n>\n>   text\n> END\n# title\n\n  text") == ""


def test_the_folder_and_what_is_exported_last_from_command_to_command(told: Teller) -> None:
    assert told("$ mkdir deep; cd deep; exit 3\n[3]\n$ pwd\n<TMP>/deep") == ""
    assert (
        told("$ export INCIDENT_NOW='a b'\n$ echo $INCIDENT_NOW\na b\n$ unset INCIDENT_NOW\n$ env | grep ^INC\n[1]")
        == ""
    )


def test_a_story_sees_nothing_of_the_machine(told: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCIDENT_VAULT", "/somewhere")
    assert (
        told("$ env | grep -c INCIDENT_\n0\n[1]\n$ ls\n$ echo $HOME $XDG_CONFIG_HOME\n<TMP>/.home <TMP>/.home/.config")
        == ""
    )
    assert told("$ echo $TZ $LANG $NO_COLOR $COLUMNS; cat\nUTC C.UTF-8 1 100") == ""


def test_the_command_under_test_comes_first_on_path_and_its_version_is_masked(told: Teller) -> None:
    assert told("$ incident --version\nincident <VERSION>") == ""


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("incident show --nothing", "...\n[2]"),
        ("incident show --nothing 2>&1 | grep -c 'No such option'", "1"),
        ("incident show --nothing | wc -c", "...\nhint: incident show --help\n0"),
        ("cd deep && incident show --nothing", "incident <VERSION>"),
        ("incident show --nothing > said; cat said", "incident <VERSION>"),
    ],
)
def test_inside_a_plain_command_starts_no_program_and_a_shell_does_the_rest(
    told: Teller, typed: str, answer: str
) -> None:
    assert told(f"$ mkdir deep\n$ {typed}\n{answer}", inside=True) == ""


def test_inside_the_folder_and_what_is_exported_last_too(told: Teller) -> None:
    made = "$ export INCIDENT_NOW=2026-11-23T02:00:00Z; mkdir deep; cd deep\n$ incident init .\n...\n$ incident open Cards fail\n..."
    assert (
        told(f"{made}\n$ incident list --ids\nINC-20261123-01\n$ ls incidents/2026\nINC-20261123-01.md", inside=True)
        == ""
    )


@pytest.mark.parametrize(
    "typed",
    [
        *("incident log $x", "incident log `id`", 'incident log "$x"', 'incident log "a\\"b"', "incident log a\\ b"),
        *(
            "incident log a*",
            "incident log a?",
            "incident log [a]",
            "incident log {a,b}",
            "incident log ~",
            "incident a #b",
        ),
        *("incident log a=~1", "incident a &", "incident a; incident b", "incident a && b", "incident a || b"),
        *("incident a > b", "incident a < b", "incident a 2>b", "incident a |& b", "(incident a)", "A=1 incident a"),
        *("incident log a\nincident log b", "incident 'half", "incidents list"),
    ],
)
def test_a_command_that_a_shell_would_change_is_not_plain(typed: str) -> None:
    assert not PLAIN.fullmatch(typed)


@pytest.mark.parametrize("words", ["log 'a b' c", "log 'a $x' \"it's\"", "log 'two\nlines' -i 01 --at -5m a,b@c/d:e=f"])
def test_of_a_plain_command_the_words_are_those_of_the_shell(words: str) -> None:
    assert PLAIN.fullmatch(f"incident {words}")
    shown = subprocess.run(["bash", "-c", f"printf '%s\\0' {words}"], capture_output=True, text=True, check=True).stdout
    assert shlex.split(words) == shown.split("\0")[:-1]


def test_what_differs_from_run_to_run_is_masked(told: Teller) -> None:
    assert told(f"$ echo uid: {ULID} in $PWD/vault\nuid: <ULID> in <TMP>/vault") == ""


def test_a_missing_end_of_line_and_control_characters_are_visible(told: Teller) -> None:
    assert told("$ printf 'a\\r\\nb\\033[1m'\na^M\nb^[[1m (no end of line)") == ""


def test_output_that_reads_as_a_prompt_is_written_with_a_backslash(told: Teller) -> None:
    block = "$ cat <<'END'\n> > a\n> > b\n> $ c\n> ...\n> \\d\n> [4]\n> END\n\\> a\n> b\n\\$ c\n\\...\n\\\\d\n\\[4]"
    assert told(block) == ""
    told(block.replace("\\$ c", ""), update=True)
    assert block in told.path.read_text(encoding="utf-8")


def test_a_process_in_the_background_neither_delays_nor_outlives_the_story(told: Teller, tmp_path: Path) -> None:
    assert told(f"$ sleep 600 & echo $! > {tmp_path}/pid\n$ echo on\non") == ""
    pid = (tmp_path / "pid").read_text().strip()

    def state() -> str:
        shown = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True, check=False).stdout
        return shown.strip()

    # On a busy machine a killed process takes a moment to die, and waits for another one to be collected.
    wait_until(lambda: state()[:1] in {"", "Z"})


def test_a_hanging_command_ends_the_story(told: Teller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said, ordinary = tmp_path / "said", subprocess.Popen.wait

    def wait(shell: subprocess.Popen[bytes], timeout: float | None = None) -> int:
        """Take the limit for reached as soon as something has been printed."""
        if timeout is None:
            return ordinary(shell)
        wait_until(said.exists)
        raise subprocess.TimeoutExpired(shell.args, timeout)

    monkeypatch.setattr(subprocess.Popen, "wait", wait)
    command = f"echo on; touch {said}; sleep 600"
    with pytest.raises(StoryError, match=rf"still running after 600 s: \$ {command}\non"):
        told(f"$ {command}")


def test_without_a_command_to_test_no_story_runs(told: Teller, stand_in: Path) -> None:
    stand_in.unlink()
    with pytest.raises(StoryError, match="install the project"):
        told("$ true")


def test_a_proof_must_be_found_in_what_its_block_prints(told: Teller) -> None:
    assert told("$ echo INC-$((0+1)) opened\nINC-1 opened", '<!-- proves: [52] "INC-\\d opened$" -->\n\n') == ""
    fault = told("$ echo INC-1 opened\nINC-1 opened", '<!-- proves: [52] "closed" -->\n')
    assert fault.startswith('story.md:3: item 52 is not proven: "closed" finds nothing')


@pytest.mark.parametrize("expression", ["x*", "^", "\\s+", "incident"])
def test_a_proof_is_not_in_the_command_nor_in_nothing(told: Teller, expression: str) -> None:
    assert "not proven" in told("$ : incident; echo 1\n1", f'<!-- proves: [52] "{expression}" -->\n')


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("# Words only\n", "s.md:1: this transcript runs no command"),
        ("```console\n```\n", "s.md:2: a console block begins with a command"),
        ("```console\noutput\n$ true\n```\n", "s.md:2: a console block begins with a command"),
        ("```console\n$ true\n", "s.md:1: this block is never closed"),
        ("- a list\n\n  ```console\n  $ true\n  ```\n", "s.md:3: a block is run only if"),
        ("> ```console\n> $ true\n> ```\n", "s.md:1: a block is run only if"),
        ("~~~console\n$ true\n~~~\n", "s.md:1: a block is run only if"),
        ("```sh\ntrue\n```\n", "s.md:1: a block is run only if"),
        ("````markdown\n```console\n$ true\n```\n````\n", "s.md:2: a block is run only if"),
        ("```\n$ true\n```\n", "s.md:2: a command outside a console block"),
        ("    $ true\n", "s.md:1: a command outside a console block"),
        ("1. $ true\n", "s.md:1: a command outside a console block"),
        ('<!-- proves: [1] "x" -->\n', "s.md:1: no console block follows"),
        ('<!-- proves: [1] "x" -->\nprose\n```console\n$ true\n```\n', "s.md:2: a proof stands directly above"),
        ('<!-- proves: 1 "x" -->\n', "s.md:1: a proof shows one item"),
        ('<!-- proves: [1] "(" -->\n', "s.md:1: not a regular expression"),
        ('<!-- proves: [52, 95] "x" -->\n', "s.md:1: a proof shows one item"),
    ],
)
def test_what_would_pass_unseen_is_a_fault_of_the_file(text: str, fault: str) -> None:
    with pytest.raises(TranscriptError) as error:
        read_transcript(text, "s.md")
    assert str(error.value).startswith(fault)


def test_an_update_rewrites_what_differs_and_keeps_the_prose(told: Teller) -> None:
    before = '<!-- proves: [7] "^2$" -->\n'
    assert told("$ printf 'one\\ntwo\\n'; exit 2\nold\n$ seq 3\n1\n...", before, update=True) == ""
    text = told.path.read_text(encoding="utf-8")
    assert text == (
        f"# A story\n\n{before}```console\n$ printf 'one\\ntwo\\n'; exit 2\none\ntwo\n[2]\n$ seq 3\n1\n...\n```\n\nThe end.\n"
    )


def test_an_update_still_holds_the_proofs(told: Teller) -> None:
    assert "not proven" in told("$ echo one", '<!-- proves: [7] "two" -->\n', update=True)


def test_an_update_leaves_a_fitting_file_as_it_is(told: Teller) -> None:
    told("$ seq 3\n1\n...\n$ cat <<E\n> a \n>\n> E\na \n")
    before = told.path.read_bytes()
    told("$ seq 3\n1\n...\n$ cat <<E\n> a \n>\n> E\na \n", update=True)
    assert told.path.read_bytes() == before


def test_an_update_fences_output_that_has_fences_itself(told: Teller) -> None:
    told("$ printf '```text\\n```\\n'", update=True)
    assert "\n````console\n$ printf '```text\\n```\\n'\n```text\n```\n````\n" in told.path.read_text(encoding="utf-8")
    transcript = read_transcript(told.path.read_text(encoding="utf-8"), "story.md")
    assert transcript.blocks[0].commands[0].expected == ("```text", "```")
