"""Hostile notes: what a vault may hold by accident or by malice, beside three good incidents.

Every note here is in reach of every command. The texts are made, not stored, so that no editor, sync tool or checkout has to
survive them.
"""

from __future__ import annotations

import os
import shutil
import stat
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

OPEN, OVER, CLOSED = "INC-20261123-01", "INC-20261122-01", "INC-20261120-01"
ANY = "INC-20260101-01"
"""Stands in a note that is made for the id that its file name will be."""
GOOD = (OPEN, OVER, CLOSED)
TITLES = {OPEN: "Checkout answers slowly", OVER: "Mail arrives late", CLOSED: "Search was down"}

ESC_PAYLOADS = {
    "colour": "\x1b[31mred",
    "clear": "\x1b[2J\x1b[1;1Hclear",
    "title": "\x1b]0;pwned\x07title",
    "link": "\x1b]8;;file:///etc/passwd\x1b\\link",
    "clipboard": "\x1b]52;c;cHduZWQ=\x07clip",
    "c1": "\x9b31mc1",
    "osc-c1": "\x9d0;pwned\x9cosc",
    "nul": "a\x00nul",
    "bell": "a\x07bell",
    "backspace": "abc\x08\x08back",
    "return": "sev1 real\rsev4 fake",
    "formfeed": "a\x0cform\x0bfeed",
    "delete": "a\x7fdel",
    "bidi": "a\u202egnp.exe",
    "isolate": "a\u2066x\u2069iso",
    "zero": "a\u200bzero\ufeff",
    "separator": "a\u2028line\u2029para",
    "nel": "a\x85nel",
    "markup": "disk [/dev/sda] failed [bold]x[link=file:///etc]y",
    "emoji": ":smile: :boom: [red]",
}
"""What a terminal would obey or a library of the terminal interpret; YAML writes each in double quotes."""

EXECUTED = {
    "templater": "<% tp.user.pwn() %>",
    "templater js": "<%* await tp.user.pwn() %>",
    "templater trim": "<%_ tp.user.pwn() _%>",
    "templater whole file": "<%+ tp.file.content %>",
    "dataview": "`= this.file.name`",
    "dataview js": "`$= dv.current()`",
    "dataview bare": "$= dv.current()",
    "dataviewjs": "```dataviewjs app.vault.delete() ```",
    "datacore": "~~~datacorejsx app.vault.delete() ~~~",
    "js-engine": "````js-engine app.vault.delete() ````",
}
"""What a plug-in of Obsidian would execute."""


class Aimed(NamedTuple):
    """A hostile note that a command can name.

    Attributes:
        id: By its file name.
        label: What is wrong with it.
        path: Of the vault.
    """

    id: str
    label: str
    path: str


class Corpus(NamedTuple):
    """What was made.

    Attributes:
        root: The vault.
        aimed: The hostile notes whose file names are ids.
        named: Paths that `check` has to name.
        files: How many hostile things there are.
    """

    root: Path
    aimed: tuple[Aimed, ...]
    named: tuple[str, ...]
    files: int


def quoted(text: str) -> str:
    """Write a text as YAML and JSON do in double quotes, every odd character escaped."""
    plain = "".join(c if " " <= c <= "~" and c not in '"\\' else f"\\u{ord(c):04x}" for c in text)
    return f'"{plain}"'


def block(incident_id: str, **given: str | None) -> str:
    """Write the properties of an incident; a value is YAML as it stands, None leaves the key out."""
    values: dict[str, str | None] = {
        "type": "incident",
        "id": incident_id,
        "title": "A hostile note",
        "status": "triage",
        "severity": "SEV3",
        "declared": "2026-11-23T01:00:00",
        "created": "2026-11-23",
        **given,
    }
    return "".join(f"{key}: {value}\n" for key, value in values.items() if value is not None)


def note(properties: str, body: str = "\n# Title\n\n## Timeline\n- 2026-11-23T01:00:00 **note** @bob: first\n") -> str:
    return f"---\n{properties}---\n{body}"


