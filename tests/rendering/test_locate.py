"""Which file is the template of a name."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import okb_incident
from okb_incident.core.guidance.template import TEMPLATES
from okb_incident.core.guidance.variables import VARIABLES
from okb_incident.errors import InvalidNoteError, NotFoundError, OkbError
from okb_incident.rendering.locate import Place, TemplateFolders, _shipped, available, find, shipped

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def folders(tmp_path: Path) -> TemplateFolders:
    for name in ("vault", "user"):
        (tmp_path / name).mkdir()
    return TemplateFolders(str(tmp_path / "vault"), str(tmp_path / "user"))


def write(folder: str | None, name: str, text: str | bytes) -> str:
    path = Path(str(folder)) / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def test_the_vaults_template_goes_before_the_users_and_that_before_the_shipped(folders: TemplateFolders) -> None:
    shipped_text = (CHECKOUT / "templates" / "incident.md").read_text()
    template = find("incident", folders)
    assert (template.origin, template.text) == ("shipped", shipped_text)
    of_user = write(folders.user, "incident.md", "user\r\n")
    assert find("incident", folders) == ("incident", of_user, "user", "user\r\n")
    of_vault = write(folders.vault, "incident.md", "\ufeffvault")
    assert find("incident", folders) == ("incident", of_vault, "vault", "vault")
    assert find("incident", TemplateFolders()).origin == "shipped"


def test_the_list_says_which_file_wins_and_which_it_hides(folders: TemplateFolders) -> None:
    of_vault, of_user = write(folders.vault, "incident.md", ""), write(folders.user, "incident.md", "")
    own = write(folders.user, "weekly-call.md", "")
    for name in ("Notes.md", ".hidden.md", "draft.txt", "a b.md", "x.md~"):
        write(folders.vault, name, "")
    names = available(folders)
    assert list(names) == sorted(names)
    assert names["incident"] == (
        Place("vault", of_vault),
        Place("user", of_user),
        Place("shipped", str(CHECKOUT / "templates" / "incident.md")),
    )
    assert names["weekly-call"] == (Place("user", own),)
    assert {"Notes", ".hidden", "draft", "a b", "x"}.isdisjoint(names)
    assert available(TemplateFolders("/no/such/folder", own)).keys() == available(TemplateFolders()).keys()


@pytest.mark.parametrize(
    "name", ["nothing", "", "../incident", "/etc/passwd", "incident.md", "Incident", "a" * 65, "a\n"]
)
def test_an_unknown_name_is_answered_with_those_there_are(folders: TemplateFolders, name: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        find(name, folders)
    assert caught.value.allowed == tuple(available(folders))
    assert "incident" in caught.value.allowed


def test_a_name_never_leads_out_of_the_folder(folders: TemplateFolders) -> None:
    write(str(Path(str(folders.vault)).parent), "secret.md", "secret")
    with pytest.raises(NotFoundError):
        find("../secret", folders)


def test_a_file_that_is_no_text_is_refused_with_its_line(folders: TemplateFolders) -> None:
    path = write(folders.vault, "incident.md", b"# Caf\xc3\xa9\n\nCaf\xe9\n")
    with pytest.raises(InvalidNoteError) as caught:
        find("incident", folders)
    assert caught.value.message == f"{path}:3: this template has the byte 0xe9, which is not UTF-8"


def test_a_file_beyond_all_measure_is_refused(folders: TemplateFolders) -> None:
    write(folders.vault, "incident.md", b"x" * 65536)
    assert len(find("incident", folders).text) == 65536
    write(folders.vault, "incident.md", b"x" * 65537)
    with pytest.raises(InvalidNoteError, match="is larger than 64 KiB"):
        find("incident", folders)


def test_what_is_no_file_neither_hangs_nor_counts(folders: TemplateFolders) -> None:
    os.mkfifo(f"{folders.vault}/incident.md")
    with pytest.raises(InvalidNoteError, match="is not a file"):
        find("incident", folders)
    Path(f"{folders.vault}/service.md").mkdir()
    with pytest.raises(InvalidNoteError, match="is not a file"):
        find("service", folders)


def test_a_link_is_followed_for_a_user_and_not_in_a_vault(folders: TemplateFolders, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_text("# {{title}}\n")
    for folder in folders:
        Path(f"{folder}/incident.md").symlink_to(target)
    with pytest.raises(InvalidNoteError, match="is a link, which is not followed in a vault"):
        find("incident", folders)
    assert find("incident", TemplateFolders(user=folders.user)).text == "# {{title}}\n"
    target.unlink()
    with pytest.raises(InvalidNoteError, match="cannot be read: No such file or directory"):
        find("incident", TemplateFolders(user=folders.user))


def test_a_folder_that_cannot_be_listed_is_named(folders: TemplateFolders) -> None:
    loop = Path(f"{folders.vault}/loop")
    loop.symlink_to(loop)
    with pytest.raises(InvalidNoteError, match="folder cannot be listed"):
        available(TemplateFolders(str(loop)))


def test_what_is_shipped_is_found_in_a_checkout() -> None:
    assert shipped("templates") == str(CHECKOUT / "templates")
    assert shipped("example-vault") == str(CHECKOUT / "example-vault")


def test_what_is_shipped_is_found_in_an_installed_package(tmp_path: Path) -> None:
    package = tmp_path / "site" / "okb_incident"
    source = Path(okb_incident.__file__).parent
    shutil.copytree(source, package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(CHECKOUT / "templates", package / "templates")
    program = "from okb_incident.rendering.locate import *; print(find('incident', TemplateFolders()).path)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(package.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == str(package / "templates" / "incident.md"), done.stderr
    assert _shipped("templates", str(package)) == str(package / "templates")


def test_an_installation_without_them_says_so(tmp_path: Path) -> None:
    package = tmp_path / "lib" / "okb_incident"
    package.mkdir(parents=True)
    # Somebody else's folder of that name, where a checkout would have ours.
    (tmp_path / "templates").mkdir()
    with pytest.raises(OkbError, match="this installation is broken: the folder 'templates' is missing"):
        _shipped("templates", str(package))


@pytest.mark.parametrize(
    "purpose", [each for each in TEMPLATES if each.knows in {"facts", "outside"}], ids=lambda each: each.name
)
def test_the_first_comment_of_a_template_names_what_it_may_use(purpose):
    comment = find(purpose.name, TemplateFolders()).text.partition("#}")[0]
    listed = comment.rpartition(":")[2].partition(".\n")[0].replace("\n", " ")
    known = {
        each.name
        for each in VARIABLES
        if purpose.name in each.only or (each.outside if purpose.knows == "outside" else not each.only)
    }
    assert {name.strip() for name in listed.split(",")} == known
