"""The sheets that Relance really writes come through the graft as they were made."""

import zipfile
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook

from batch.workbook.graft import Annotation, graft
from batch.workbook.plain import Sheet, plain
from tests.workbook.plans import messages_of, small_plan
from tests.workbook.reviewing import written

OURS = Annotation(("Clé",), (20.0,), ("text",), {2: ("k",)})


def _cell(cell: Cell) -> tuple[object, ...]:
    """Return what a cell is and, when it has a style of its own, how it looks: the others look as the user's do."""
    look = (cell.number_format, str(cell.font), str(cell.fill), str(cell.border), str(cell.alignment))
    note = cell.comment.text if cell.comment else None
    link = (cell.hyperlink.target, cell.hyperlink.location) if cell.hyperlink else None
    return (cell.value, note, link, *(look if cell.has_style else ()))


def _looks(book: Workbook, name: str) -> dict[str, object]:
    """Return each cell of a sheet with its look, note and link, and what the sheet says about its columns, lists and rules."""
    sheet = book[name]
    cells = {cell.coordinate: _cell(cell) for row in sheet.iter_rows() for cell in row if isinstance(cell, Cell)}
    return {
        "cells": cells,
        "widths": {letter: dimension.width for letter, dimension in sheet.column_dimensions.items()},
        "lists": [(str(v.sqref), v.formula1, v.showErrorMessage) for v in sheet.data_validations.dataValidation],
        "rules": [(str(a.sqref), r.type, r.formula, str(r.dxf)) for a in sheet.conditional_formatting for r in a.rules],
        "merged": sorted(str(area) for area in sheet.merged_cells.ranges),
        "views": (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows, sheet.print_area),
        "charts": len(vars(sheet)["_charts"]),
    }


def test_every_added_sheet_arrives_as_it_was_made(tmp_path: Path) -> None:
    """Cells, looks, notes, links, widths, lists, rules, frozen panes, filters and charts: all as in the workbook made for them."""
    addition = written(tmp_path, messages=messages_of(small_plan()))
    plain(Sheet("Export", [["Client"], ["Dubois"]], 1), tmp_path / "ledger.xlsx")
    names = graft(
        tmp_path / "ledger.xlsx", tmp_path / "out.xlsx", sheet="Export", header_row=1, last_row=2, annotation=OURS,
        addition=addition, active="Revue",
    )  # fmt: skip
    made, result = load_workbook(addition), load_workbook(tmp_path / "out.xlsx")
    assert list(names) == made.sheetnames
    assert result.sheetnames == ["Export", *made.sheetnames]
    for name in names:
        assert _looks(result, name) == _looks(made, name), name


def test_the_marks_of_every_part_are_listed(tmp_path: Path) -> None:
    """Each part of the result has a content type of its own or by its extension, or readers call the file damaged."""
    plain(Sheet("Export", [["Client"], ["Dubois"]], 1), tmp_path / "ledger.xlsx")
    graft(
        tmp_path / "ledger.xlsx", tmp_path / "out.xlsx", sheet="Export", header_row=1, last_row=2, annotation=OURS,
        addition=written(tmp_path), active="Revue",
    )  # fmt: skip
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        types = archive.read("[Content_Types].xml").decode()
        own = [name for name in archive.namelist() if not name.endswith((".rels", "[Content_Types].xml"))]
    assert [name for name in own if f'PartName="/{name}"' not in types] == []
