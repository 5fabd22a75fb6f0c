"""LibreOffice opens a grafted workbook without repair and finds in it everything it finds in the user's own."""

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import LineChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from batch.workbook.graft import Annotation, graft
from batch.workbook.plain import Sheet, plain
from tests.workbook.corpus.specimens import RICHEST, specimen
from tests.workbook.keeping import same_cells, values

Convert = Callable[[Path, str], Path]
OURS = Annotation(
    ("Relance · clé", "Relance · retard", "Relance · prochaine le"),
    (30.0, 9.0, 12.0),
    ("text", "number", "date"),
    {row: (f"FA-{row}", row * 3, dt.date(2026, 11, 20)) for row in range(4, 10)},
)


def _ledger(sheet: Worksheet) -> None:
    """Write a ledger with a title, styles, formulas, notes, rules, lists, merged cells, a frozen header and a table."""
    sheet.title = "Grand livre"
    sheet["A1"] = "Clients au 20/11/2026"
    sheet.merge_cells("A1:D1")
    sheet["A1"].font = Font(name="Georgia", size=16, italic=True, color="FF7030A0")
    sheet.append([])
    sheet.append(["Pièce", "Échéance", "Solde", "Solde TTC"])
    for row in range(4, 10):
        sheet.append([f"FA-{row}", dt.date(2026, 10, row), row * 10.5, f"=C{row}*1.2"])
        sheet[f"B{row}"].number_format = "dd/mm/yyyy"
        sheet[f"C{row}"].number_format = '#,##0.00\\ "€"'
        sheet[f"A{row}"].border = Border(bottom=Side(style="double", color="FF00B050"))
    sheet["A5"].fill = PatternFill("solid", fgColor="FFFFC000")
    sheet["A6"].comment = Comment("litige en cours", "compta")
    sheet["A7"].hyperlink = "https://dubois.example/fa-7"
    sheet.row_dimensions[5].height = 31
    sheet.column_dimensions["B"].width = 17
    sheet.column_dimensions["D"].hidden = True
    sheet.freeze_panes = "A4"
    sheet.conditional_formatting.add("C4:C9", CellIsRule(operator="greaterThan", formula=["60"], font=Font(bold=True)))  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add("C4:C9", ColorScaleRule("min", None, "FFFFFFFF", "max", None, "FFFF0000"))  # type: ignore[no-untyped-call]
    words = DataValidation(type="list", formula1='"oui,non"')
    sheet.add_data_validation(words)
    words.add("E4:E9")
    sheet.page_setup.orientation = "landscape"
    sheet.print_area = "A1:D9"
    table = Table(displayName="Livre", ref="A3:D9")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleMedium4", showRowStripes=True)
    sheet.add_table(table)


@pytest.fixture
def pair(tmp_path: Path, addition: Path) -> tuple[Path, Path]:
    """Return a user's workbook with a bit of everything, and the same grafted."""
    book = Workbook()
    _ledger(book.worksheets[0])
    other = book.create_sheet("Graphique")
    for row in range(1, 6):
        other.append([row, row * row])
    chart = LineChart()
    chart.add_data(Reference(other, min_col=2, min_row=1, max_row=5))
    other.add_chart(chart, "D2")
    hidden = book.create_sheet("Listes")
    hidden.sheet_state = "hidden"
    hidden["A1"] = "='Grand livre'!C4+Taux"
    book.defined_names["Taux"] = DefinedName("Taux", attr_text="'Grand livre'!$C$5")
    book.save(tmp_path / "avant.xlsx")
    graft(
        tmp_path / "avant.xlsx", tmp_path / "apres.xlsx", sheet="Grand livre", header_row=3, last_row=9, annotation=OURS,
        addition=addition, active="Revue",
    )  # fmt: skip
    return tmp_path / "avant.xlsx", tmp_path / "apres.xlsx"


def _cell(sheet: Worksheet, place: str) -> tuple[object, ...]:
    """Return what a cell is and how it looks."""
    cell = sheet[place]
    look = (cell.font, cell.fill, cell.border, cell.alignment, cell.number_format)
    note = cell.comment.text if cell.comment else None
    link = cell.hyperlink.target if cell.hyperlink else None
    return (cell.value, *(str(part) for part in look), note, link)


def _seen(path: Path, sheets: list[str]) -> dict[str, object]:
    """Return what openpyxl finds on the user's sheets, in their own columns (A to D)."""
    book = load_workbook(path)
    seen: dict[str, object] = {"names": sorted((name, value.attr_text) for name, value in book.defined_names.items())}
    for name in sheets:
        sheet = book[name]
        seen[name] = {
            "cells": {f"{letter}{row}": _cell(sheet, f"{letter}{row}") for letter in "ABCD" for row in range(1, 12)},
            "widths": {
                letter: (sheet.column_dimensions[letter].width, sheet.column_dimensions[letter].hidden)
                for letter in "ABD"
            },
            "heights": {row: sheet.row_dimensions[row].height for row in range(1, 12)},
            "merged": sorted(str(area) for area in sheet.merged_cells.ranges),
            "rules": sorted((str(a.sqref), r.type) for a in sheet.conditional_formatting for r in a.rules),
            "lists": [(str(v.sqref), v.formula1) for v in sheet.data_validations.dataValidation],
            "charts": len(vars(sheet)["_charts"]),
            "page": (sheet.page_setup.orientation, sheet.print_area, sheet.freeze_panes, sheet.sheet_state),
        }
    return seen


