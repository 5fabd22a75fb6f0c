"""The form of a sheet with one row per account or problem: headings, widths, drop-downs, colours, print set-up.

Row 1 says what the sheet is for, row 2 whose each column is, row 3 names it; the rows under them come from `rows`.
"""

from collections.abc import Callable, Sequence
from itertools import groupby

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from batch.words import Words
from batch.workbook.layout import CHOICES, FIRST_ROW, HEADER_ROW, Column, letter, letter_of
from batch.workbook.sheets.looks import (
    BAND_COLOURS,
    DATE_FORM,
    DECISION_COLOURS,
    GREY,
    LINE,
    MACHINE,
    NAVY,
    PERCENT_FORM,
    PERSON,
    PERSON_LINE,
    WHITE,
    Look,
    dress,
)

TITLE = Look(size=16, bold=True, ink=NAVY)
LEAD = Look(size=9, italic=True, ink=GREY)
LINE_HEIGHT, MARGIN, MOST_LINES = 12.0, 8.0, 7
# The fonts of a sheet are not fixed width: a line holds a little more than the column's figures.
FULLNESS = 1.25
ACROSS = {"date": "center", "percent": "center", "number": "center", "money": "right"}


def open_sheet(workbook: Workbook, code: str, columns: Sequence[Column], words: Words, frozen: int) -> Worksheet:
    """Return a new sheet with title, bands, headings, widths and frozen panes, without rows; `frozen` counts columns."""
    sheet: Worksheet = workbook.create_sheet(words.label("sheets", code))
    group = "problems_sheet" if code == "problems" else code
    dress(sheet.cell(1, 1, words.label(group, "title")), TITLE)
    dress(sheet.cell(1, frozen + 1, words.label(group, "lead")), LEAD)
    _write_bands(sheet, columns, words)
    for place, column in enumerate(columns, start=1):
        heading = Look(
            bold=True, ink=WHITE, fill=BAND_COLOURS[column.band], wrap=True, line=WHITE, sides="lr",
            across=ACROSS.get(column.kind),
        )  # fmt: skip
        dress(sheet.cell(HEADER_ROW, place, words.label("headings", column.code)), heading)
        dimension = sheet.column_dimensions[letter_of(place)]
        dimension.width = column.width
        dimension.hidden = column.band == "machine"
    for row, height in ((1, 26), (2, 18), (HEADER_ROW, 32)):
        sheet.row_dimensions[row].height = height
    sheet.freeze_panes = f"{letter_of(frozen + 1)}{FIRST_ROW}"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 90
    sheet.sheet_properties.tabColor = NAVY
    _set_print(sheet, columns, frozen)
    return sheet


def _write_bands(sheet: Worksheet, columns: Sequence[Column], words: Words) -> None:
    place = 1
    for band, members in groupby(columns, key=lambda column: column.band):
        width = len(list(members))
        look = Look(size=9, ink=WHITE, fill=BAND_COLOURS[band], across="left", indent=1)
        for at in range(place, place + width):
            dress(sheet.cell(2, at), look)
        sheet.cell(2, place).value = words.label("bands", band)
        place += width


def _set_print(sheet: Worksheet, columns: Sequence[Column], frozen: int) -> None:
    shown = sum(1 for column in columns if column.band != "machine")
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1 if sum(column.width for column in columns[:shown]) <= 260 else 2  # noqa: PLR2004
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"1:{HEADER_ROW}"
    sheet.print_title_cols = f"A:{letter_of(frozen)}" if frozen else None
    set_margins(sheet)


def set_margins(sheet: Worksheet) -> None:
    """Give a printed sheet narrow margins and a footer with its name and pages."""
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.45, 0.75, 0.35
    if (footer := sheet.oddFooter) is not None:
        footer.left.text = "Relance · &A"
        footer.right.text = "&P / &N"


