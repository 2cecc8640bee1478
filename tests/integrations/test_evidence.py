"""The digest of a file that is evidence."""

from __future__ import annotations

import hashlib
import os

import pytest

from okb_incident.errors import UsageError
from okb_incident.integrations.evidence import sha256_of


@pytest.mark.parametrize("content", [b"", b"GET / 500\n", bytes(range(256)) * 8192], ids=len)
def test_the_digest_is_that_of_every_byte(tmp_path, content):
    (tmp_path / "dump").write_bytes(content)
    assert sha256_of(str(tmp_path / "dump")) == hashlib.sha256(content).hexdigest()


def test_a_tilde_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "dump").write_bytes(b"x")
    assert sha256_of("~/dump") == hashlib.sha256(b"x").hexdigest()


def test_what_is_no_file_is_refused_by_its_name(tmp_path):
    for path in (tmp_path, tmp_path / "missing", tmp_path / "missing" / "dump"):
        with pytest.raises(UsageError) as caught:
            sha256_of(str(path))
        assert (caught.value.field, caught.value.value) == ("--file", str(path))


@pytest.mark.timeout(60)
def test_a_pipe_into_which_nobody_writes_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError):
        sha256_of(str(tmp_path / "pipe"))
