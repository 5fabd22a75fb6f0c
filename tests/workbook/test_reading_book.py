"""Reading a workbook's cells: the same rows and values as openpyxl gives, whichever program wrote them, with nothing lost."""

import datetime as dt
import os
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.escape import unescape

from batch.workbook.reading.book import opened_book
from tests.workbook.reviewing import reviewed_file, written

ROOT = Path(__file__).parents[2]
DATA = os.environ.get("RELANCE_REALDATA", "")
ROW_0 = "poi__poc-shared-strings.xlsx"  # a first row by the number 0 is counted as the first
LARGEST = 300_000  # bytes of a real file that is compared; openpyxl takes a second for a megabyte
Rows = dict[str, list[list[object]]]


def ours(path: Path) -> Rows:
    """Return the cells of every sheet as Relance reads them."""
    with opened_book(path) as book:
        return {name: _told(book.rows(name)) for name in book.parts}


def theirs(path: Path) -> Rows:
    """Return the cells of every sheet as openpyxl reads them; letters written by their code, _x000D_, it leaves as they are."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbook = load_workbook(path, read_only=True, data_only=True)
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()
        found = {sheet.title: _told(map(_spelled, sheet.iter_rows(values_only=True))) for sheet in workbook.worksheets}
        workbook.close()
    return found


def _spelled(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(unescape(value) if isinstance(value, str) else value for value in row)


def _told(rows: Iterator[tuple[object, ...]]) -> list[list[object]]:
    """Return values with their types, up to the last cell of a row and the last row that hold any; an empty text is none."""
    told = [[(type(value), value) if value not in (None, "") else None for value in row] for row in rows]
    for row in told:
        while row and row[-1] is None:
            row.pop()
    while told and not told[-1]:
        told.pop()
    return told  # type: ignore[return-value]  # pairs and None are objects


def everything(path: Path, *, from_1904: bool = False) -> Path:
    """Write a workbook by openpyxl with a cell of each kind, gaps, and texts that are hard to write."""
    workbook = Workbook()
    if from_1904:
        workbook.epoch = CALENDAR_MAC_1904
    sheet = workbook.worksheets[0]
    sheet.append([1, -2.5, 1e300, True, False, "texte", None, "#N/A", dt.date(2026, 11, 20), "=1+1"])
    sheet.append([dt.datetime(2026, 11, 20, 14, 30, 15), dt.time(8, 15), dt.timedelta(hours=30)])
    sheet["C7"] = "a & b <c> \"d\" 'e'\nà la ligne\tet « é » 😀"
    sheet["ZZ9"] = CellRichText("en ", TextBlock(InlineFont(b=True), "gras"))
    workbook.create_sheet("Vide")
    workbook.create_sheet("Encore").append(["fin"])
    workbook.save(path)
    return path


@pytest.mark.parametrize("from_1904", [False, True])
def test_every_kind_of_cell_as_openpyxl_reads_it(tmp_path: Path, *, from_1904: bool) -> None:
    """Figures, texts, truths, errors, days, times and durations come with the same value and type, in the same place."""
    path = everything(tmp_path / "all.xlsx", from_1904=from_1904)
    assert ours(path) == theirs(path)
    assert len(ours(path)) == 3


def test_our_sheets_and_a_ledger_as_openpyxl_reads_them(tmp_path: Path) -> None:
    """The sheets as Relance wrote them, as openpyxl saved them again, and the sample ledger."""
    for path in (written(tmp_path), reviewed_file(tmp_path, {}), ROOT / "sample_ledger.xlsx"):
        assert ours(path) == theirs(path)


def test_saved_by_libreoffice_as_openpyxl_reads_it(tmp_path: Path, libreoffice: Callable[[Path, str], Path]) -> None:
    """LibreOffice puts texts into a table that the sheets share, and writes other attributes."""
    path = libreoffice(everything(tmp_path / "all.xlsx"), "xlsx")
    assert ours(path) == theirs(path)


@pytest.mark.skipif(not DATA, reason="RELANCE_REALDATA is not set")
def test_real_workbooks_as_openpyxl_reads_them() -> None:
    """Every small real workbook that both can read has the same cells."""
    compared = 0
    for path in sorted(Path(DATA).rglob("*.xlsx")):
        if path.stat().st_size > LARGEST or path.name == ROW_0:
            continue
        try:
            expected, found = theirs(path), ours(path)
        except Exception:  # noqa: BLE001,S112  damaged on purpose, in every way there is
            continue
        assert found == expected, path.name
        compared += 1
    assert compared > 5


# What the quick way does not know is parsed, and gives what a parser makes of it.
ODD = {
    "other order of attributes": '<row r="1"><c t="n" s="0" r="B1"><v>7</v></c></row>',
    "no references": "<row><c/><c><v>7</v></c></row>",
    "a comment with a cell": '<row r="1"><!--<c r="A1"><v>9</v></c>--><c r="B1"><v>7</v></c></row>',
    "a formula and a cell without": '<row r="1"><c r="A1"/><c r="B1"><f>3+4</f><v>7</v></c></row>',
    "an extension": '<row r="1"><c r="B1"><v>7</v><extLst><ext uri="x"/></extLst></c></row>',
    "spaces": '<row  r="1"  ><c  r="B1"  ><v>7</v></c  ></row>',
}


@pytest.mark.parametrize("rows", ODD.values(), ids=ODD.keys())
def test_odd_but_lawful_xml(made: Callable[..., Path], rows: str) -> None:
    """B1 is 7 however it is written."""
    path = made(f"<sheetData>{rows}</sheetData>")
    assert ours(path) == theirs(path) == {"Ventes": [[None, (int, 7)]]}


@pytest.mark.parametrize(
    ("written_as", "text"),
    [
        ("a&#10;b", "a\nb"), ("x &amp;amp; &lt;y&gt; &quot;z&apos;", "x &amp; <y> \"z'"), ("_x0041_", "A"),
        ("_x005F_x0041_", "_x0041_"), ('<![CDATA[<c r="A1">]]>', '<c r="A1">'), ("a\r\nb", "a\nb"),
    ],
)  # fmt: skip
def test_texts_as_they_were_typed(made: Callable[..., Path], written_as: str, text: str) -> None:
    """Entities, letters by their code and line ends are what they stand for, in the cell and in the table of shared texts."""
    inline = f'<c r="A1" t="inlineStr"><is><t>{written_as}</t></is></c><c r="B1" t="s"><v>1</v></c>'
    shared = f"<si><t/></si><si><t>{written_as}</t></si>"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="b" Type="http://x/worksheet" Target="worksheets/ledger.xml"/>'
        '<Relationship Id="d" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    parts = {"xl/sharedStrings.xml": f'<sst xmlns="{main}">{shared}</sst>', "xl/_rels/workbook.xml.rels": relations}
    path = made(f'<sheetData><row r="1">{inline}</row></sheetData>', parts=parts)
    assert ours(path) == {"Ventes": [[(str, text), (str, text)]]}


def test_what_is_no_day_is_an_error_of_the_cell(tmp_path: Path) -> None:
    """A count of days outside of the calendar shows an error, and is read as one."""
    workbook = Workbook()
    workbook.worksheets[0]["A1"] = 9e9
    workbook.worksheets[0]["A1"].number_format = "dd/mm/yyyy"
    workbook.save(tmp_path / "far.xlsx")
    assert ours(tmp_path / "far.xlsx") == {"Sheet": [[(str, "#VALUE!")]]}
