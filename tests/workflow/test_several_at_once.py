"""Several people at once: nobody's incident and nobody's line is lost."""

from __future__ import annotations

import os
import subprocess

ENVIRONMENT = {**os.environ, "INCIDENT_NOW": "2026-11-23T12:00:00Z", "INCIDENT_USER": "alice"}


def test_opens_and_logs_at_the_same_moment_are_all_there(incident, tmp_path):
    vault = tmp_path / "kb"
    subprocess.run([str(incident), "init", str(vault)], check=True, capture_output=True)
    opens = [
        subprocess.Popen(
            [str(incident), "--vault", str(vault), "open", f"Trouble {n}"], env=ENVIRONMENT, stdout=subprocess.PIPE
        )
        for n in range(12)
    ]
    assert [process.wait(60) for process in opens] == [0] * 12
    for process in opens:
        process.communicate()
    notes = sorted((vault / "incidents" / "2026").glob("*.md"))
    assert [note.stem for note in notes] == [f"INC-20261123-{n:02d}" for n in range(1, 13)]
    titles = {line for note in notes for line in note.read_text().splitlines() if line.startswith("title:")}
    assert len(titles) == 12
    logs = [
        subprocess.Popen(
            [str(incident), "--vault", str(vault), "log", "-i", "INC-20261123-01", f"line {n}."],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
        )
        for n in range(12)
    ]
    assert [process.wait(60) for process in logs] == [0] * 12
    for process in logs:
        process.communicate()
    text = notes[0].read_text()
    assert all(f": line {n}.\n" in text for n in range(12))
    assert not list(vault.rglob("*.tmp-incident"))