def yaml_blocks(i: str) -> dict[str, str]:
    """Give hostile frontmatter blocks for an id, by label."""
    head = block(i)
    laughs = "".join(
        f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" if n else "l0: &l0 [lol, lol, lol]\n" for n in range(10)
    )
    merges = "".join(
        f"m{n}: &m{n}\n  <<: [{', '.join([f'*m{n - 1}'] * 9)}]\n" if n else "m0: &m0 {a: 1}\n" for n in range(10)
    )
    return {
        "billion laughs": head + laughs,
        "merge key bomb": head + merges,
        "aliases, many": head + "a: &a x\nb: [" + ", ".join(["*a"] * 5000) + "]\n",
        "anchors, many": head + "".join(f"k{n}: &k{n} x\n" for n in range(2000)),
        "alias of itself": head + "a: &a [*a]\n",
        "alias of nothing": head + "a: *nothing\n",
        "brackets, deep": head + "a: " + "[" * 60_000 + "\n",
        "brackets, deep and closed": head + "a: " + "[" * 30_000 + "]" * 30_000 + "\n",
        "braces, deep": head + "a: " + "{a: " * 30_000 + "\n",
        "items, deep": head + "a:\n" + " " + "- " * 30_000 + "x\n",
        "indents, deep": head + "".join(" " * n + "a:\n" for n in range(500)),
        "questions, deep": head + "? " * 20_000 + "x\n",
        "a million brackets": head + "a: " + "[" * 1_000_000 + "\n",
        "values, many": head + "a: [" + "1, " * 30_000 + "1]\n",
        "properties, many": head + "".join(f"k{n}: {n}\n" for n in range(15_000)),
        "block, large": head + "a: " + "x" * 300_000 + "\n",
        "tag of Python": head + "a: !!python/object/apply:os.system ['touch pwned']\n",
        "tag of Python, name": head + "a: !!python/name:os.system\n",
        "tag binary": head + "a: !!binary aGVsbG8=\n",
        "tag timestamp": head + "a: !!timestamp q\n",
        "tag bool": head + "a: !!bool x\n",
        "tag int": head + 'a: !!int ""\n',
        "tag set": head + "a: !!set {x, y}\n",
        "tag omap": head + "a: !!omap [x: 1]\n",
        "tag of its own": head + "a: !secret x\n",
        "directive": "%YAML 9.9\n" + head,
        "question": head + "? \n",
        "key is a list": head + "[a, b]: c\n",
        "key is a mapping": head + "{{date}}: c\n",
        "key is true": head + "true: 1\nnull: 2\n1: 3\n.nan: 4\n",
        "key is empty": head + '"": 1\n',
        "key is long": head + "x" * 2000 + ": 1\n",
        "key with payload": head + quoted(EXECUTED["templater"]) + ": 1\n",
        "key twice": head + "severity: SEV1\n",
        "key twice, nested": head + "a: {x: 1, x: 2}\n",
        "key twice, visibility": head + "visibility: public\nvisibility: public\n",
        "wikilink without quotes": head + "services: [[checkout]]\ncommander: [[alice]]\n",
        "placeholder without quotes": head + "a: {{title}}\n",
        "digits, many": head + "users_affected: " + "9" * 5000 + "\n",
        "hexadecimal, long": head + "users_affected: 0x" + "f" * 5000 + "\n",
        "exponent": head + "users_affected: 1e99999\na: -.inf\nb: .nan\n",
        "tab": head + "a:\t1\n\tb: 2\n",
        "half a quote": head + 'a: "half\n',
        "half a list": head + "a: [x,\n",
        "no colon": head + "nonsense\n",
        "colon in value": head + "a: b: c\n",
        "fence in quotes": head + 'a: "x\n---\ny"\n',
        "fence in a block": head + "a: |\n  ---\n  x\n",
        "dots end it": head + "...\n",
        "two documents": head + "--- x\n",
        "merge markers": "<<<<<<< HEAD\n" + head + "=======\nstatus: closed\n>>>>>>> theirs\n",
        "control characters": head + "a: x\x1b[31my\x07\n",
        "nul": head + "a: x\x00y\n",
        "separators": head + "a: x\u2028y\u2029z\x85w\n",
        "byte order mark within": head + "a: x\ufeffy\n",
        "escapes of half characters": head + 'a: "\\ud800\\udfff"\n',
        "escape in the type": head.replace("type: incident", 'type: "inciden\\x74"'),
        "comment bomb": head + "#" * 200_000 + "\n",
        "list": "- a\n- b\n",
        "scalar": "hello\n",
        "number": "42\n",
        "null": "~\n",
        "empty": "",
        "blanks": "   \n\n",
        "only comments": "# x\n# y\n",
        "flow mapping": "{type: incident, id: "
        + i
        + ", title: x, status: triage, severity: SEV3, declared: 2026-11-23}\n",
    }


