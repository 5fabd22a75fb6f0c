"""The archive knows what left: a journal restored from an older copy, or begun anew, sends nothing a second time."""

import datetime as dt
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest

from batch.core.problem import Severity
from tests.jobs.desk import DAY
from tests.jobs.mailroom import Mailroom, mailroom

MAILS = 3


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command line's clock stand on the day of the run: a business day."""
    moment = dt.datetime.fromisoformat(f"{DAY}T09:30").astimezone()
    for commands in ("batch.cli.weekly", "batch.cli.history"):
        monkeypatch.setattr(sys.modules[commands], "now", lambda: moment)


def call(room: Mailroom, *options: str) -> tuple[int, Any]:
    """Send the workbook; return the exit code and what was said as JSON."""
    said = room.desk.relance("send", room.workbook, *options, "--json")
    assert said.err == ""
    return said.code, said.document


def journal_of(room: Mailroom) -> list[Path]:
    """Return the files of the journal."""
    return sorted(room.desk.folder.glob("relance.db*"))


def keep(room: Mailroom) -> Path:
    """Copy the journal aside, as a backup does."""
    aside = room.desk.folder / "backup"
    aside.mkdir()
    for path in journal_of(room):
        shutil.copy(path, aside)
    return aside


def put_back(room: Mailroom, aside: Path) -> None:
    """Put the copy in the journal's place."""
    for path in journal_of(room):
        path.unlink()
    for path in aside.iterdir():
        shutil.copy(path, room.desk.folder)


def reasons(said: Any) -> set[tuple[str, str | None]]:
    """Return how the rows ended, and why."""
    return {(mail["outcome"], mail["reason"]) for mail in said["mails"]}


def events(room: Mailroom) -> list[dict[str, Any]]:
    """Return the journal's events, by customer."""
    return sorted(room.desk.relance("history", "show", "--json").document, key=lambda event: str(event["debtor_id"]))


def run_again(room: Mailroom) -> tuple[set[str | None], set[str]]:
    """Run the ledger again; return the steps that are planned, and the codes of the problems."""
    plan = room.desk.relance("run", room.desk.folder / "ledger.csv", "--as-of", DAY, "--json").document
    return {debtor["step"] for debtor in plan["debtors"]}, {problem["code"] for problem in plan["problems"]}


def lose_the_answer(database: Path) -> None:
    """Leave the journal as a sending whose server never answered does."""
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE claims SET state = 'uncertain'")
        connection.execute("UPDATE events SET kind = 'uncertain'")
    connection.close()


def test_a_journal_from_before_the_sending(tmp_path: Path) -> None:
    """Copied, sent, copied back, sent again: every mail arrives once; the rows stay, with the day and a remedy; a person is needed."""
    folder = tmp_path / "room"
    with mailroom(folder, MAILS, str(folder / "relance.db")) as room:
        aside = keep(room)
        code, said = call(room)
        assert (code, reasons(said), said["problems"]) == (0, {("sent", None)}, [])
        put_back(room, aside)
        for options in (["--dry-run"], ["--yes"]):
            code, said = call(room, *options)
            assert (code, reasons(said)) == (3, {("left", "unremembered")})
        assert all("20/11/2026" in mail["sentence"] for mail in said["mails"])
        (problem,) = said["problems"]
        assert (problem["code"], problem["severity"]) == ("JOURNAL-BEHIND-ARCHIVE", str(Severity.ERROR))
        for fact in ("3 messages", "3 clients", "20/11/2026", str(folder / "archive")):
            assert fact in problem["message"], fact
        assert set(room.delivered().values()) == {1}
        assert len(room.delivered()) == MAILS


def test_a_journal_that_is_gone(tmp_path: Path) -> None:
    """The next run, on a new journal, says so; its workbook sends nothing. The archive brings what was known back, once.

    A customer that was erased is none of it.
    """
    folder = tmp_path / "room"
    with mailroom(folder, MAILS, str(folder / "relance.db")) as room:
        call(room)
        before = events(room)
        assert [event["kind"] for event in before] == ["sent"] * MAILS
        for path in journal_of(room):
            path.unlink()
        assert "JOURNAL-BEHIND-ARCHIVE" in run_again(room)[1]
        code, said = call(room)
        assert (code, reasons(said)) == (3, {("left", "unremembered")})
        empty = room.desk.relance("history", "import", folder)
        assert (empty.code, empty.err.split()[0]) == (1, "ARCHIVE-NO-EVENTS")
        for added in (MAILS, 0):
            told = room.desk.relance("history", "import", folder / "archive", "--json")
            assert (told.code, told.err, told.document["added"]) == (0, "", added)
        assert events(room) == before
        steps, codes = run_again(room)
        assert (steps, "JOURNAL-BEHIND-ARCHIVE" in codes) == ({None}, False)
        assert room.desk.relance("history", "erase", "4110001", "--yes").code == 0
        steps, codes = run_again(room)
        assert (steps, "JOURNAL-BEHIND-ARCHIVE" in codes) == ({None, "reminder_1"}, False)
        assert set(room.delivered().values()) == {1}


def test_only_the_customers_that_it_concerns_are_held_back(tmp_path: Path) -> None:
    """One mail left since the copy: its customer stays, the others' mails leave, also beside files that are none of ours."""
    folder = tmp_path / "room"
    with mailroom(folder, MAILS, str(folder / "relance.db")) as room:
        aside = keep(room)
        call(room)
        put_back(room, aside)
        archive = folder / "archive"
        first, *others = sorted(path for path in archive.iterdir() if path.is_dir())
        for other in others:
            shutil.rmtree(other)
        (archive / "stranger-12345678").mkdir()
        (archive / "stranger-12345678" / "2026-11-20-reminder-1-12345678.eml").touch()
        (archive / "notes.txt").touch()
        others[0].mkdir()
        (others[0] / "copied by hand.eml").touch()
        code, said = call(room)
        assert code == 3
        assert {mail["debtor_id"]: mail["outcome"] for mail in said["mails"]} == {
            "4110000": "left", "4110001": "sent", "4110002": "sent",
        }  # fmt: skip
        assert first.name.startswith("4110000-")
        assert sorted(room.delivered().values()) == [1, 2, 2]  # the test itself took the second memory from two


def test_what_a_person_released_as_not_sent_leaves_again(tmp_path: Path) -> None:
    """An uncertain mail lies in the archive; once it is known not to have left it is sent, and then it is known."""
    folder = tmp_path / "room"
    with mailroom(folder, 1, str(folder / "relance.db")) as room:
        call(room)
        lose_the_answer(folder / "relance.db")
        (mark,) = room.delivered()
        freed = room.desk.relance("history", "release", mark.strip("<>"), "--not-sent", "--why", "not in their mailbox")
        assert freed.code == 0
        code, said = call(room)
        assert (code, reasons(said)) == (0, {("sent", None)})
        assert len(list((folder / "archive").rglob("*.eml"))) == 2
        code, said = call(room)
        assert (code, reasons(said), said["problems"]) == (0, {("left", "already-sent")}, [])
