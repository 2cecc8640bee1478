"""Two people open the same thing within seconds: the second is told, whatever an index knows."""

from __future__ import annotations

import os
import re
from unittest.mock import patch

import pytest

from okb_incident.core.incident.schema import read_incident
from okb_incident.errors import VaultError
from okb_incident.vault.read import newest as newest_incidents
from okb_incident.vault.read import peek

FIRST, SECOND = "INC-20261123-01", "INC-20261123-02"
MERGE = f"merge {SECOND} {FIRST}"


@pytest.mark.parametrize("index", ["no index", "an index from before", "an index that knows it"])
def test_what_was_opened_a_moment_ago_is_hinted_at(run, tmp_path, index):
    vault = tmp_path / "kb"
    run("init", str(vault), vault=None)
    if index == "an index from before":
        run("list", vault=vault)
    first = run("open", "Checkout is slow", vault=vault, env={"INCIDENT_USER": "bob"})
    assert "like " not in first.stderr
    if index == "an index that knows it":
        run("list", vault=vault)
    second = run("open", "The checkout is slow", "--json", vault=vault)
    assert f"like {FIRST} Checkout is slow\n" in second.stderr
    assert MERGE in second.stderr
    assert second.stderr.count("like ") == 1


def test_it_is_looked_for_when_the_note_lies_there_and_the_answer_is_out(run, vault):
    seen = []

    def newest(root, *others):
        seen.append((os.path.exists(f"{root}/incidents/2026/{SECOND}.md"), os.fstat(1).st_size > 0))
        return real(root, *others)

    real = newest_incidents.newest
    with patch("okb_incident.workflow.lifecycle.likely_same.newest", newest):
        assert MERGE in run("open", "Checkout is slow", vault=vault).stderr
    assert seen == [(True, True)]


@pytest.mark.parametrize("title", ['Checkout "fails" at C:\\pay', "Kasse über Nacht zu langsam"])
def test_a_title_that_needs_quotes_or_is_not_ascii(run, vault, title):
    run("open", title, vault=vault)
    assert f"like {SECOND} {title}\n" in run("open", title, vault=vault).stderr


def test_what_may_not_be_shown_and_what_is_over_since_is_not_called_open(run, vault, note):
    run("list", vault=vault)
    run("resolve", "01", vault=vault)
    done = run("open", "Checkout is slow", vault=vault)
    assert f"like {FIRST} Checkout is slow, which is over\n" in done.stderr
    run("restrict", FIRST, vault=vault)
    copy = note.read_bytes() if note.exists() else next(vault.rglob(f"{FIRST}.md")).read_bytes()
    note.write_bytes(copy.replace(b"visibility: restricted\n", b"").replace(b"status: resolved", b"status: triage"))
    run("resolve", "02", vault=vault)
    done = run("open", "Checkout is slow", vault=vault)
    assert FIRST not in done.stderr


def test_a_service_of_both_is_enough_though_no_word_of_the_titles_is(run, vault):
    run("open", "Queue grows", "--service", "Checkout", vault=vault)
    done = run("open", "Refunds wait", "--service", "checkout", vault=vault)
    assert f"like {SECOND} Queue grows\n" in done.stderr


@pytest.mark.parametrize(
    ("title", "is_read"),
    [
        ("Checkout is slow", True),
        ('"Queue # checkout slow"', True),
        ('"\\u00e9\\u00e8 \\u00ea \\u00eb checkout slow"', True),
        ("Payments of the checkout wait in line", False),
    ],
)
def test_of_notes_that_only_share_a_word_nothing_is_loaded_that_reads_them(run, vault, note, title, is_read):
    note.write_text(re.sub("^title: .*$", lambda _: f"title: {title}", note.read_text(), flags=re.MULTILINE))
    with patch("okb_incident.vault.read.newest.read_incident", wraps=read_incident) as read:
        done = run("open", "The checkout is slow", vault=vault)
    assert (read.called, MERGE in done.stderr) == (is_read, is_read)


@pytest.mark.parametrize(("status", "most"), [("triage", 20), ("closed", 60)])
def test_a_limit_is_set_to_what_is_looked_at(run, vault, note, status, most):
    text = note.read_text()
    for number in range(2, 99):
        path = note.with_name(f"INC-20261123-{number:02d}.md")
        path.write_text(text.replace(FIRST, path.stem).replace("status: triage", f"status: {status}"))
    with patch.object(newest_incidents, "head", wraps=peek.head) as head:
        run("open", "Search is down", vault=vault)
    assert head.call_count == most


def test_a_hint_never_stands_in_the_way(run, vault):
    with patch.object(newest_incidents, "head", side_effect=VaultError("cannot be read")):
        done = run("open", "Checkout is slow", vault=vault)
    assert (done.returncode, done.stderr) == (0, "")
