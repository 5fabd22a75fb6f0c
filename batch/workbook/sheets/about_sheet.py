"""The run's facts → the About sheet: read back by `decisions`, with a short how-to for people beside them."""

from dataclasses import fields

from openpyxl.workbook import Workbook

from batch.core.records import About
from batch.words import Words
from batch.workbook.layout import MARK
from batch.workbook.sheets.long_sheet import set_margins
from batch.workbook.sheets.looks import GREY, LINE, NAVY, Look, dress
from batch.workbook.sheets.problems_sheet import write_text

HOW_TO_LINES = 9


def add_about(workbook: Workbook, about: About, words: Words) -> None:
    """Add the About sheet: from A1 down the mark and one row per field of About, in column E how to use the workbook.

    A row holds the field in words, its value and, in a hidden column, its name, which is what reading back looks for.
    """
    sheet = workbook.create_sheet(words.label("sheets", "about"))
    for column, width in (("A", 30), ("B", 46), ("C", 18), ("D", 4), ("E", 92)):
        sheet.column_dimensions[column].width = width
    sheet.column_dimensions["C"].hidden = True
    dress(sheet.cell(1, 1, MARK), Look(size=16, bold=True, ink=NAVY))
    sheet.row_dimensions[1].height = 30
    for row, field in enumerate(fields(about), start=2):
        dress(sheet.cell(row, 1, words.label("about", field.name)), Look(size=9, ink=GREY, line=LINE))
        dress(sheet.cell(row, 3, field.name), Look(size=8, ink=GREY, line=LINE))
        value = getattr(about, field.name)
        # Texts only: a day or a figure would come back from another program in that program's own way.
        text = value if isinstance(value, str) else str(value)
        dress(write_text(sheet.cell(row, 2), text), Look(size=9, line=LINE, wrap=True))
    dress(sheet.cell(1, 5, words.label("how_to", "title")), Look(size=14, bold=True, ink=NAVY))
    for row in range(2, HOW_TO_LINES + 2):
        text = words.label("how_to", f"line_{row - 1}")
        dress(sheet.cell(row, 5, text), Look(wrap=True))
    last = max(len(fields(about)), HOW_TO_LINES) + 1
    for row in range(2, last + 1):
        sheet.row_dimensions[row].height = 26
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = GREY
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_area = f"A1:E{last}"
    set_margins(sheet)
