"""Text that begins with a hyphen: the error names the same command line with the text behind two hyphens."""

from __future__ import annotations

import json
import shlex

import pytest


@pytest.mark.parametrize(
    ("words", "again"),
    [
        (("tell", "users", "---"), "tell -- users ---"),
        (("tell", "users", "---", "--next", "30m"), "tell --next 30m -- users ---"),
        (("tell", "-i", "01", "users", "---", "--next=30m"), "tell -i 01 --next=30m -- users ---"),
        (("tell", "users", "-5 % of orders fail", "--json"), "tell --json -- users '-5 % of orders fail'"),
        (("comms", "amend", "u1", "--- x"), "comms amend -- u1 '--- x'"),
        (("resolve", "---"), "resolve -- ---"),
        (("severity", "sev1", "-1 region"), "severity -- sev1 '-1 region'"),
    ],
)
def test_text_that_was_taken_for_an_option_is_offered_behind_two_hyphens(run, vault, words, again):
    done = run(*words, vault=vault)
    assert done.returncode == 2
    offered = f"goes behind --, as in: incident --vault {vault} {again}"
    if "--json" in words:
        assert json.loads(done.stderr)["error"]["hint"].endswith(offered)
    else:
        assert done.stderr.endswith(f"{offered}\n")


@pytest.mark.parametrize(
    ("words", "again"),
    [
        (("mitigate", "-2m", "rolled", "back"), "mitigate rolled back --at -2m"),
        (("identify", "-10m", "pool exhausted", "--dry-run"), "identify 'pool exhausted' --dry-run --at -10m"),
        (("ack", "-5m"), "ack --at -5m"),
    ],
)
def test_a_time_that_was_taken_for_an_option_is_offered_behind_at(run, vault, words, again):
    done = run(*words, vault=vault)
    assert done.returncode == 2
    assert done.stderr.endswith(f"a time goes behind --at, as in: incident --vault {vault} {again}\n")
    assert run(*shlex.split(again), vault=vault).returncode == 0


@pytest.mark.parametrize(
    "words", [("mitigate", "-2m", "-3 pods"), ("mitigate", "-2m", "x", "--at", "-5m"), ("tell", "users", "-5 %")]
)
def test_where_a_time_is_given_or_two_could_be_meant_it_is_text(run, vault, words):
    assert "goes behind --, as in" in run(*words, vault=vault).stderr


def test_the_command_that_is_offered_works(run, vault):
    refused = run("tell", "users", "---", "--next", "30m", vault=vault).stderr
    command = shlex.split(refused.partition("as in: incident ")[2])
    assert run(*command, vault=None).returncode == 0


@pytest.mark.parametrize(
    "words",
    [
        # A mistyped option is one, and a verb that takes no text has none to offer.
        ("tell", "users", "Cards fail", "--nxt", "30m"),
        ("tell", "users", "-x", "--- y"),
        ("list", "---"),
        ("show", "01", "---"),
        ("---",),
    ],
)
def test_a_mistyped_option_is_answered_with_the_help(run, vault, words):
    done = run(*words, vault=vault)
    assert done.returncode == 2
    assert "behind --" not in done.stderr
    assert "--help" in done.stderr