def odd_values(i: str) -> dict[str, str]:
    """Give blocks in which one property holds what it should not, by label."""
    traps = {
        "list": "[a, [b, [c]]]",
        "mapping": "{a: {b: c}}",
        "number": "12345678901234567890",
        "float": ".inf",
        "true": "true",
        "null": "null",
        "sexagesimal": "190:20:30",
        "octal": "00123",
        "bytes of a day": "2026-02-30",
        "hour 25": "2026-11-23T25:00:00Z",
        "year 0": "0000-00-00T00:00:00",
        "year 9999": "9999-12-31T23:59:59-14:00",
        "year 1": "0001-01-01T00:00:00+14:00",
        "leap": "2026-06-30T23:59:60Z",
        "traversal": '"../../../etc/passwd"',
        "long": '"' + "x" * 70_000 + '"',
        "lines": '"a\\nb\\n## Timeline\\n- x"',
        "payload": quoted(EXECUTED["templater"]),
        "escape": quoted(ESC_PAYLOADS["title"]),
    }
    found = {}
    for place, (label, trap) in enumerate(traps.items()):
        for key in (
            "status",
            "severity",
            "declared",
            "started",
            "resolved",
            "services",
            "duplicate_of",
            "updated",
            "tags",
        )[place % 3 :: 3]:
            found[f"{key} is {label}"] = block(i, **{key: trap})
    for key in ("id", "type", "title", "uid", "visibility", "aliases", "commander"):
        found[f"{key} is odd"] = block(i, **{key: traps[("list", "mapping", "long", "lines", "float")[len(key) % 5]]})
    return found


def bodies(i: str) -> dict[str, str]:
    """Give whole notes whose body is hostile, by label."""
    head = block(i)
    line = "- 2026-11-23T01:00:00 **note** @bob: "
    garbage = [
        "- ",
        "-",
        "- 99:99 x",
        "- 2026-13-45T99:99:99 **status** @x: a → b → c → d",
        "- 2026-11-23T01:00:00 **status** @bob: nonsense → triage",
        "- 2026-11-23T01:00:00 **impact** @bob: down from never to never",
        "- 2026-11-23T01:00:00 **nonsense** @bob: x",
        "- 0001-01-01T00:00:00+14:00 **note** @bob: x",
        "- 9999-12-31T23:59:59-14:00 **note** @bob: x (recorded 9999-12-31T23:59:59-14:00)",
        "- 2026-11-23T01:00:00 **note** @bob: x (recorded never)",
        "- 2026-11-23T01:00:00 **note** @" + "b" * 500 + ": x",
        "-2026-11-23T01:00:00x",
        "- [ ] 01:30 -> x #external #external",
        "\t- 02:00 indented",
        "> - 02:00 quoted",
        "- 02:00 am or pm",
        "- 2:00 - 3:00 a span",
        "```",
        "- 2026-11-23T01:00:00 **note** @bob: within a fence that never ends",
    ]
    found = {
        "timeline of garbage": note(head, "## Timeline\n" + "\n".join(garbage) + "\n"),
        "timeline of payloads": note(head, "## Timeline\n" + "".join(f"{line}{x}\n" for x in ESC_PAYLOADS.values())),
        "timeline that would be executed": note(
            head, "## Timeline\n" + "".join(f"{line}{x}\n" for x in EXECUTED.values())
        ),
        "timeline, 5,000 lines": note(head, "## Timeline\n" + f"{line}x\n" * 5000),
        "timeline, one long line": note(head, "## Timeline\n" + line + "x" * 1_000_000 + "\n"),
        "timeline of stars": note(head, "## Timeline\n" + "- 2026-11-23T01:00:00 " + "*" * 50_000 + "\n"),
        "timeline of arrows": note(head, "## Timeline\n- 2026-11-23T01:00:00 **status** @b: " + "→ " * 30_000 + "\n"),
        "timeline of recorded": note(head, "## Timeline\n" + line + "(recorded " * 20_000 + "\n"),
        "timeline of digits": note(head, "## Timeline\n- " + "1" * 50_000 + ":30 x\n- 01:30 " + "2:" * 20_000 + "\n"),
        "timeline of blanks": note(head, "## Timeline\n-" + " " * 100_000 + "x\n"),
        "two timelines": note(head, "## Timeline\n" + line + "a\n\n## Timeline\n" + line + "b\n"),
        "timeline within a fence": note(head, "```\n## Timeline\n" + line + "a\n"),
        "timeline within a comment": note(head, "%%\n## Timeline\n%%\n"),
        "headings, many": note(head, "".join(f"## H{n}\n" for n in range(20_000))),
        "fences, many": note(head, "```\n~~~\n" * 20_000),
        "no body": note(head, ""),
        "no line end": note(head, "## Timeline").rstrip("\n"),
        "body of merge markers": note(
            head, "## Timeline\n<<<<<<< HEAD\n" + line + "a\n=======\n" + line + "b\n>>>>>>> x\n"
        ),
        "body of nul": note(head, "\0" * 50_000),
        "ten megabytes": note(head, "\n## Timeline\n" + line + "x\n\n## Notes\n" + "lorem ipsum dolor\n" * 580_000),
        "dataviewjs": note(head, "```dataviewjs\napp.vault.delete()\n```\n\n## Timeline\n"),
    }
    for label, text in (*ESC_PAYLOADS.items(), *EXECUTED.items()):
        everywhere = {
            key: quoted(text) for key in ("title", "commander", "users_affected", "cause", "trigger", "category")
        }
        more = {"services": f"[{quoted(text)}]", "aliases": f"[{quoted(text)}]", "unknown_key": quoted(text)}
        found[f"payload {label}"] = note(block(i, **everywhere, **more))
    return found


