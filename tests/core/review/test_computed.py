"""Computed sections: ours as long as nobody has changed them."""

from __future__ import annotations

from hashlib import sha256

import pytest

from okb_incident.core.review.computed import refresh, seal, without_computed

TEMPLATE = "# R\n\n## Facts\n- ack: 5m\n\n%% computed %%\n\n## Words\nMine.\n\n## People\n- {who}\n\n%% computed %%\n"


def made(who="alice", ack="5m"):
    return seal(TEMPLATE.replace("{who}", who).replace("5m", ack))


def test_what_is_ours_is_written_anew_and_words_stay():
    old = made().replace("Mine.", "Theirs.")
    new, changed, kept = refresh(old, made("bob"))
    assert (changed, kept) == (("People",), ())
    assert new == made("bob").replace("Mine.", "Theirs.")


def test_nothing_changes_nothing():
    assert refresh(made(), made()) == (made(), (), ())


def test_what_a_person_changed_is_theirs():
    old = made().replace("- alice", "- alice, who led")
    assert refresh(old, made("bob", ack="6m")) == (
        made(ack="6m")
        .replace("- alice", "- alice, who led")
        .replace(made(ack="6m").split("People")[1], old.split("People")[1]),
        ("Facts",),
        ("People",),
    )


@pytest.mark.parametrize(
    "edit", [lambda text: text.replace("## Facts", "## My facts"), lambda text: text.split("## Facts")[0]]
)
def test_a_section_that_was_renamed_or_thrown_away_does_not_come_back(edit):
    old = edit(made())
    assert refresh(old, made(ack="6m"))[0] == old


def test_line_ends_and_blanks_at_the_end_of_lines_are_no_change():
    old = made().replace("\n", "\r\n").replace("- alice", "- alice  ")
    new, changed, _ = refresh(old, made("bob"))
    assert changed == ("People",)
    assert new == made("bob").replace("\n", "\r\n")


def test_a_section_without_a_mark_is_never_ours():
    assert seal("## Words\nMine.\n") == "## Words\nMine.\n"
    assert refresh("## Facts\n%% computed %%\n", made()) == ("## Facts\n%% computed %%\n", (), ())


TABLE = "# R\n\n## Facts\n| What | How much |\n|---|---|\n| Users | 700 \\| 900 |\n| Loss | {ack} |\n\n%% computed %%\n"
ALIGNED = "| What  | How much   |\n| ----- | ---------- |\n| Users | 700 \\| 900 |\n| Loss  | none       |\n"


def test_a_table_that_was_only_padded_is_still_ours():
    made, later = (seal(TABLE.format(ack=word)) for word in ("none", "some"))
    padded = made.replace(made[made.index("| What") : made.index("\n%% computed")], ALIGNED)
    assert padded != made
    assert refresh(padded, later) == (later, ("Facts",), ())
    assert refresh(padded, made) == (padded, (), ())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("none ", "noneX"),
        ("Users |", "Users  x|"),
        (" \\| ", " | "),
        ("| ----- |", "| :---- |"),
        ("| Loss ", "| x | Loss "),
    ],
)
def test_a_table_in_which_a_word_or_a_column_changed_is_a_persons(old, new):
    made, later = (seal(TABLE.format(ack=word)) for word in ("none", "some"))
    padded = made.replace(made[made.index("| What") : made.index("\n%% computed")], ALIGNED.replace(old, new))
    assert refresh(padded, later) == (padded, (), ("Facts",))


def test_a_section_that_was_sealed_before_tables_were_read_is_ours():
    spaced = TABLE.replace("|---|---|", "| --- | --- |").format(ack="none")
    content = spaced[spaced.index("| What") : spaced.index("%% computed")]
    digest = sha256(content.strip().encode()).hexdigest()[:12]
    old, later = spaced.replace("computed %%", f"computed {digest} %%"), seal(TABLE.format(ack="some"))
    assert refresh(old, later) == (later, ("Facts",), ())


FOLDED = (
    "# R\n\n## Words\nMine.\n\n> [!info]- Record\n> ### Facts\n> - ack: {ack}\n>\n> %% computed %%\n>\n"
    "> ### People\n> - {who}\n>\n> %% computed %%\n>\n> ### Feedback\n> - 4\n"
)


def folded(who="alice", ack="5m"):
    return seal(FOLDED.format(who=who, ack=ack))


def test_a_part_that_is_folded_away_is_written_anew_as_a_section_is():
    old = folded().replace("Mine.", "Theirs.").replace("> - 4", "> - 4\n> - 5")
    new, changed, kept = refresh(old, folded("bob"))
    assert (changed, kept) == (("People",), ())
    assert new == folded("bob").replace("Mine.", "Theirs.").replace("> - 4", "> - 4\n> - 5")
    assert refresh(folded(), folded()) == (folded(), (), ())


def test_a_folded_part_that_a_person_changed_is_theirs():
    old = folded().replace("> - alice", "> - alice, who led")
    new, changed, kept = refresh(old, folded("bob", ack="6m"))
    assert (changed, kept) == (("Facts",), ("People",))
    assert "> - ack: 6m\n" in new
    assert "> - alice, who led\n" in new


def test_a_folded_part_keeps_its_line_ends_and_may_lack_blanks_behind_its_signs():
    old = folded().replace("\n", "\r\n").replace("> - alice", ">- alice")
    new, changed, _ = refresh(old, folded("bob"))
    assert changed == ("People",)
    assert new == folded("bob").replace("\n", "\r\n")


def test_an_older_note_goes_on_with_its_sections_when_the_template_folds_them_away():
    assert refresh(made(), folded("bob")) == (made("bob"), ("People",), ())
    assert refresh(folded(), made("bob")) == (folded("bob"), ("People",), ())


def test_a_section_that_has_another_title_today_goes_on_being_computed():
    old, new = (
        seal(f"## {title}\n- users: {count}\n\n%% computed %%\n")
        for title, count in (("Impact", 1), ("Impact and how we know", 2))
    )
    assert refresh(old, new) == (
        new.replace("Impact and how we know", "Impact"),
        ("Impact",),
        (),
    )


def test_blank_lines_around_what_is_computed_stay():
    old, new = (seal(f"## Facts\n\n\n- ack: {ack}\n%% computed %%\n\nMore.\n") for ack in ("5m", "6m"))
    assert refresh(old, new) == (new, ("Facts",), ())
    empty, full = (seal(f"## Facts\n\n{text}%% computed %%\n") for text in ("", "- ack: 5m\n"))
    assert refresh(empty, full)[0] == seal("## Facts\n- ack: 5m\n\n%% computed %%\n")


def test_what_is_computed_and_unchanged_says_nothing_for_its_writers():
    text = seal("## Facts\n- ack: 5m\n\n%% computed %%\n\n%% How do we know? %%\n").removeprefix("## Facts\n")
    assert without_computed(text) == ("\n\n%% How do we know? %%\n", True)
    changed = text.replace("5m", "6m")
    assert without_computed(changed) == (changed, False)
    assert without_computed("- ack: 5m\n\n%% computed %%\n") == ("- ack: 5m\n\n%% computed %%\n", False)
    assert without_computed("Mine.") == ("Mine.", False)