USERS = ["Grand livre", "Graphique", "Listes"]


def test_openpyxl_finds_everything_again(pair: tuple[Path, Path]) -> None:
    """Values, formulas, styles, sizes, notes, links, rules, lists, charts, names and print settings are all as before."""
    before, after = pair
    assert _seen(after, USERS) == _seen(before, USERS)


def test_untouched_members_are_equal_byte_for_byte(pair: tuple[Path, Path]) -> None:
    """Only the ledger, its table, styles, workbook, relationships and content types differ."""
    before, after = pair
    with zipfile.ZipFile(before) as old, zipfile.ZipFile(after) as new:
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert changed == {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/worksheets/sheet1.xml",
        "xl/tables/table1.xml",
    }  # fmt: skip


def test_libreoffice_finds_everything_again(pair: tuple[Path, Path], libreoffice: Convert) -> None:
    """Saved by LibreOffice, the grafted workbook shows the same on the user's sheets as the user's own saved by LibreOffice."""
    before, after = (libreoffice(path, "xlsx") for path in pair)
    assert _seen(after, USERS) == _seen(before, USERS)
    book = load_workbook(after, data_only=True)
    assert book.sheetnames == [*USERS, "Revue", "Synthèse"]
    assert book.active is not None
    assert book.active.title == "Revue"
    ledger = book["Grand livre"]
    assert [ledger[place].value for place in ("E3", "E4", "F4", "G4")] == [
        "Relance · clé", "FA-4", 12, dt.datetime(2026, 11, 20),
    ]  # fmt: skip
    assert ledger["D4"].value == pytest.approx(50.4)
    review = book["Revue"]
    assert [cell.value for cell in review[2]] == ["Dubois & Fils", "envoyer", 1234.5, dt.datetime(2026, 11, 20)]
    assert review["B1"].comment.text == "une décision par ligne"
    assert review["A4"].hyperlink.target.rstrip("/") == "https://dubois.example"
    assert review["A6"].hyperlink.location in {"Ventes!A2", "'Ventes'!A2"}
    assert [(str(v.sqref), v.type) for v in review.data_validations.dataValidation] == [("B2:B9", "list")]
    assert len(vars(book["Synthèse"])["_charts"]) == 1


def test_libreoffice_prints_it(pair: tuple[Path, Path], libreoffice: Convert) -> None:
    """The grafted workbook prints to PDF."""
    assert libreoffice(pair[1], "pdf").read_bytes().startswith(b"%PDF-")


def test_libreoffice_reads_a_plain_ledger(tmp_path: Path, libreoffice: Convert) -> None:
    """A plain workbook opens in LibreOffice with its texts as texts and its days as days."""
    plain(Sheet("Export", [["Client", "Le"], ["=1+1", dt.date(2026, 11, 20)]], 1), tmp_path / "plain.xlsx")
    sheet = load_workbook(libreoffice(tmp_path / "plain.xlsx", "xlsx"))["Export"]
    assert [(cell.value, cell.data_type) for cell in sheet[2]] == [("=1+1", "s"), (dt.datetime(2026, 11, 20), "d")]
    assert sheet.auto_filter.ref == "A1:B2"


def test_libreoffice_reads_the_richest_workbook(tmp_path: Path, addition: Path, libreoffice: Convert) -> None:
    """Macros, pivot table, controls, drawings and all: saved by LibreOffice, every cell reads as in the user's own saved by it."""
    source = specimen(tmp_path, RICHEST)
    target = tmp_path / f"apres{source.suffix}"
    ours = Annotation(("Relance · clé",), (30.0,), ("text",), {2: ("=A1",), 4: ("FA-4",)})
    graft(source, target, sheet="Ventes", header_row=1, last_row=4, annotation=ours, addition=addition, active="Revue")
    before, after = (values(libreoffice(path, "xlsx")) for path in (source, target))
    assert list(after) == [*before, "Revue", "Synthèse"]
    for sheet, cells in before.items():
        assert same_cells(cells, after[sheet], {1, 2, 4} if sheet == "Ventes" else set()), sheet
    assert [row[-1] for row in after["Ventes"][:4]] == ["Relance · clé", "=A1", "", "FA-4"]
    assert libreoffice(target, "pdf").read_bytes().startswith(b"%PDF-")
