"""What the archive holds and the journal does not know, by the names of the files alone."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

from batch.delivery.archive import Archive, Filed
from batch.delivery.compose import Mail
from batch.delivery.eml import mark_of, read_stem
from batch.delivery.unremembered import Unremembered, unremembered

FIRST = Mail(
    "<relance.1@alpha.example>", dt.datetime(2026, 11, 13, 9, 30, tzinfo=dt.UTC), "", ("compta@durand.example",), b""
)
SECOND = replace(FIRST, message_id="<relance.2@alpha.example>", at=dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC))


def archive(folder: Path, *mails: Mail) -> Archive:
    """File these mails as those of customer 411D."""
    made = Archive(folder / "archive", "Alpha")
    for mail in mails:
        assert made.keep(mail, "411D", "reminder_1")
    return made


def filed(mail: Mail) -> Filed:
    """Return how a mail is known in the archive."""
    return Filed("411D", mail.at.date(), mark_of(mail.message_id))


def test_what_the_journal_knows_is_nothing_new(tmp_path: Path) -> None:
    """Each mail of the archive is one of the journal's: nothing is held back, and nothing said."""
    made = archive(tmp_path, FIRST, SECOND)
    found = unremembered(made, ["411D"], lambda: {FIRST.message_id: 1, SECOND.message_id: 1, "<other@x.example>": 1})
    assert (found, found.problems(made, "relance.db")) == (Unremembered(), ())


def test_what_it_does_not_know_is_told_with_its_days(tmp_path: Path) -> None:
    """The customer's last such mail counts; one problem has the number of mails and customers, and from when to when."""
    made = archive(tmp_path, FIRST, SECOND)
    found = unremembered(made, ["411D", "411E"], dict)
    assert found.mails == (filed(FIRST), filed(SECOND))
    assert found.last == {"411D": dt.date(2026, 11, 20)}
    (problem,) = found.problems(made, "relance.db")
    assert [problem.facts[name] for name in ("n", "customers", "first", "last")] == [
        2, 1, dt.date(2026, 11, 13), dt.date(2026, 11, 20),
    ]  # fmt: skip


def test_a_mail_that_was_sent_anew_is_known_as_often_as_it_was_claimed(tmp_path: Path) -> None:
    """Released as not sent and sent again: two files of one mail. A journal from between the two knows one of them."""
    again = replace(FIRST, at=SECOND.at)
    made = archive(tmp_path, FIRST, again)
    assert unremembered(made, ["411D"], lambda: {FIRST.message_id: 2}).mails == ()
    assert unremembered(made, ["411D"], lambda: {FIRST.message_id: 1}).mails == (filed(again),)


def test_other_files_are_nobodys_mails(tmp_path: Path) -> None:
    """Copies made by hand, other companies' and customers' folders, no archive at all: nothing is found, and no error."""
    made = archive(tmp_path)
    assert unremembered(made, ["411D"], dict) == unremembered(None, ["411D"], dict) == Unremembered()
    place = made.place("411D")
    place.mkdir(parents=True)
    for name in (
        "2026-11-20-reminder-1-12345678 - Copie.eml",
        "2026-13-45-reminder-1-12345678.eml",
        "notes.txt",
        ".x.part",
    ):
        (place / name).touch()
    Archive(made.folder, "Beta").keep(FIRST, "411D", "reminder_1")
    made.place("411E").write_text("a file where a folder would be", encoding="ascii")
    assert unremembered(made, ["411D", "411E"], dict) == Unremembered()


def test_a_files_name_is_read_as_it_was_given() -> None:
    """Day and digits, also of a second file of one name; a step may hold hyphens and figures."""
    day = dt.date(2026, 11, 20)
    assert read_stem("2026-11-20-reminder-1-0a1b2c3d.eml") == (day, "0a1b2c3d")
    assert read_stem("2026-11-20-mail-12345678-12.eml") == (day, "12345678")
    assert read_stem("2026-11-20-0a1b2c3d.eml") is None
