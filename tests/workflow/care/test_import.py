"""Bringing in a status page: what each note becomes, and that a note nobody can read keeps no other back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

INCIDENT = "---\ntitle: Disk full\ndate: 2022-10-20 09:30:00\n---\nThe queue filled the disk.\n"


@pytest.fixture
def page(tmp_path):
    """Write notes of a status page, and give their folder."""

    def write(**notes: str) -> str:
        folder = tmp_path / "page"
        folder.mkdir(exist_ok=True)
        for name, text in notes.items():
            (folder / f"{name}.md").write_text(text)
        return str(folder)

    return write


def imported(desk, folder, *words):
    return json.loads(desk("import", "cstate", folder, *words, "--json").out)


@pytest.mark.parametrize(
    "broken",
    [
        "---\ntitle: x\ndate: [\n---\n",
        "\n---\ntitle: x\ndate: [\n---\n",
        '{\n"title": "x",\n}\n',
        f'{{\n"title": {"[" * 5_000}\n}}\n',
        "+++\ntitle =\n+++\n",
    ],
)
def test_a_note_that_cannot_be_read_is_named_and_the_others_are_imported(desk, page, broken):
    found = imported(desk, page(a=broken, b=INCIDENT))
    assert [each["source"] for each in found["created"]] == ["cstate/b.md"]
    (problem,) = found["problems"]
    assert (problem["path"], problem["code"]) == ("a.md", "unreadable")


def test_a_line_of_yaml_that_cannot_be_read_is_named_with_its_place(desk, page):
    (problem,) = imported(desk, page(a="\n---\ntitle: x\nowner: @alice\n---\n"))["problems"]
    assert problem["line"] == 4
    assert problem["hint"]


def shown(desk, which):
    return json.loads(desk("show", which, "--json").out)


def test_incidents_are_numbered_by_their_start_after_those_of_the_day(desk, page):
    desk("open", "Older", "--started", "2022-10-20T08:00:00Z", "--declared", "2022-10-20T08:00:00Z")
    later = INCIDENT.replace("09:30", "10:30")
    folder = page(a=later, b=INCIDENT, c=INCIDENT.replace("10-20", "10-19"), d="---\ntitle: About\n---\n")
    (desk.root / "incidents/2022").mkdir(exist_ok=True)
    (desk.root / "incidents/2022/INC-20221020-01.md").write_text("---\nid: INC-20221020-01\n---\n")
    found = imported(desk, folder)
    assert [(each["source"], each["path"]) for each in found["created"]] == [
        ("cstate/c.md", "incidents/2022/INC-20221019-01.md"),
        ("cstate/b.md", "incidents/2022/INC-20221020-02.md"),
        ("cstate/a.md", "incidents/2022/INC-20221020-03.md"),
    ]
    assert found["passed"] == ["d.md"]


def test_a_dry_run_names_what_would_come_and_writes_nothing(desk, page):
    folder, before = page(a=INCIDENT), desk.all()
    assert imported(desk, folder, "--dry-run")["created"] == [{"source": "cstate/a.md", "path": None}]
    assert desk.all() == before


def test_an_incident_that_is_known_already_is_not_imported_again_and_a_new_one_is(desk, page):
    imported(desk, page(a=INCIDENT))
    found = imported(desk, page(b=INCIDENT))
    assert (found["known"], [each["source"] for each in found["created"]]) == (["cstate/a.md"], ["cstate/b.md"])


def test_a_note_without_a_start_is_named_and_left_out(desk, page):
    found = imported(desk, page(a="---\nsection: issue\n---\n", b="---\nsection: issue\ndate: soon\n---\n"))
    assert found["created"] == []
    assert [(each["path"], each["code"]) for each in found["problems"]] == [
        ("a.md", "no-start"),
        ("b.md", "bad-moment"),
        ("b.md", "no-start"),
    ]


@pytest.mark.parametrize(
    ("more", "status", "at"),
    [
        ("", "investigating", "09:30:00"),
        ("resolved: true\n", "resolved", "09:30:00"),
        ("resolved: true\nresolvedWhen: 2022-10-20 12:15:00\n", "resolved", "12:15:00"),
        ("resolvedWhen: 2022-10-20 12:15:00\n", "investigating", "09:30:00"),
    ],
)
def test_the_first_line_of_the_timeline_is_at_the_moment_of_its_status(desk, page, more, status, at):
    (made,) = imported(desk, page(a=INCIDENT.replace("---\nThe", f"{more}---\nThe")))["created"]
    which = Path(made["path"]).stem
    (entry,) = json.loads(desk("timeline", which, "--json").out)
    assert (entry["kind"], entry["at"]) == ("status", f"2022-10-20T{at}Z")
    assert shown(desk, which)["status"] == status


def test_what_has_no_property_of_ours_is_kept_under_a_name_of_its_own(desk, page):
    more = "severity: Weird\nmail sent: 12:30\npeople: [a, b]\nnumber: 3\n"
    (made,) = imported(desk, page(a=INCIDENT.replace("---\nThe", f"{more}---\nThe")))["created"]
    text = (desk.root / made["path"]).read_text()
    assert "\nseverity: undetermined\n" in text
    kept = {line for line in text.splitlines() if line.startswith("cstate_")}
    assert kept == {"cstate_severity: weird", 'cstate_mail_sent: "12:30"', 'cstate_number: "3"'}


def test_a_body_keeps_its_words_below_our_headings(desk, page):
    body = (
        "# Cause\nA deploy.\n## Detail\n  ##\tTimeline\n- 03:00 @mallory note: forged\n### Log\n#tag\n```sh\n# df -h\n"
    )
    (made,) = imported(desk, page(a=INCIDENT + body))["created"]
    text = (desk.root / made["path"]).read_text()
    assert [line for line in text.splitlines() if "#" in line] == [
        "# Disk full",
        "## Summary",
        "### Cause",
        "#### Detail",
        "  ####\tTimeline",
        "### Log",
        "#tag",
        "# df -h",
        "## Timeline",
    ]
    # The fence that was left open would have made code of the timeline.
    entries = json.loads(desk("timeline", Path(made["path"]).stem, "--json").out)
    assert [each["kind"] for each in entries] == ["status"]


@pytest.mark.parametrize(
    "fences", ["```\nx\n```", "~~~\n```\n~~~", "````\n```\n````", "```\n~~~\n``` x\n```", "```\n```\u00a0\n``\n ```\t"]
)
def test_a_fence_that_is_closed_is_left_as_it_is(desk, page, fences):
    (made,) = imported(desk, page(a=INCIDENT + fences + "\nThe end.\n"))["created"]
    assert f"{fences}\nThe end.\n\n## Timeline\n" in (desk.root / made["path"]).read_text()
