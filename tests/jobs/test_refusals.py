"""What `send` refuses although a person approved it: rows that changed, and workbooks that are not of this journal, company or week."""

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from batch.journal import Journal
from tests.jobs.desk import COMPANY, DAY, Desk, by_account, ledger, read_mail


def find(sheet: Worksheet, value: str) -> Cell:
    """Return the first cell that holds this text."""
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == value)
    assert isinstance(cell, Cell)
    return cell


def test_rows_that_are_not_what_was_shown(desk: Desk) -> None:
    """An amount edited by hand, an invoice deleted, a decision that is no word: each of the three stays; the others may leave."""
    workbook = load_workbook(desk.workbook())
    sheet, shown = workbook["Grand livre clients"], workbook["Revue"]
    edited = sheet.cell(find(sheet, "FA26-0425").row, find(sheet, "Solde dû").column)
    assert edited.value == 2253.6
    edited.value = 1253.6
    sheet.delete_rows(find(sheet, "FA26-0418").row)
    row, letter = find(shown, "411MONTRE").row, find(shown, "Décision").column_letter
    shown[f"{letter}{row}"].value = "peut-être"
    workbook.save(desk.workbook())
    said = desk.relance("send", desk.workbook(), "--as-of", DAY, "--json")
    assert said.code == 0
    told = {mail["debtor_id"]: (mail["outcome"], mail["reason"]) for mail in said.document["mails"]}
    assert told["411TRAITE"] == ("left", "text-differs")
    assert told["411WILLOW"][0] == "left"
    assert told["411MONTRE"][0] == "left"
    assert told["411COLLEG"] == ("sent", None)
    assert [name for name in desk.mails() if "traiteur" in name or "willow" in name or "montreval" in name] == []
    problem = next(one for one in said.document["problems"] if one["severity"] == "error")
    assert (problem["sheet"], problem["row"], problem["column"]) == ("Revue", row, letter)


@pytest.mark.parametrize(("day", "code"), [("2026-11-28", "WORKBOOK-OLD"), ("2026-11-19", "WORKBOOK-AHEAD")])
def test_another_week(desk: Desk, day: str, code: str) -> None:
    """Eight days after the run its workbook is too old; before the run's own day it cannot be sent either."""
    before = desk.listing()
    said = desk.relance("send", desk.workbook(), "--as-of", day)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"{code}  ")
    assert "20/11/2026" in said.err
    assert desk.listing() == before


@pytest.mark.parametrize("beside", ["~${}", ".~lock.{}#"])
def test_a_workbook_that_is_still_open(desk: Desk, beside: str) -> None:
    """While a program has it open nothing leaves; what only looks does not ask. A file that a crash left behind is named."""
    left = desk.workbook().with_name(beside.format(desk.workbook().name))
    left.touch()
    before = desk.listing()
    said = desk.relance("send", desk.workbook(), "--as-of", DAY)
    assert (said.code, said.out, desk.listing()) == (1, "", before)
    assert said.err.startswith("WORKBOOK-OPEN  ")
    assert left.name in said.err
    assert desk.relance("send", desk.workbook(), "--as-of", DAY, "--dry-run", "-q").code == 0
    assert desk.relance("record", desk.workbook(), "-q").code == 0
    assert desk.relance("send", desk.workbook(), "--as-of", DAY, "--limit", 1, "--yes", "-q").code == 1
    left.unlink()
    assert desk.relance("send", desk.workbook(), "--as-of", DAY, "--limit", 1, "-q").code == 0
    assert len(desk.mails()) == 1


def test_a_weekend(desk: Desk) -> None:
    """On a Saturday every approved mail waits, and nothing is sent."""
    said = desk.relance("send", desk.workbook(), "--as-of", "2026-11-21", "--json")
    assert said.code == 0
    approved = [mail for mail in said.document["mails"] if mail["reason"] not in {"held", "called", "not-approved"}]
    assert {mail["reason"] for mail in approved} == {"weekend-or-holiday"}
    assert desk.mails() == {}


