"""Workbooks drawn by hand, each with one thing that could lead a graft astray: hidden, locked, merged, totalled, nearly full."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from batch.workbook.parts.cells import column_number
from tests.workbook.corpus import features, wholes
from tests.workbook.corpus.draft import BOOK, MACROS, Draft
from tests.workbook.grafting import column, grafted, part
from tests.workbook.keeping import losses
from tests.workbook.schema.contents import faults


def _hidden_ledger(draft: Draft) -> None:
    draft.listed[0] = draft.listed[0].replace("sheetId", 'state="hidden" sheetId')
    draft.add_sheet("Autre", "<sheetData/>")
    draft.book["bookViews"] = '<bookViews><workbookView activeTab="1"/></bookViews>'


def _two_epochs(draft: Draft) -> None:
    draft.book["workbookPr"] = '<workbookPr date1904="1"/>'


def _merged_header(draft: Draft) -> None:
    del draft.cells["D1"]
    draft.sheet["mergeCells"] = '<mergeCells count="1"><mergeCell ref="C1:F1"/></mergeCells>'


def _headings_like_ours(draft: Draft) -> None:
    draft.cells["E1"] = ' t="inlineStr"><is><t>Clé</t></is>'


def _far_data(draft: Draft) -> None:
    draft.cells["AZ9"] = "><v>7</v>"


def _all_widths(draft: Draft) -> None:
    draft.sheet["cols"] = '<cols><col min="1" max="16384" width="9" style="3" customWidth="1"/></cols>'


def _sorted(draft: Draft) -> None:
    draft.sheet["sortState"] = '<sortState ref="A2:D4"><sortCondition ref="A2:A4"/></sortState>'


def _macro_file_without_macros(draft: Draft) -> None:
    draft.suffix, draft.kinds[BOOK] = ".xlsm", MACROS


def _last_room(draft: Draft) -> None:
    draft.cells["XFB2"] = ' s="0">'


TRAPS = {
    "ledger hidden": (_hidden_ledger, "E"), "counted from 1904": (_two_epochs, "E"), "merged cells across the header": (_merged_header, "G"),
    "a heading like ours": (_headings_like_ours, "F"), "data far right": (_far_data, "BA"), "widths of all columns": (_all_widths, "E"),
    "sorted without a filter": (_sorted, "E"), "xlsm without macros": (_macro_file_without_macros, "E"),
    "room for just two columns": (_last_room, "XFC"),
}  # fmt: skip


@pytest.mark.parametrize("trap", TRAPS)
def test_drawn_traps(tmp_path: Path, addition: Path, trap: str) -> None:
    """Our columns stand right of all there is; nothing is lost; the result keeps to the schema as the source did."""
    alter, expected = TRAPS[trap]
    draft = Draft()
    alter(draft)
    source = draft.write(tmp_path, "avant")
    target = grafted(source, addition)
    assert column(target, expected) == ["Clé", "k2", None, "k4"]
    first = column_number(expected)
    assert losses(source, target, range(first, first + 2)) == []
    assert faults(source) == faults(target) == []


def test_a_hidden_ledger_stays_hidden(tmp_path: Path, addition: Path) -> None:
    """The user hid the ledger: it is annotated where it is, and the review opens."""
    draft = Draft()
    _hidden_ledger(draft)
    book = load_workbook(grafted(draft.write(tmp_path, "avant"), addition))
    assert [sheet.sheet_state for sheet in book.worksheets[:3]] == ["hidden", "visible", "visible"]
    assert book.active is not None
    assert book.active.title == "Revue"


def test_locks_stay_on_the_users_sheets_only(tmp_path: Path, addition: Path) -> None:
    """A locked ledger and a locked structure stay locked, the advice to open read-only stays; the review can be typed into."""
    draft = Draft()
    features.protection(draft)
    target = grafted(draft.write(tmp_path, "avant"), addition)
    book = load_workbook(target)
    assert [book["Ventes"].protection.sheet, book["Revue"].protection.sheet] == [True, False]
    assert book.security.lockStructure
    assert 'readOnlyRecommended="1"' in part(target, "xl/workbook.xml")


def test_totals_of_a_table_stay_below(tmp_path: Path, addition: Path) -> None:
    """A table with a totals row and a calculated column: both as they were; ours have no total, and the filter leaves the totals out."""
    draft = Draft()
    wholes.table(draft)
    table = part(grafted(draft.write(tmp_path, "avant"), addition), "xl/tables/table1.xml")
    assert 'ref="A1:F5" totalsRowCount="1"><autoFilter ref="A1:F4"/>' in table
    assert table.count("totalsRow") == 3
    assert '<tableColumn id="5" name="Clé"/><tableColumn id="6" name="Le"/></tableColumns>' in table


def test_table_that_hides_its_header(tmp_path: Path, addition: Path) -> None:
    """The ledger's headings stand above a table without a header row of its own: it is widened, its rows begin below."""
    draft = Draft()
    columns = "".join(f'<tableColumn id="{n}" name="Colonne{n}"/>' for n in range(1, 5))
    wholes.add_table(draft, "T", f'ref="A2:D4" headerRowCount="0"><tableColumns count="4">{columns}</tableColumns>')
    source = draft.write(tmp_path, "avant")
    target = grafted(source, addition)
    assert 'ref="A2:F4" headerRowCount="0"' in part(target, "xl/tables/table1.xml")
    assert faults(source) == faults(target) == []


@pytest.mark.parametrize(
    "kind", ["openxmlformats-officedocument.spreadsheetml.template.main", "ms-excel.template.macroEnabled.main"]
)
def test_a_template_becomes_a_workbook(tmp_path: Path, addition: Path, kind: str) -> None:
    """A template under a workbook's name: the result says that it is a workbook, as its name does."""
    draft = Draft()
    draft.kinds[BOOK] = f"application/vnd.{kind}+xml"
    types = part(grafted(draft.write(tmp_path, "avant"), addition), "[Content_Types].xml")
    assert f"application/vnd.{kind.replace('template', 'sheet')}+xml" in types
    assert "template" not in types
