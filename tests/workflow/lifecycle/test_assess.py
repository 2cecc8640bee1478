"""Assessing: what the policy proposes from what is known."""

from __future__ import annotations


def test_the_smallest_service_gives_the_share_of_users(desk):
    for name, users in (("checkout", 1000), ("search", 1_000_000)):
        note = desk.root / f"services/{name}.md"
        note.parent.mkdir(exist_ok=True)
        note.write_text(f"---\ntype: service\nusers: {users}\n---\n")
    desk("assess", "--users", "900", "--service", "checkout", "--service", "search")
    assert "90 % of users" in (desk.root / "incidents/2026/INC-20261123-01 assessment 1.md").read_text()