def raw_files(i: str) -> dict[str, bytes]:
    """Give notes that no text could be, or that no editor finished, by label."""
    whole = note(block(i))
    text = whole.encode()
    return {
        "byte order mark": b"\xef\xbb\xbf" + text,
        "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbf" + text,
        "utf-16": whole.encode("utf-16"),
        "utf-16 big": whole.encode("utf-16-be"),
        "utf-32": whole.encode("utf-32"),
        "latin-1": text.replace(b"A hostile note", "Zürich löst".encode("latin-1")),
        "half a character": text + b"\xf0\x9f\x98",
        "surrogates": text.replace(b"A hostile note", b"\xed\xa0\x80\xed\xb0\x80"),
        "overlong": text.replace(b"A hostile note", b"\xc0\xaf\xc1\x81"),
        "crlf": text.replace(b"\n", b"\r\n"),
        "cr": text.replace(b"\n", b"\r"),
        "lf and crlf": text.replace(b"\n", b"\r\n", 7),
        "cr in the block": text.replace(b"status: triage\n", b"status: triage\r"),
        "fence of four": b"-" + text,
        "fence with blanks": text.replace(b"---\n", b"---   \t\n", 1),
        "blank before the fence": b" " + text,
        "line before the fence": b"\n" + text,
        "never ending": text.replace(b"\n---\n", b"\n", 1),
        "toml": b"+++\ntype = 'incident'\n+++\n",
        "json": b'{"type": "incident"}\n',
        "nothing": b"",
        "one byte": b"-",
        "zeros": b"\0" * 4096,
        "noise": bytes(range(256)) * 64,
        "gzip": b"\x1f\x8b\x08" + bytes(range(255, -1, -1)) * 8,
        **{f"cut after {size} bytes": text[:size] for size in range(2, text.index(b"\n---\n") + 3, 9)},
        **{f"body cut after {size} bytes": text[:size] for size in range(text.index(b"\n---\n") + 5, len(text), 17)},
    }


