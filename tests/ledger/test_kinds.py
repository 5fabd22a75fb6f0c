"""Every kind of file that spreadsheets and accounting programs write → the same cells, or a refusal that says what to do."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from batch.core.policy import Reading
from batch.core.problem import RelanceError
from batch.ledger import Cell, open_book, read
from tests.ledger import old_files
from tests.ledger.kit import day, days, write_xlsx

DAY = day("2026-11-20")
# One row of every kind of cell; what a reader hands over for it follows.
ROWS: old_files.Rows = [["Client", "Échéance", None, "Solde"], [None, DAY, True, 12.5], ["00042", DAY, "é € œ", "#N/A"]]
CELLS: list[list[Cell]] = [["Client", "Échéance", "", "Solde"], ["", DAY, True, 12.5], ["00042", DAY, "é € œ", "#N/A"]]
LEDGER: old_files.Rows = [
    ["Grand livre clients", None, None, None, None],
    ["Compte client", "N° facture", "Date facture", "Date d'échéance", "Solde dû"],
    ["411ALDER", "000101", day("2026-09-30"), day("2026-10-30"), 1000.5],
    ["411BIRCH", "FA-2", day("2026-11-02"), day("2026-12-02"), 200],
    ["Total", None, None, None, 1200.5],
]


def refusal(path: Path) -> str:
    """Return the code with which a file is refused."""
    with pytest.raises(RelanceError) as refused:
        open_book(path)
    return refused.value.code


def as_sheets(write: Callable[..., Path]) -> Callable[[Path, str, old_files.Rows], Path]:
    """Make a writer of several sheets one of a single sheet."""
    return lambda path, name, rows: write(path, {name: rows})


def as_xlsx(path: Path, name: str, rows: old_files.Rows) -> Path:
    """Write an xlsx whatever the name says."""
    write_xlsx(path.parent, {name: rows}, "made.xlsx").rename(path)
    return path


WRITERS = {
    "xls": as_sheets(old_files.write_xls),
    "xlsb": old_files.write_xlsb,
    "ods": as_sheets(old_files.write_ods),
    "xml": old_files.write_office_xml,
    "xlsx": as_xlsx,
}


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("suffix", ["", ".csv", ".xls", ".xlsx", ".XLS"])
def test_the_same_cells_come_out_of_every_kind_under_any_name(tmp_path: Path, kind: str, suffix: str) -> None:
    """Texts, numbers, days, true and errors survive; the content says what the file is, the name may say anything."""
    path = WRITERS[kind](tmp_path / f"ledger{suffix or '.' + kind}", "Ouvert", ROWS)
    book = open_book(path)
    assert (book.kind, [sheet.name for sheet in book.sheets]) == (kind, ["Ouvert"])
    assert book.sheets[0].rows == [[1.0 if cell is True and kind == "ods" else cell for cell in row] for row in CELLS]
    assert [type(row[1]) for row in book.sheets[0].rows[1:]] == [dt.date, dt.date]


@pytest.mark.parametrize("kind", WRITERS)
def test_the_same_ledger_is_read_from_every_kind(tmp_path: Path, kind: str) -> None:
    """1,000.50 + 200.00 stand in the rows and in the total; numbers keep their zeros; the row is that of the file."""
    ledger = read(open_book(WRITERS[kind](tmp_path / f"ledger.{kind}", "Ouvert", LEDGER)), Reading())
    assert ledger.items["open"].tolist() == [100050, 20000]
    assert ledger.items["number"].tolist() == ["000101", "FA-2"]
    assert days(ledger, "due") == ["2026-10-30", "2026-12-02"]
    assert ledger.items["source_row"].tolist() == [3, 4]
    assert [problem.code for problem in ledger.problems] == ["TOTAL-AGREES"]


@pytest.mark.parametrize("suffix", ["xls", "html", "xlsx"])
@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252"])
def test_a_page_under_the_name_of_a_workbook(tmp_path: Path, suffix: str, encoding: str) -> None:
    """The page names its encoding; its one table is a sheet without a name, its row 1 is the table's first."""
    path = old_files.write_html(tmp_path / f"ledger.{suffix}", LEDGER, encoding)
    book = open_book(path)
    assert (book.kind, [sheet.name for sheet in book.sheets]) == ("html", [""])
    assert book.sheets[0].rows[1] == ["Compte client", "N° facture", "Date facture", "Date d'échéance", "Solde dû"]
    assert read(book, Reading(sheet="Feuil1")).items["open"].tolist() == [100050, 20000]


def test_a_page_as_browsers_understand_it(tmp_path: Path) -> None:
    """Spanning cells take their places, unclosed rows and cells end by themselves, entities are signs, tables are sheets."""
    page = """<table><tr><th colspan=2>Client<th rowspan="2">Solde &euro;
      <tr><td>Aulne &amp; fils<br>Lyon<td>000101
      <tr><td>Bouleau</td><td><table><tr><td>dedans</td></tr></table></td><td x:num="1200.499">1&nbsp;200,50</td></tr></table>
      <p>Pied de page</p><script>document.write("<table><tr><td>non</td></tr></table>")</script>"""
    (tmp_path / "page.xls").write_text(page, encoding="utf-8")
    assert [(sheet.name, sheet.rows) for sheet in open_book(tmp_path / "page.xls").sheets] == [
        ("Table 1", [["Client", "", "Solde €"], ["Aulne & fils\nLyon", "000101", ""], ["Bouleau", "", 1200.499]]),
        ("Table 2", [["dedans"]]),
    ]


def test_hidden_sheets_and_several_sheets_of_old_kinds(tmp_path: Path) -> None:
    """All sheets come in their order, with what hides them."""
    path = old_files.write_xls(tmp_path / "old.xls", {"Calculs": [["x"]], "Ouvert": LEDGER}, hidden="Calculs")
    assert [(sheet.name, sheet.hidden, len(sheet.rows)) for sheet in open_book(path).sheets] == [
        ("Calculs", True, 1),
        ("Ouvert", False, 5),
    ]


def test_days_of_1904_workbooks(tmp_path: Path) -> None:
    """A workbook that counts from 1904 holds other numbers for the same days."""
    path = old_files.write_xls(tmp_path / "mac.xls", {"Ouvert": LEDGER}, date1904=True)
    assert days(read(open_book(path), Reading()), "due") == ["2026-10-30", "2026-12-02"]


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_locked_files_of_old_kinds(tmp_path: Path, kind: str) -> None:
    """A password is what is said, not damage; also when the name is wrong."""
    write = {"xls": old_files.write_xls, "ods": old_files.write_ods}[kind]
    path = write(tmp_path / f"locked.{kind}", {"Ouvert": ROWS}, locked=True)
    assert refusal(path) == "ENCRYPTED"
    shutil.copy(path, tmp_path / "locked.dat")
    assert refusal(tmp_path / "locked.dat") == "ENCRYPTED"


def test_a_macro_workbook_is_known_by_its_content(tmp_path: Path) -> None:
    """What decides is the type that the workbook declares, and both kinds can be grafted; an xls cannot."""
    plain, macros = b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"
    path = old_files.changed(as_xlsx(tmp_path / "ledger.xlsx", "O", ROWS), {"[Content_Types].xml": (plain, macros)})
    assert (open_book(path).kind, open_book(path).grafted) == ("xlsm", True)
    assert not open_book(old_files.write_xls(tmp_path / "old.xls", {"O": ROWS})).grafted
