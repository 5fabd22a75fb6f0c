"""The printed Summary: no table and no chart is cut in two by a page's end."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from batch.workbook.sheets.pages import ROW_HEIGHT, break_pages
from tests.workbook.reviewing import written


def _breaks(sheet: Worksheet) -> list[int]:
    return [one.id for one in sheet.row_breaks.brk]


@pytest.fixture
def sheet() -> Worksheet:
    """Return a sheet about as wide as an A4 page across with half an inch around it: 39 rows have room."""
    made: Worksheet = Workbook().worksheets[0]
    # 10 columns of 14 figures: 10 * (14 * 7 + 5) pixels = 772.5 points; 841.9 - 72 = 769.9 have room.
    for place in "ABCDEFGHIJ":
        made.column_dimensions[place].width = 14
    made.cell(1, 10).value = "last"
    margins = made.page_margins
    margins.left = margins.right = margins.top = margins.bottom = 0.5
    return made


# (595.3 - 72) points / (769.9 / 772.5) * 0.96 = 504.1, that is 39.5 rows.
@pytest.mark.parametrize(
    ("starts", "breaks"),
    [
        ([1, 20, 41], []),  # the last row of a piece is empty: 39 rows are needed
        ([1, 20, 42], [19]),  # 40 are not there
        ([1, 20, 42, 60], [19]),  # from row 20 on there is room again, up to row 58
        ([1, 20, 42, 61], [19, 41]),  # and no further
        ([1, 10, 60, 70], [9, 59]),  # a piece that no page can hold begins on a page of its own
        ([1, 60, 70], [59]),  # nothing stands above the first piece
    ],
)
def test_a_piece_that_would_be_cut_begins_a_page(sheet: Worksheet, starts: list[int], breaks: list[int]) -> None:
    """Pieces follow each other on a page as long as their rows have room."""
    break_pages(sheet, starts)
    assert {sheet.row_dimensions[row].height for row in range(1, starts[-1])} == {ROW_HEIGHT}
    assert _breaks(sheet) == breaks


def test_the_summary_says_how_high_its_rows_are(tmp_path: Path) -> None:
    """Every program draws the same rows: none is left to its own measure."""
    sheet = load_workbook(written(tmp_path))["Synthèse"]
    last = int(str(sheet.print_area).rsplit("$", 1)[1])
    assert [row for row in range(1, last) if sheet.row_dimensions[row].height is None] == []


def test_libreoffice_breaks_the_summary_between_its_tables(
    tmp_path: Path, libreoffice: Callable[[Path, str], Path]
) -> None:
    """Saved by LibreOffice, the breaks are where they were, and none lies inside a table or a chart."""
    path = written(tmp_path)
    ours: Worksheet = load_workbook(path)["Synthèse"]
    kept: Worksheet = load_workbook(libreoffice(path, "xlsx"))["Synthèse"]
    assert _breaks(kept) == _breaks(ours) != []
    charts = [(one.anchor._from.row, one.anchor.to.row) for one in vars(ours)["_charts"]]  # noqa: SLF001  openpyxl names them so
    assert len(charts) == 2
    for row in _breaks(ours):
        assert [ours.cell(row, place).value for place in range(1, 15)] == [None] * 14
        assert all(not first < row <= last for first, last in charts)
    assert all(second > first for first, second in pairwise([0, *_breaks(ours)]))