def close_sheet(sheet: Worksheet, columns: tuple[Column, ...], count: int, words: Words) -> None:
    """Set filter, drop-downs and the decision's colours over `count` rows."""
    last = FIRST_ROW + max(count, 1) - 1
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{letter_of(len(columns))}{last}"
    sheet.print_area = f"A1:{letter_of(sum(1 for column in columns if column.band != 'machine'))}{last}"
    for column in columns:
        if column.band == "person":
            where = letter(columns, column.code)
            _validation(column, words, sheet).add(f"{where}{FIRST_ROW}:{where}{last}")
    if any(column.code == "decision" for column in columns):
        _colour_decisions(sheet, letter(columns, "decision"), last, words)


def _validation(column: Column, words: Words, sheet: Worksheet) -> DataValidation:
    check = _CHECKS.get("choice" if column.code in CHOICES else column.kind, _anything)(column, words)
    check.promptTitle = words.label("headings", column.code)[:32]
    check.prompt = words.label("prompts", column.code)
    check.showInputMessage = True
    check.errorTitle = words.label("checks", "title")[:32]
    # openpyxl leaves this off, and then a wrong word is simply accepted.
    check.showErrorMessage = True
    sheet.add_data_validation(check)
    return check


def _choice(column: Column, words: Words) -> DataValidation:
    group, codes = CHOICES[column.code]
    offered = ",".join(words.label(group, code) for code in codes).replace('"', '""')
    return DataValidation("list", formula1=f'"{offered}"', allow_blank=True, error=words.label("checks", "choice"))


def _day(_: Column, words: Words) -> DataValidation:
    first, last = 36526, 73050  # 1 January 2000 and 2100, as a sheet counts days
    return DataValidation(
        "date", operator="between", formula1=str(first), formula2=str(last), allow_blank=True,
        error=words.label("checks", "date"),
    )  # fmt: skip


def _amount(_: Column, words: Words) -> DataValidation:
    error = words.label("checks", "amount")
    return DataValidation("decimal", operator="greaterThan", formula1="0", allow_blank=True, error=error)


def _anything(_: Column, __: Words) -> DataValidation:
    return DataValidation(allow_blank=True)


_CHECKS: dict[str, Callable[[Column, Words], DataValidation]] = {"choice": _choice, "date": _day, "money": _amount}


def _colour_decisions(sheet: Worksheet, where: str, last: int, words: Words) -> None:
    for code, (ink, tint) in DECISION_COLOURS.items():
        word = words.label("decisions", code).replace('"', '""')
        fill = PatternFill("solid", start_color=tint, end_color=tint)
        style = DifferentialStyle(fill=fill, font=Font(bold=True, color=ink))
        rule = Rule(type="expression", dxf=style, formula=[f'${where}{FIRST_ROW}="{word}"'])
        sheet.conditional_formatting.add(f"{where}{FIRST_ROW}:{where}{last}", rule)


def look_of(column: Column) -> Look:
    """Return how the plain cells of a column look."""
    form = {"date": DATE_FORM, "percent": PERCENT_FORM, "number": "0", "money": "#,##0.00"}.get(column.kind, "General")
    if column.band == "person":
        # A text that is typed or pasted stays what it is; only days and amounts have a form of their own.
        return Look(fill=PERSON, line=PERSON_LINE, sides="tblr", form=form, wrap=column.kind == "wrapped")
    if column.band == "machine":
        return Look(size=8, ink=GREY, fill=MACHINE)
    return Look(line=LINE, form=form, wrap=column.kind == "wrapped", across=ACROSS.get(column.kind))


def heights_of(columns: Sequence[Column], texts: Sequence[Sequence[str]]) -> list[float]:
    """Return the height of each row, so that its wrapped texts (one list per wrapped column, in order) can be read."""
    widths = [column.width * FULLNESS for column in columns if column.kind == "wrapped" and column.band != "person"]
    lines = [max(map(_lines, row, widths)) for row in zip(*texts, strict=True)]
    return [round(min(count, MOST_LINES) * LINE_HEIGHT + MARGIN, 1) for count in lines]


def _lines(text: str, width: float) -> int:
    if len(text) <= width and "\n" not in text:
        return 1
    return sum(int(len(part) / width) + 1 for part in text.split("\n"))
