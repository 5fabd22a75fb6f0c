"""Invoices and terms of sale on their way: put into a folder, shown at the run, sent as they were shown or not at all."""

import json
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.jobs.desk import DAY, SETTINGS, Desk, by_account, ledger, review

ATTACHMENTS = '[attachments]\ninvoices = "factures"\nterms = "CGV été.pdf"\n'
LINES = (
    "411A;Alpha;compta@alpha.example;;FA/1;30/09/2026;30/10/2026;1200,00;1000,00;;EUR;",
    "411B;Bêta;compta@beta.example;;FA-2;30/09/2026;30/10/2026;500,00;500,00;;EUR;",
)


@pytest.fixture
def office(empty_desk: Desk) -> Desk:
    """Return a desk with two late invoices; the file of the second is missing."""
    folder = empty_desk.folder
    (folder / "factures").mkdir()
    (folder / "factures" / "FA_1.pdf").write_bytes(b"%PDF-1.7 one")
    (folder / "CGV été.pdf").write_bytes(b"%PDF-1.7 terms")
    (folder / "relance.toml").write_text(SETTINGS + ATTACHMENTS, encoding="utf-8")
    ledger(folder, *LINES)
    return empty_desk


def attached(mail: EmailMessage) -> dict[str | None, object]:
    """Return what is attached to a mail, by name."""
    return {part.get_filename(): part.get_content() for part in mail.iter_attachments()}


def run(desk: Desk) -> tuple[Path, list[str]]:
    """Run; return the workbook and the codes of the problems."""
    said = desk.relance("run", "ledger.csv", "--as-of", DAY, "-q")
    assert (said.code, said.err) == (0, "")
    return desk.workbook(name="ledger-annotated.xlsx"), [problem["code"] for problem in desk.plan()["problems"]]


def outcomes(desk: Desk, workbook: Path, *options: str) -> dict[str, tuple[str, str | None]]:
    """Send; return what became of each row, and why."""
    said = desk.relance("send", workbook, "--as-of", DAY, "--json", *options)
    assert said.code == 0, said.err
    return {mail["debtor_id"]: (mail["outcome"], mail["reason"]) for mail in said.document["mails"]}


def test_files_leave_with_the_mail(office: Desk) -> None:
    """The first has its invoice and the terms, the second the terms; what is missing is said at the run, the preview lists them."""
    workbook, problems = run(office)
    assert problems.count("INVOICE-FILE-MISSING") == 1
    page = (workbook.parent / "preview.html").read_text(encoding="utf-8")
    found = re.search(r'id="messages">(.*?)</script>', page, re.DOTALL)
    assert found
    assert {entry["id"]: entry["files"] for entry in json.loads(found[1])["messages"]} == {
        "411A": ["FA_1.pdf (1\u00a0Ko)", "CGV été.pdf (1\u00a0Ko)"], "411B": ["CGV été.pdf (1\u00a0Ko)"],
    }  # fmt: skip
    assert {outcome for outcome, _ in outcomes(office, workbook).values()} == {"sent"}
    mails = office.mails()
    assert attached(mails["compta@alpha.example"]) == {"FA_1.pdf": b"%PDF-1.7 one", "CGV été.pdf": b"%PDF-1.7 terms"}
    assert attached(mails["compta@beta.example"]) == {"CGV été.pdf": b"%PDF-1.7 terms"}


def test_a_dry_run_lists_the_files(office: Desk) -> None:
    """With their sizes, customer by customer, for people and for scripts; nothing leaves."""
    workbook, _ = run(office)
    said = office.relance("send", workbook, "--as-of", DAY, "--dry-run")
    assert "  Alpha\u00a0: FA_1.pdf (1\u00a0Ko), CGV été.pdf (1\u00a0Ko)\n" in said.out
    document = office.relance("send", workbook, "--as-of", DAY, "--dry-run", "--json").document
    assert {mail["debtor_id"]: len(mail["attachments"]) for mail in document["mails"]} == {"411A": 2, "411B": 1}
    assert office.mails() == {}


def test_a_mail_that_waits_for_its_file(office: Desk) -> None:
    """With missing = "hold" it is shown, the row says what it waits for, it does not leave; with the file, the next run lets it go."""
    (office.folder / "relance.toml").write_text(SETTINGS + ATTACHMENTS + 'missing = "hold"\n', encoding="utf-8")
    workbook, _ = run(office)
    assert by_account(office.plan())["411B", "EUR"]["step"] == "reminder_1"
    sheet = load_workbook(workbook, read_only=True)["Revue"]
    told = [cell for row in sheet.iter_rows(values_only=True) for cell in row if "attend une pièce jointe" in str(cell)]
    assert len(told) == 1
    assert outcomes(office, workbook) == {"411A": ("sent", None), "411B": ("left", "no-message")}
    (office.folder / "factures" / "fa-2.PDF").write_bytes(b"%PDF-1.7 two")
    workbook, problems = run(office)
    assert "INVOICE-FILE-MISSING" not in problems
    assert outcomes(office, workbook)["411B"] == ("sent", None)
    assert "fa-2.PDF" in attached(office.mails()["compta@beta.example"])


def test_another_file_than_the_one_shown_does_not_leave(office: Desk) -> None:
    """A file that was replaced after the review keeps its mail back; a new run shows it again."""
    workbook, _ = run(office)
    (office.folder / "factures" / "FA_1.pdf").write_bytes(b"%PDF-1.7 one, corrected")
    assert outcomes(office, workbook, "--dry-run")["411A"] == ("left", "text-differs")
    assert outcomes(office, workbook) == {"411A": ("left", "text-differs"), "411B": ("sent", None)}


def test_a_folder_that_is_not_there_is_one_line(office: Desk) -> None:
    """A mistyped path stops the run before anything is written, with the setting's name."""
    (office.folder / "factures").rename(office.folder / "facture")
    said = office.relance("run", "ledger.csv", "--as-of", DAY)
    assert said.code == 1
    assert "[attachments]" in said.err
    assert "Traceback" not in said.err
    assert not (office.folder / "relance-out").exists()


def missing(desk: Desk, workbook: Path) -> list[str]:
    """Send; return what is said of missing invoices."""
    said = desk.relance("send", workbook, "--as-of", DAY, "--json")
    assert said.code == 0, said.err
    return [one["message"] for one in said.document["problems"] if one["code"] == "INVOICE-FILE-MISSING"]


def test_what_is_missing_is_said_of_mails_that_leave(office: Desk) -> None:
    """Of three missing invoices: one mail leaves, one is put on hold, one has no address. A second sending, of nothing, says nothing."""
    other = "411C;Gamma;;;FA-3;30/09/2026;30/10/2026;500,00;500,00;;EUR;"
    third = "411D;Delta;compta@delta.example;;FA-4;30/09/2026;30/10/2026;500,00;500,00;;EUR;"
    ledger(office.folder, *LINES, other, third)
    workbook, problems = run(office)
    assert problems.count("INVOICE-FILE-MISSING") == 2
    review(workbook, {("411D", "EUR"): {"decision": "attendre"}})
    (told,) = missing(office, workbook)
    assert "FA-2" in told
    assert missing(office, workbook) == []
