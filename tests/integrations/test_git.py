"""What git knows of a note, from a real git; and nothing that the repository names is run."""

from __future__ import annotations

import os
import subprocess

import pytest

from okb_incident.integrations.git import Recorded, commits_of, user_name

NOTE = "incidents/2026/INC-20261123-01.md"


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    """Let a busy machine take as long as it needs."""
    monkeypatch.setattr("okb_incident.integrations.git._PATIENCE", 600)


@pytest.fixture
def git(tmp_path, needs):
    """Run git in a folder that is a repository."""
    needs("git")

    def run(*words, name="Bob", at="2026-11-23T02:30:00+01:00"):
        environment = {**os.environ, "GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at, "GIT_AUTHOR_NAME": name}
        environment |= {"GIT_AUTHOR_EMAIL": "b@x", "GIT_COMMITTER_NAME": "b", "GIT_COMMITTER_EMAIL": "b@x"}
        done = subprocess.run(
            ["git", *words], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    run("init", "-q")
    return run


@pytest.fixture
def note(tmp_path, git):
    """A note with one commit."""
    path = tmp_path / NOTE
    path.parent.mkdir(parents=True)
    path.write_text("one\n")
    git("add", "-A")
    git("commit", "-qm", "After the night\n\nAt length.")
    return path


def test_commits_come_newest_first_with_who_when_and_what(tmp_path, git, note):
    note.write_text("two\n")
    git("commit", "-qam", "Review", name="Zoë", at="2026-11-24T10:00:00Z")
    newest, first = commits_of(str(tmp_path), NOTE)
    assert newest == Recorded(git("rev-parse", "HEAD"), "2026-11-24T10:00:00+00:00", "Zoë", "Review")
    assert first[1:] == ("2026-11-23T02:30:00+01:00", "Bob", "After the night")


def test_only_commits_of_that_very_file_are_meant(tmp_path, git, note):
    (tmp_path / "other [1].md").write_text("x")
    (tmp_path / "other 1.md").write_text("x")
    git("add", "-A")
    git("commit", "-qm", "Others")
    assert [each.subject for each in commits_of(str(tmp_path), NOTE)] == ["After the night"]
    assert commits_of(str(tmp_path), "other *") == []
    assert [each.subject for each in commits_of(str(tmp_path), "other [1].md")] == ["Others"]
    assert commits_of(str(tmp_path), "never.md") == []


def test_a_vault_may_be_a_folder_of_the_repository(tmp_path, note):
    assert len(commits_of(str(tmp_path / "incidents"), "2026/INC-20261123-01.md")) == 1


def test_a_name_or_subject_with_odd_line_ends_is_one_commit(tmp_path, git, note):
    note.write_text("two\n")
    git("commit", "-qam", "A\x0cform feed and a\u2028line", name="B\x85ob")
    assert commits_of(str(tmp_path), NOTE)[0][2:] == ("B\x85ob", "A\x0cform feed and a\u2028line")


def test_without_a_repository_a_commit_or_a_git_there_is_nothing_to_tell(tmp_path, git, monkeypatch):
    assert commits_of(str(tmp_path), NOTE) == [], "no commit yet"
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / ".git").rename(tmp_path / "no git")
    assert commits_of(str(tmp_path), NOTE) == []
    assert commits_of(str(tmp_path / "missing"), NOTE) == []
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commits_of(str(tmp_path), NOTE) == []


def test_a_git_that_hangs_is_not_waited_for(tmp_path, note, monkeypatch):
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "git").write_text("#!/bin/sh\nexec sleep 600\n")
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setattr("okb_incident.integrations.git._PATIENCE", 0.1)
    assert commits_of(str(tmp_path), NOTE) == []


@pytest.fixture
def trap(tmp_path):
    """A program that must not be run; it leaves a mark."""
    program = tmp_path / "trap"
    program.write_text(f"#!/bin/sh\ntouch '{tmp_path}/sprung'\ncat \"$1\" 2>/dev/null\n")
    program.chmod(0o755)
    yield str(program)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("key", ["core.fsmonitor", "core.pager", "pager.log", "diff.external", "gpg.program"])
def test_no_program_that_the_repository_names_is_run(tmp_path, git, note, trap, key):
    git("config", key, trap)
    git("config", "log.showSignature", "true")
    assert len(commits_of(str(tmp_path), NOTE)) == 1


def test_no_text_conversion_is_run(tmp_path, git, note, trap):
    (tmp_path / ".gitattributes").write_text("*.md diff=trap\n")
    git("config", "diff.trap.textconv", trap)
    git("config", "diff.trap.command", trap)
    assert len(commits_of(str(tmp_path), NOTE)) == 1


def test_what_a_partial_clone_lacks_is_not_fetched(tmp_path, git, note, trap):
    tree = git("rev-parse", "HEAD:incidents")
    note.write_text("two\n")
    git("commit", "-qam", "Review")
    (tmp_path / ".git/objects" / tree[:2] / tree[2:]).unlink()
    git("config", "core.repositoryFormatVersion", "1")
    git("config", "extensions.partialClone", "origin")
    git("config", "remote.origin.promisor", "true")
    git("config", "protocol.ext.allow", "always")
    git("config", "remote.origin.url", f"ext::{trap}")
    assert commits_of(str(tmp_path), NOTE) == []


@pytest.fixture
def own_settings(tmp_path, git, monkeypatch):
    """Write the user's own settings of git."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "mine"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "mine"


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (b"[user]\n\tname = Zo\xc3\xab\n", "Zoë"),
        (b'[user]\n\tname = "  "\n', None),
        (b"[user]\n\temail = a@x\n", None),
        (b"[user]\n\tname = Zo\xeb\n", None),
        (b"[user\n", None),
    ],
)
def test_the_name_of_a_user_stands_in_their_own_settings_and_in_no_repository(own_settings, git, settings, name, capfd):
    git("config", "user.name", "Mallory")
    own_settings.write_bytes(settings)
    assert user_name() == name
    assert capfd.readouterr() == ("", "")


def test_without_a_git_nobody_has_a_name(own_settings, tmp_path, monkeypatch):
    own_settings.write_text("[user]\n\tname = Bob\n")
    assert user_name() == "Bob"
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert user_name() is None