def build(root: Path) -> Corpus:
    """Make the vault."""
    (root / "incident.toml").write_text('format = 1\nzone = "UTC"\n')
    year = root / "incidents" / "2026"
    year.mkdir(parents=True)
    for folder in ("services", "people", "operations", "templates/incident", "incidents/restricted"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    # As `init` makes it: the next command that writes closes one that is open to others.
    (root / "incidents/restricted").chmod(0o750)
    _good(root)
    texts = {label: note(text) for made in (yaml_blocks, odd_values) for label, text in made(ANY).items()} | bodies(ANY)
    raw = {label: text.encode("utf-8", "surrogatepass") for label, text in texts.items()} | raw_files(ANY)
    aimed = []
    for number, (label, data) in enumerate(raw.items(), start=1):
        path = f"incidents/2026/{_id(number)}.md"
        (root / path).write_bytes(data.replace(ANY.encode(), _id(number).encode()))
        aimed.append(Aimed(_id(number), label, path))
    named = _odd_files(root)
    return Corpus(root, tuple(aimed), named, len(aimed) + len(named))


def _id(number: int) -> str:
    return f"INC-202601{1 + number // 100:02d}-{number % 100 + 1:02d}"


def _good(root: Path) -> None:
    rest = {
        OPEN: {"status": "investigating", "acknowledged": "2026-11-23T01:05:00", "commander": '"[[alice]]"'},
        OVER: {"status": "resolved", "resolved": "2026-11-22T03:00:00", "declared": "2026-11-22T02:00:00"},
        CLOSED: {"status": "closed", "resolved": "2026-11-20T03:00:00", "declared": "2026-11-20T02:00:00"},
    }
    for incident_id in GOOD:
        text = note(block(incident_id, title=TITLES[incident_id], **rest[incident_id]))
        (root / f"incidents/2026/{incident_id}.md").write_text(text)
    (root / "services/checkout.md").write_text("---\ntype: service\n---\n")
    (root / "people/alice.md").write_text("---\ntype: person\nhandle: al\n---\n")


def _odd_files(root: Path) -> tuple[str, ...]:
    """Make what is no file, or has a name that no note should have; give the paths that `check` names."""
    year = root / "incidents/2026"
    outside = root.parent / "outside"
    outside.mkdir(exist_ok=True)
    (outside / "secret.md").write_text(note(block("INC-20250101-01", title="OUTSIDE")))
    good = note(block("INC-20250202-01"))
    named = []

    def odd(path: str, make) -> None:
        make(root / path)
        named.append(path)

    for folder in ("incidents/2026", "people", "services", "operations"):
        odd(f"{folder}/fifo.md", os.mkfifo)
        odd(f"{folder}/socket.md", lambda path: os.mknod(path, stat.S_IFSOCK | 0o644))
        odd(f"{folder}/zero.md", lambda path: path.symlink_to("/dev/zero"))
        odd(f"{folder}/outside.md", lambda path: path.symlink_to(outside / "secret.md"))
        odd(f"{folder}/passwd.md", lambda path: path.symlink_to("/etc/passwd"))
        odd(f"{folder}/itself.md", lambda path: path.symlink_to(path.name))
        odd(f"{folder}/nothing.md", lambda path: path.symlink_to("nowhere.md"))
    odd("incidents/2026/INC-20260301-01.md", os.mkfifo)
    odd("incidents/2026/INC-20260301-02.md", lambda path: path.symlink_to(outside / "secret.md"))
    odd("incidents/2026/INC-20260301-03.md", lambda path: path.symlink_to("/dev/zero"))
    (year / "INC-20260301-04.md").mkdir()
    (year / "folder.md").mkdir()
    (year / "to-parent").symlink_to("..")
    (year / "to-outside").symlink_to(outside)
    (root / "loop").mkdir()
    (root / "loop/again").symlink_to("../loop")
    odd("incidents/2026/x.sync-conflict-20261123-010203-ABCDEFG.md", lambda path: path.write_text(good))
    odd(f"incidents/2026/{OPEN} (conflicted copy 2026-11-23).md", lambda path: path.write_text(good))
    odd(f"incidents/2026/{OPEN} copy.md", lambda path: shutil.copy(year / f"{OPEN}.md", path))
    names = (
        "-rf",
        "a#b^c[d]",
        "CON",
        "a:b",
        "trailing ",
        "x" * 250,
        "👩\u200d💻" * 20,
        "a\nb",
        "a\x1b[31mb",
        "a\u202eb",
    )
    more = (
        "a\x9bb",
        "é",
        "e\u0301",
        "<% tp.user.pwn() %>",
        "a`=b`",
        "$(touch pwned)",
        ";touch pwned",
        "{{title}}",
        "'",
        '"',
    )
    for number, name in enumerate((*names, *more), 1):
        odd(f"incidents/2026/{name}.md", lambda path, n=number: path.write_text(note(block(f"INC-202602{n:02d}-01"))))
    with open(os.fsencode(year) + b"/a\xffb.md", "w") as file:
        file.write(good)
    named.append("incidents/2026/a\\xffb.md")
    os.link(year / f"{CLOSED}.md", root / "operations/hardlink.md")
    (year / ".hidden.md").write_text(good)
    (root / "people/<% tp.user.pwn() %>.md").write_text("---\ntype: person\nhandle: mallory\naliases: [mallory]\n---\n")
    (root / "people/x]] [[y.md").write_text("---\ntype: person\nhandle: mallory\n---\n")
    (root / "people/bomb.md").write_text(note(yaml_blocks("INC-20260101-01")["billion laughs"]))
    (root / "services/<% tp.user.pwn() %>.md").write_text("---\ntype: service\n---\n")
    deep = root
    for _ in range(70):
        deep /= "d"
        deep.mkdir()
    (deep / "deep.md").write_text(good)
    (root / "templates/incident/fifo.md").symlink_to("/dev/zero")
    os.mkfifo(root / "templates/incident/review.md")
    return tuple(named)