def test_another_company(desk: Desk) -> None:
    """The settings given are those of another company: both are named, nothing is read into its journal."""
    other = desk.folder / "other.toml"
    other.write_text('[company]\nname = "Autre Maison"\n', encoding="utf-8")
    said = desk.relance("send", desk.workbook(), "--as-of", DAY, "--config", other)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("WORKBOOK-COMPANY  ")
    assert COMPANY in said.err
    assert "Autre Maison" in said.err
    assert (desk.mails(), desk.events()) == ({}, [])


def test_another_journal(desk: Desk) -> None:
    """A journal that is not the run's does not know what was sent before."""
    other = desk.folder / "other.db"
    Journal.open(str(other), COMPANY).close()
    said = Desk(desk.folder, {"RELANCE_JOURNAL": str(other)}).relance("send", desk.workbook(), "--as-of", DAY)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("WORKBOOK-JOURNAL  ")
    assert desk.mails() == {}


def test_no_journal(desk: Desk) -> None:
    """Where the journal is gone nothing is sent, and no empty one is put in its place."""
    (desk.folder / "relance.db").unlink()
    said = desk.relance("send", desk.workbook(), "--as-of", DAY)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("JOURNAL-MISSING  ")
    assert not (desk.folder / "relance.db").exists()


@pytest.mark.parametrize("name", ["sample_ledger.xlsx", "nowhere.xlsx", "relance.toml"])
def test_no_annotated_workbook(desk: Desk, name: str) -> None:
    """The ledger itself, a file that is not there, a text: no workbook that Relance wrote."""
    said = desk.relance("send", name, "--as-of", DAY)
    assert (said.code, said.out) == (1, "")
    assert name in said.err.splitlines()[0]
    assert said.err.splitlines()[1].startswith("  ")
    assert "BUG" not in said.err


def test_two_runs_and_the_same_proposal(empty_desk: Desk) -> None:
    """Two workbooks propose the same reminder: once the first was sent, the second sends nothing and says so."""
    desk = empty_desk
    path = ledger(
        desk.folder,
        "411ALDER;Aulne SARL;compta@aulne.example;;FA-101;30/09/2026;30/10/2026;1200,00;1000,00;;EUR;",
        "411CEDAR;Cèdre SA;compta@cedre.example;;FA-103;01/09/2026;01/10/2026;80,50;80,50;;EUR;",
    )
    for out in ("one", "two"):
        assert desk.relance("run", path, "--as-of", DAY, "--out", out, "-q").code == 0
    one, two = (desk.folder / out / "ledger-annotated.xlsx" for out in ("one", "two"))
    assert desk.relance("send", one, "--as-of", DAY, "-q").code == 0
    assert sorted(desk.mails()) == ["compta@aulne.example", "compta@cedre.example"]
    said = desk.relance("send", two, "--as-of", DAY)
    assert said.code == 0
    assert said.out.startswith("Rien n'a été envoyé.")
    assert "déjà envoyé" in said.out
    assert len(list(desk.folder.rglob("*.eml"))) == 2
    later = dt.date(2026, 11, 30)  # ten days after the first reminder, and a Monday
    assert desk.relance("run", path, "--as-of", later, "--out", "four", "-q").code == 0
    assert {entry["step"] for entry in by_account(desk.plan(out="four")).values()} == {"reminder_2"}
    assert desk.relance("send", desk.folder / "four" / "ledger-annotated.xlsx", "--as-of", later, "-q").code == 0
    _answers_the_first(sorted((desk.folder / "one").rglob("*.eml")), sorted((desk.folder / "four").rglob("*.eml")))


def _answers_the_first(first: list[Path], second: list[Path]) -> None:
    """Check that each second reminder belongs to the thread of the first."""
    known = {str(read_mail(path)["To"]): str(read_mail(path)["Message-ID"]) for path in first}
    threads = {str(read_mail(path)["To"]): str(read_mail(path)["References"]) for path in second}
    assert threads == known
