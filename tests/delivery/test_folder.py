"""Mail into a folder: one complete file each, never over another, nothing half-written."""

import datetime as dt
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from batch.core.policy import Company
from batch.core.problem import RelanceError
from batch.core.records import Message
from batch.delivery.compose import compose
from batch.delivery.postman import FolderPostman, Kind, Outcome

MAIL = compose(
    Message("411DURAND", "EUR", "reminder_1", "fr", "Facture échue", "Bonjour\n", "<p>Bonjour</p>", "d"),
    company=Company(name="Alpha", email="compta@alpha.example"),
    recipient="compta@durand.example",
    message_id="<relance.1@alpha.example>",
    at=dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC).astimezone(),
)


def test_a_mail_becomes_a_file_with_its_very_bytes(tmp_path: Path) -> None:
    """The folder is made; the name tells day and debtor; the answer is the name."""
    with FolderPostman(tmp_path / "out" / "box") as postman:
        outcome = postman.deliver(MAIL, debtor="411 Durand & Fils / Éts")
    files = list((tmp_path / "out" / "box").iterdir())
    assert [file.name for file in files] == [outcome.answer]
    assert outcome == Outcome(Kind.SENT, "2026-11-20-411-durand-fils-ets-3bcb5fe9.eml")
    assert files[0].read_bytes() == MAIL.as_bytes()
    assert message_from_bytes(files[0].read_bytes(), policy=policy.default)["To"] == "compta@durand.example"


def test_no_file_is_ever_overwritten(tmp_path: Path) -> None:
    """The same mail again, as after a release, gets a number."""
    with FolderPostman(tmp_path) as postman:
        names = [postman.deliver(MAIL).answer for _ in range(3)]
    stem = "2026-11-20-compta-durand-example-3bcb5fe9"
    assert names == [f"{stem}.eml", f"{stem}-2.eml", f"{stem}-3.eml"]
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(names)


def test_a_debtors_name_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    """Slashes and dots of a name are no path; a name without letters still gives a file."""
    with FolderPostman(tmp_path / "box") as postman:
        for name in ("../../etc/passwd", "..", "日本", "con\0\n"):
            assert postman.deliver(MAIL, debtor=name).kind is Kind.SENT
    assert [file.name for file in tmp_path.iterdir()] == ["box"]
    assert len(list((tmp_path / "box").iterdir())) == 4


def test_a_folder_that_cannot_be_made_is_said_before_anything_is_claimed(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "box").write_text("a file", encoding="utf-8")
    with pytest.raises(RelanceError) as refused, FolderPostman(tmp_path / "box"):
        pass
    assert refused.value.code == "OUTBOX-FOLDER"


def test_a_folder_that_is_gone_puts_the_mail_off(tmp_path: Path) -> None:
    """Removed meanwhile: the mail certainly did not leave, and may leave later."""
    with FolderPostman(tmp_path / "box") as postman:
        (tmp_path / "box").rmdir()
        assert postman.deliver(MAIL).kind is Kind.LATER
