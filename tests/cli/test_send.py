"""`relance send` as a process: what the run proposed leaves once, into a folder of .eml files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess

Call = Callable[..., "subprocess.CompletedProcess[str]"]
DAY = "2026-11-20"  # a Friday


@pytest.fixture
def workbook(relance: Call, ledger: Path) -> Path:
    """Return the annotated workbook of a run: 411ALDER and 411CEDAR are late, their first reminder needs no approval."""
    assert relance("run", ledger, "--as-of", DAY, "--out", "out", "-q").returncode == 0
    return ledger.parent / "out" / "ledger-annotated.xlsx"


def mails(folder: Path) -> list[Path]:
    """Return the mails that left, wherever below the folder they were put."""
    return sorted(folder.rglob("*.eml"))


def test_sent_once(relance: Call, workbook: Path) -> None:
    """Two reminders leave at the first call and none at the second, which says so."""
    first = relance("send", workbook, "--as-of", DAY, "--json")
    assert first.returncode == 0
    outcomes = {mail["debtor_id"]: mail["outcome"] for mail in json.loads(first.stdout)["mails"]}
    assert {debtor for debtor, outcome in outcomes.items() if outcome == "sent"} == {"411ALDER", "411CEDAR"}
    assert len(mails(workbook.parents[1])) == 2
    second = relance("send", workbook, "--as-of", DAY)
    assert second.returncode == 0
    assert second.stdout.startswith("Rien n'a été envoyé.")
    assert len(mails(workbook.parents[1])) == 2


def test_dry_run(relance: Call, workbook: Path) -> None:
    """A dry run says what would leave; nothing leaves, and the real call still finds all of it to do."""
    tried = json.loads(relance("send", workbook, "--as-of", DAY, "--dry-run", "--json").stdout)
    assert sorted(mail["debtor_id"] for mail in tried["mails"] if mail["outcome"] == "ready") == [
        "411ALDER",
        "411CEDAR",
    ]
    assert mails(workbook.parents[1]) == []
    sent = json.loads(relance("send", workbook, "--as-of", DAY, "--json").stdout)
    assert [mail["outcome"] for mail in sent["mails"]].count("sent") == 2


def test_limit(relance: Call, workbook: Path) -> None:
    """With a limit of one, one leaves; the next call sends the other."""
    for expected in (1, 2):
        assert relance("send", workbook, "--as-of", DAY, "--limit", "1", "-q").returncode == 0
        assert len(mails(workbook.parents[1])) == expected


def test_history_knows_what_left(relance: Call, workbook: Path) -> None:
    """After a send the journal shows one sent reminder for each customer."""
    relance("send", workbook, "--as-of", DAY, "-q")
    shown = json.loads(relance("history", "show", "--json").stdout)
    assert sorted((event["debtor_id"], event["step"]) for event in shown if event["kind"] == "sent") == [
        ("411ALDER", "reminder_1"),
        ("411CEDAR", "reminder_1"),
    ]
