"""The pieces of a sheet that is fitted to the width of an A4 page → page breaks that cut none of them."""

from collections.abc import Sequence
from itertools import pairwise

from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from batch.workbook.layout import letter_of

ROW_HEIGHT = 12.75  # of a row that was given none, in points
# A4 across, in points; a column of width n is about 7 n + 5 pixels wide in the fonts most workbooks have.
LONG_SIDE, SHORT_SIDE, INCH = 841.9, 595.3, 72.0
PIXELS_A_FIGURE, PIXELS_AROUND, POINTS_A_PIXEL = 7.0, 5.0, 0.75
# Programs differ in how wide they draw a column: a page that is not quite full looks better than a table that is cut.
RESERVE = 0.96


def break_pages(sheet: Worksheet, starts: Sequence[int]) -> None:
    """Set a page break before each piece that would not end on the page it begins on, and every row's height.

    `starts` holds the first row of each piece and, last, the first row after them; a piece ends with an empty row. What is
    taller than a page is broken by the program that prints.
    """
    # A row without a height has another one in every program.
    for row in range(1, starts[-1]):
        sheet.row_dimensions[row].height = sheet.row_dimensions[row].height or ROW_HEIGHT
    room = _rows_room(sheet)
    top = 1
    for start, after in pairwise(starts):
        if start > top and _height(sheet, top, after - 1) > room:
            sheet.row_breaks.append(Break(id=start - 1))
            top = start


def _rows_room(sheet: Worksheet) -> float:
    """Return the height of rows that a page has room for, in points, at the scale that the sheet's width asks for."""
    last = sheet.max_column
    widths = [sheet.column_dimensions[letter_of(place)].width for place in range(1, last + 1)]
    width = sum(figures * PIXELS_A_FIGURE + PIXELS_AROUND for figures in widths) * POINTS_A_PIXEL
    margins = sheet.page_margins
    scale = min(1.0, (LONG_SIDE - (margins.left + margins.right) * INCH) / width)
    return (SHORT_SIDE - (margins.top + margins.bottom) * INCH) / scale * RESERVE


def _height(sheet: Worksheet, first: int, after: int) -> float:
    return sum(sheet.row_dimensions[row].height or 0 for row in range(first, after))
