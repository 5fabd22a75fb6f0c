"""Mails that left, filed by customer: whole, never over another, in folders that no customer's number leads out of."""

import datetime as dt
from email import message_from_bytes
from pathlib import Path

import pytest

from batch.core.policy import Company
from batch.core.problem import RelanceError
from batch.core.records import Message
from batch.delivery.archive import Archive
from batch.delivery.compose import Mail, compose


def mail(identity: str = "<relance.1@alpha.example>") -> Mail:
    """Return a reminder."""
    message = Message("411D", "EUR", "reminder_1", "fr", "Facture FA-1", "Bonjour\n", "<p>Bonjour</p>", "d")
    return compose(
        message, company=Company(name="Alpha", email="compta@alpha.example"), recipient="compta@durand.example",
        message_id=identity, at=dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC),
    )  # fmt: skip


def test_a_mail_is_filed_as_it_left(tmp_path: Path) -> None:
    """By customer, day and step; the file is the mail, byte for byte."""
    archive = Archive(tmp_path / "archive", "Alpha")
    left = mail()
    kept = archive.keep(left, "411 Dürand", "reminder_1")
    assert kept is not None
    assert kept.read_bytes() == left.as_bytes()
    assert message_from_bytes(kept.read_bytes())["Message-ID"] == "<relance.1@alpha.example>"
    assert kept.parent.name.startswith("411-durand-")
    assert kept.name.startswith("2026-11-20-reminder-1-")
    assert archive.problems() == ()


def test_no_file_is_ever_written_over(tmp_path: Path) -> None:
    """The same mail filed twice is two files; nothing half-written is left beside them."""
    archive = Archive(tmp_path, "Alpha")
    first, second = (archive.keep(mail(), "411D", "reminder_1") for _ in range(2))
    assert first != second
    assert archive.mails("411D") == sorted(path for path in (first, second) if path)
    assert [path for path in tmp_path.rglob("*") if path.name.startswith(".")] == []


@pytest.mark.parametrize("debtor", ["../../etc", "..", "/", "", "a\0b", "C:\\x", "é" * 5000, "\ud800", "con", "a/b"])
def test_no_number_leads_out_of_the_archive(tmp_path: Path, debtor: str) -> None:
    """Whatever a customer's number holds, its mails lie in one folder directly below the archive."""
    archive = Archive(tmp_path / "archive", "Alpha")
    kept = archive.keep(mail(), debtor, "reminder_1")
    assert kept is not None
    assert kept.resolve().parent.parent == (tmp_path / "archive").resolve()
    assert archive.mails(debtor) == [kept]


def test_customers_and_companies_with_like_numbers_lie_apart(tmp_path: Path) -> None:
    """What is erased of one stays of the other."""
    alpha, beta = Archive(tmp_path, "Alpha"), Archive(tmp_path, "Beta")
    for archive, debtor in ((alpha, "411 D"), (alpha, "411-d"), (beta, "411 D")):
        archive.keep(mail(), debtor, "reminder_1")
    alpha.erase("411 D")
    assert [len(found) for found in (alpha.mails("411 D"), alpha.mails("411-d"), beta.mails("411 D"))] == [0, 1, 1]
    alpha.erase("411 D")  # again: there is nothing, and nothing is said


def test_what_cannot_be_filed_is_told_once(tmp_path: Path) -> None:
    """A file stands where the folder should be: no error, one problem with the number of mails."""
    (tmp_path / "archive").write_text("not a folder", encoding="ascii")
    archive = Archive(tmp_path / "archive", "Alpha")
    assert [archive.keep(mail(), "411D", "reminder_1") for _ in range(3)] == [None] * 3
    (problem,) = archive.problems()
    assert (problem.code, problem.facts["n"]) == ("ARCHIVE-NOT-WRITTEN", 3)


def test_a_folder_that_cannot_go_is_named(tmp_path: Path) -> None:
    """A link in place of the customer's folder is not followed."""
    archive, elsewhere = Archive(tmp_path / "archive", "Alpha"), tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept.eml").write_text("mine", encoding="ascii")
    archive.folder.mkdir()
    archive.place("411D").symlink_to(elsewhere)
    with pytest.raises(RelanceError) as refused:
        archive.erase("411D")
    assert refused.value.code == "ARCHIVE-NOT-ERASED"
    assert (elsewhere / "kept.eml").exists()
