"""What a person does to the annotated workbook between run and send: find a cell by key and heading, type, sort, insert."""

from collections.abc import Mapping
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from batch.core.records import Message
from batch.words import for_language
from batch.workbook.layout import FIRST_ROW, HEADER_ROW
from batch.workbook.review import write_sheets
from tests.workbook.plans import ABOUT, PROBLEMS, small_plan

Key = tuple[str, str]
Typed = Mapping[Key, Mapping[str, object]]


def written(folder: Path, language: str = "fr", messages: Mapping[Key, Message] | None = None) -> Path:
    """Write the small plan's sheets in a language; return the file."""
    path = folder / f"sheets_{language}.xlsx"
    words = for_language(language)
    about = ABOUT if language == "fr" else type(ABOUT)(**{**vars(ABOUT), "language": language})
    write_sheets(path, plan=small_plan(), messages=messages or {}, about=about, words=words, problems=PROBLEMS)
    return path


def column(sheet: Worksheet, code: str, language: str = "fr") -> int:
    """Return the number of a column by its heading."""
    heading = for_language(language).label("headings", code)
    return next(cell.column for cell in sheet[HEADER_ROW] if cell.value == heading)


def row(sheet: Worksheet, key: Key) -> int:
    """Return the row of an account."""
    return next(
        number
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1)
        if (cells[0], cells[1]) == key and number >= FIRST_ROW
    )


def type_in(workbook: Workbook, sheet: str, entries: Typed, language: str = "fr") -> None:
    """Type values into the cells of a sheet ("review", "calls"), by account and column code."""
    page = workbook[for_language(language).label("sheets", sheet)]
    for key, cells in entries.items():
        for code, value in cells.items():
            page.cell(row(page, key), column(page, code, language)).value = value  # type: ignore[assignment]


def reviewed_file(folder: Path, review: Typed, calls: Typed | None = None, language: str = "fr") -> Path:
    """Return a workbook in which a person has typed."""
    path = written(folder, language)
    workbook = load_workbook(path)
    type_in(workbook, "review", review, language)
    type_in(workbook, "calls", calls or {}, language)
    workbook.save(folder / "reviewed.xlsx")
    return folder / "reviewed.xlsx"
