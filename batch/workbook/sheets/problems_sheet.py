"""Problems → their sheet: what is wrong, what to do, and a link to the cell in the user's own sheet."""

from collections.abc import Sequence
from dataclasses import replace

from openpyxl.cell import Cell, MergedCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from batch.core.problem import Problem, Severity, Source
from batch.words import Words
from batch.workbook.layout import FIRST_ROW, HEADER_ROW, LONGEST_PROBLEMS, PROBLEMS, letter_of
from batch.workbook.sheets.long_sheet import close_sheet, heights_of, look_of, open_sheet
from batch.workbook.sheets.looks import LINK, SEVERITY_COLOURS, Look, dress
from batch.workbook.sheets.strips import clean

PLACE = [column.code for column in PROBLEMS].index("place")
GRAVEST_FIRST = list(Severity)


def add_problems(workbook: Workbook, problems: Sequence[Problem], words: Words) -> None:
    """Add the Problems sheet, gravest first; beyond a readable number the last row counts the others."""
    sheet = open_sheet(workbook, "problems", PROBLEMS, words, frozen=1)
    shown = sorted(problems, key=lambda problem: GRAVEST_FIRST.index(problem.severity))[:LONGEST_PROBLEMS]
    rows = [_texts(problem, words) for problem in shown]
    close_sheet(sheet, PROBLEMS, len(rows), words)
    wrapped = [[row[at] for row in rows] for at, column in enumerate(PROBLEMS) if column.kind == "wrapped"]
    looks = [look_of(column) for column in PROBLEMS]
    for number, (problem, row, height) in enumerate(
        zip(shown, rows, heights_of(PROBLEMS, wrapped), strict=True), start=FIRST_ROW
    ):
        _write_row(sheet, number, row, looks)
        ink, tint = SEVERITY_COLOURS[problem.severity]
        dress(sheet.cell(number, 1), replace(looks[0], ink=ink, fill=tint, bold=True))
        if location := _location(problem.source):
            _link(sheet.cell(number, PLACE + 1), location, looks[PLACE])
        sheet.row_dimensions[number].height = height
    _write_ending(sheet, len(problems), words)


def write_text(cell: Cell | MergedCell, text: str) -> Cell:
    """Write a text that stays one: what starts with "=" is no formula, control characters are left out."""
    if isinstance(cell, MergedCell):
        raise TypeError(f"{cell.coordinate} is covered by a merged cell")
    cell.value = clean(text)
    cell.data_type = "s"
    return cell


def place_of(source: Source, words: Words) -> str:
    """Return where a problem stands, for people: sheet, cell or row; the file alone when nothing else is known."""
    if not source.sheet:
        return source.file
    if not source.row:
        return source.sheet
    if not source.column:
        return f"{source.sheet}, {words.sentence('problems_sheet', 'row', {'row': source.row})}"
    return f"{source.sheet}, {source.column}{source.row}"


def _texts(problem: Problem, words: Words) -> tuple[str, ...]:
    message, hint = words.problem(problem)
    severity = words.label("severities", problem.severity)
    return severity, message, hint, place_of(problem.source, words), problem.source.excerpt, problem.code


def _location(source: Source) -> str:
    if not source.sheet or not source.row:
        return ""
    sheet = source.sheet.replace("'", "''")
    return f"'{sheet}'!{source.column or 'A'}{source.row}"


def _link(cell: Cell | MergedCell, location: str, look: Look) -> None:
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=location)
    dress(cell, replace(look, ink=LINK, underlined=True))


def _write_row(sheet: Worksheet, number: int, texts: tuple[str, ...], looks: list[Look]) -> None:
    for at, (text, look) in enumerate(zip(texts, looks, strict=True), start=1):
        dress(write_text(sheet.cell(number, at), text), look)


def _write_ending(sheet: Worksheet, count: int, words: Words) -> None:
    ending = Look(italic=True)
    if not count:
        dress(sheet.cell(FIRST_ROW, 1, words.label("problems_sheet", "empty")), ending)
    elif count > LONGEST_PROBLEMS:
        more = words.sentence("problems_sheet", "more", {"n": count - LONGEST_PROBLEMS})
        dress(sheet.cell(FIRST_ROW + LONGEST_PROBLEMS, 1, more), ending)
        sheet.auto_filter.ref = f"A{HEADER_ROW}:{letter_of(len(PROBLEMS))}{FIRST_ROW + LONGEST_PROBLEMS - 1}"
