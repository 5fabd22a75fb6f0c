"""A csv ledger becomes a plain workbook that shows what the rows say, and then takes the graft like any other."""

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from batch.workbook.graft import Annotation, graft
from batch.workbook.parts.archive import GraftRefused
from batch.workbook.plain import Sheet, Value, plain, sheet_name
from tests.workbook.schema.contents import faults

ROWS: list[list[Value]] = [
    ["Balance au 20/11/2026"],
    ["Client", "Pièce", "Échéance", "Solde", "Saisi", "Litige"],
    ["Dubois & Fils", "=1+1", dt.date(2026, 10, 25), 1234.56, dt.datetime(2026, 1, 2, 8, 30), True],
    ["  Léa\nMartin", "00123", None, -5, None, False],
    ["", "12345678901234567890", dt.date(1850, 1, 1), 12345678901234567890, None, None],
    [],
    ["_x0041_ \x07 <b>", "+33 1", None, float("nan"), None, None],
]


@pytest.fixture
def sheet(tmp_path: Path) -> Worksheet:
    """Return the rows as openpyxl reads them back from the plain workbook."""
    assert plain(Sheet("Export", ROWS, 2), tmp_path / "plain.xlsx") == "Export"
    return load_workbook(tmp_path / "plain.xlsx")["Export"]


def test_values_are_kept_with_their_types(sheet: Worksheet) -> None:
    """Texts stay texts, with leading zeros, equals signs and 20 digits; numbers, dates and truth stay what they are."""
    actual = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert actual == [
        ["Balance au 20/11/2026", None, None, None, None, None],
        ["Client", "Pièce", "Échéance", "Solde", "Saisi", "Litige"],
        ["Dubois & Fils", "=1+1", dt.datetime(2026, 10, 25), 1234.56, dt.datetime(2026, 1, 2, 8, 30), True],
        ["  Léa\nMartin", "00123", None, -5, None, False],
        [None, "12345678901234567890", "1850-01-01", "12345678901234567890", None, None],
        [None, None, None, None, None, None],
        ["_x005F_x0041_  <b>", "+33 1", None, None, None, None],
    ]
    assert sheet["B3"].data_type == "s"


def test_it_is_pleasant_to_read(sheet: Worksheet) -> None:
    """The header is bold, frozen, filtered and repeated in print; days show as in France; widths fit; text is kept as text when edited."""
    assert [sheet["A2"].font.b, sheet["A3"].font.b] == [True, False]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A3", "A2:F7", "$2:$2")
    assert [sheet["C3"].number_format, sheet["E3"].number_format] == ["dd/mm/yyyy", "dd/mm/yyyy\\ hh:mm"]
    assert [sheet.column_dimensions[letter].width for letter in "ABC"] == [15, 22, 14]
    assert [sheet["B3"].quotePrefix, sheet["B7"].quotePrefix, sheet["B4"].quotePrefix] == [True, True, False]


def test_plain_then_graft(tmp_path: Path, addition: Path) -> None:
    """The plain workbook takes our columns: its filter, and the name behind it, reach over them."""
    plain(Sheet("L'export", ROWS, 2), tmp_path / "plain.xlsx")
    ours = Annotation(("Clé",), (20.0,), ("text",), {3: ("k",)})
    graft(
        tmp_path / "plain.xlsx", tmp_path / "out.xlsx", sheet="L'export", header_row=2, last_row=7, annotation=ours,
        addition=addition, active="Revue",
    )  # fmt: skip
    result = load_workbook(tmp_path / "out.xlsx")
    assert result.sheetnames == ["L'export", "Revue", "Synthèse"]
    sheet = result["L'export"]
    assert [sheet["G2"].value, sheet["G3"].value, sheet.auto_filter.ref] == ["Clé", "k", "A2:G7"]


def test_no_rows_at_all(tmp_path: Path) -> None:
    """An empty ledger makes an empty sheet, not a broken one."""
    plain(Sheet("Export", [], 1), tmp_path / "plain.xlsx")
    assert load_workbook(tmp_path / "plain.xlsx")["Export"].dimensions == "A1:A1"


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("Export [2026/11]", "Export 2026 11"),
        ("'Ventes'", "Ventes"),
        ("x" * 40, "x" * 31),
        ("???", "Ledger"),
        ("History", "Ledger"),
    ],
)
def test_sheet_names_are_made_allowed(wanted: str, expected: str) -> None:
    """A file's name becomes a sheet's name that Excel accepts."""
    assert sheet_name(wanted) == expected


def test_amounts_show_their_cents(tmp_path: Path) -> None:
    """A column with decimals shows two of them on every row; whole numbers and longer decimals stay as they are."""
    rows: list[list[Value]] = [["Compte", "Solde", "Taux"], [411000, 1234.5, 0.125], [411001, 600, 2.5]]
    plain(Sheet("Export", rows, 1), tmp_path / "plain.xlsx")
    sheet = load_workbook(tmp_path / "plain.xlsx")["Export"]
    formats = [[cell.number_format for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert formats == [["General", "#,##0.00", "General"]] * 2
    assert sheet.row_dimensions[1].height == 45


def test_other_sheets_are_carried_as_values(tmp_path: Path, addition: Path) -> None:
    """Sheets before and after the ledger keep their place, values and hiding; names that Excel refuses or that stand twice are changed."""
    before = [Sheet("Notes : 2026", [["=1+1", 3.5], [], [dt.date(2026, 11, 20)]], hidden=True)]
    after = [Sheet("EXPORT", [["x"]]), Sheet("Vide", [])]
    assert plain(Sheet("Export", ROWS, 2), tmp_path / "plain.xlsx", before=before, after=after) == "Export"
    ours = Annotation(("Clé",), (20.0,), ("text",), {3: ("k",)})
    graft(
        tmp_path / "plain.xlsx", tmp_path / "out.xlsx", sheet="Export", header_row=2, last_row=7, annotation=ours,
        addition=addition, active="Revue",
    )  # fmt: skip
    book = load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["Notes 2026", "Export", "EXPORT (2)", "Vide", "Revue", "Synthèse"]
    assert [sheet.sheet_state for sheet in book.worksheets[:2]] == ["hidden", "visible"]
    assert [book["Notes 2026"][place].value for place in ("A1", "B1", "A3")] == ["=1+1", 3.5, dt.datetime(2026, 11, 20)]
    assert book["Notes 2026"]["A1"].data_type == "s"
    assert (book["Export"].auto_filter.ref, book["Export"].print_title_rows) == ("A2:G7", "$2:$2")
    assert faults(tmp_path / "plain.xlsx") == faults(tmp_path / "out.xlsx") == []


def test_more_rows_than_a_sheet_takes(tmp_path: Path) -> None:
    """A ledger of 1,048,577 rows is refused by name before anything is written."""
    with pytest.raises(GraftRefused) as refused:
        plain(Sheet("Export", [["x"]] * 1_048_577, 1), tmp_path / "plain.xlsx")
    assert (refused.value.code, refused.value.facts["rows"]) == ("GRAFT-ROWS", 1_048_577)
    assert list(tmp_path.iterdir()) == []
