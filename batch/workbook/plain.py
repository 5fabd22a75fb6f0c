"""Rows of values → a plain, well-formatted xlsx: the sheets of a file that cannot be grafted, written so that the graft can follow.

Written as XML directly: 100,000 rows of 12 cells take 2.3 s, openpyxl's write-only way 23 s on the same machine.
"""

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path

from batch.core.problem import Source
from batch.workbook.parts import bare
from batch.workbook.parts.archive import GraftRefused, write_member, written_beside
from batch.workbook.parts.cells import LAST_ROW, Styles, letters, text_cell, writers
from batch.workbook.parts.listing import LONGEST_NAME, unique_names
from batch.workbook.parts.package import MAIN

Value = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None

STYLES = Styles(heading=1, text=0, quoted=2, number=0, date=3, moment=4)
_AMOUNT = 5  # 1 234,50 in the way of the reader's country

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_SAMPLE = 500
_NARROWEST, _WIDEST = 8, 60
_DATE_WIDTH = 12
_ROWS_AT_ONCE = 2000
_HEADER_HEIGHT = 45  # points: three lines, as the headings beside it take


def sheet_name(wanted: str) -> str:
    """Return a name a sheet may have: without the signs Excel forbids, 31 characters at most, never empty; a good one as it is."""
    if wanted.strip("' ") == wanted and 0 < len(wanted) <= LONGEST_NAME and not _FORBIDDEN.search(wanted):
        return wanted if wanted.casefold() != "history" else "Ledger"
    name = " ".join(_FORBIDDEN.sub(" ", wanted).split()).strip("'")[:LONGEST_NAME].strip().strip("'")
    return name if name and name.casefold() != "history" else "Ledger"


@dataclass(frozen=True)
class Sheet:
    """A sheet to be written: its first row is row 1; the header, at the 1-based `header_row` (0: none), is made to stand out."""

    name: str
    rows: Sequence[Sequence[Value]]
    header_row: int = 0
    hidden: bool = False


def plain(ledger: Sheet, target: Path, *, before: Sequence[Sheet] = (), after: Sequence[Sheet] = ()) -> str:
    """Write the ledger and the sheets around it as a new workbook; return the ledger's name (its own, as far as a name may be so).

    A header is bold, frozen and filtered. Dates show as dd/mm/yyyy. Texts stay texts, also when they start with "=" or are made of
    digits; whole numbers too long for a cell to keep all digits become texts. The target is written beside and renamed; one named
    .xlsm is given that type, which programs insist on. Raises GraftRefused for more rows than a sheet may have.
    """
    name = sheet_name(ledger.name)
    sheets = (*before, replace(ledger, name=name), *after)
    for sheet in sheets:
        if len(sheet.rows) > LAST_ROW:
            raise GraftRefused(
                "GRAFT-ROWS", Source(file=target.name), sheet=sheet.name, rows=len(sheet.rows), most=LAST_ROW
            )
    names = _names([sheet.name for sheet in sheets], len(before))
    listed = [
        bare.Listed(title, sheet.hidden, sheet.header_row, len(sheet.rows), _width_of(sheet))
        for title, sheet in zip(names, sheets, strict=True)
    ]
    with written_beside(target) as archive:
        for part, content in bare.parts(listed, len(before), macros=target.suffix == ".xlsm").items():
            write_member(archive, part, content)
        for number, sheet in enumerate(sheets, 1):
            _write_sheet(archive, bare.sheet_part(number), sheet, opened=number == len(before) + 1)
    return name


def _names(wanted: Sequence[str], ledger: int) -> list[str]:
    """Return names that sheets may have, all different; the ledger keeps its own."""
    given = {ledger: wanted[ledger]}
    for place, name in enumerate(wanted):
        if place != ledger:
            (given[place],) = unique_names([sheet_name(name)], given.values())
    return [given[place] for place in range(len(wanted))]


def _width_of(sheet: Sheet) -> int:
    return max((len(row) for row in sheet.rows), default=0)


def _write_sheet(archive: zipfile.ZipFile, part: str, sheet: Sheet, *, opened: bool) -> None:
    """Write a sheet's XML, some thousand rows at a time."""
    rows, header_row, width = sheet.rows, sheet.header_row, _width_of(sheet)
    with archive.open(part, "w") as writer:
        writer.write(_head(rows, header_row, width, opened=opened).encode())
        numbered = enumerate(rows, 1)
        write_row = _row_writer(header_row, width, _amounts(rows, header_row, width))
        while made := [write_row(number, row) for number, row in islice(numbered, _ROWS_AT_ONCE)]:
            writer.write("".join(made).encode())
        area = bare.filtered(header_row, len(rows), width)
        own_filter = f'<autoFilter ref="{area}"/>' if area else ""
        page = '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        writer.write(f"</sheetData>{own_filter}{page}</worksheet>".encode())


def _head(rows: Sequence[Sequence[Value]], header_row: int, width: int, *, opened: bool) -> str:
    """Return what stands before the rows: dimension, frozen header, column widths."""
    area = f"A1:{letters(width)}{len(rows)}" if width and rows else "A1"
    pane = ""
    if 1 <= header_row <= len(rows):
        below = f"A{header_row + 1}"
        pane = (
            f'<pane ySplit="{header_row}" topLeftCell="{below}" activePane="bottomLeft" state="frozen"/>'
            f'<selection pane="bottomLeft" activeCell="{below}" sqref="{below}"/>'
        )
    widths = "".join(
        f'<col min="{index + 1}" max="{index + 1}" width="{_width(rows, header_row, index)}" customWidth="1"/>'
        for index in range(width)
    )
    columns = f"<cols>{widths}</cols>" if widths else ""
    selected = ' tabSelected="1"' if opened else ""
    return (
        f'{bare.DECLARATION}<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="{area}"/>'
        f'<sheetViews><sheetView{selected} workbookViewId="0">{pane}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/>{columns}<sheetData>'
    )


def _width(rows: Sequence[Sequence[Value]], header_row: int, index: int) -> int:
    """Return a width, in characters, that shows a column's first rows; titles above the header may run over."""
    longest = max(
        (_shown(row[index]) for row in rows[max(header_row - 1, 0) : header_row + _SAMPLE] if index < len(row)),
        default=0,
    )
    return min(max(longest + 2, _NARROWEST), _WIDEST)


def _shown(value: Value) -> int:
    """Return how many characters a value takes on the sheet."""
    if value is None:
        return 0
    return _DATE_WIDTH if isinstance(value, dt.date) else len(str(value))


def _amounts(rows: Sequence[Sequence[Value]], header_row: int, width: int) -> frozenset[int]:
    """Return the columns that hold amounts: numbers with decimals, two of them at most."""
    found = set()
    for index in range(width):
        column = [row[index] for row in rows[header_row : header_row + _SAMPLE] if index < len(row)]
        parts = [value for value in column if isinstance(value, float) and not value.is_integer()]
        if parts and all(round(value, 2) == value for value in parts):
            found.add(index)
    return frozenset(found)


def _row_writer(header_row: int, width: int, amounts: frozenset[int]) -> Callable[[int, Sequence[Value]], str]:
    """Return the function that writes one row as XML; `amounts` are the columns shown with two decimals."""
    kinds = writers(STYLES)
    amount = writers(STYLES._replace(number=_AMOUNT))["number"]
    text, number, date = kinds["text"], kinds["number"], kinds["date"]
    opening = [f'<c r="{letters(column)}' for column in range(1, width + 1)]

    @lru_cache(maxsize=1024)
    def heading(value: object) -> str:
        return text_cell(str(value), STYLES.heading, STYLES.heading)

    def cell(value: Value, column: int) -> str:
        if isinstance(value, bool):
            return f' t="b"><v>{value:d}</v></c>'
        if isinstance(value, dt.date):
            return date(value)
        if isinstance(value, dt.time | dt.timedelta):
            return text(str(value))
        return amount(value) if column in amounts else number(value)

    def row(at: int, values: Sequence[Value]) -> str:
        if at == header_row:
            cells = [f'{opening[i]}{at}"{heading("" if v is None else v)}' for i, v in enumerate(values)]
        else:
            cells = [
                f'{first}{at}"{text(value) if type(value) is str else cell(value, column)}'
                for column, (first, value) in enumerate(zip(opening, values, strict=False))
                if value is not None and value != "" and value == value  # noqa: PLR0124  NaN differs from itself
            ]
        height = f' ht="{_HEADER_HEIGHT}" customHeight="1"' if at == header_row else ""
        return f'<row r="{at}"{height}>{"".join(cells)}</row>' if cells else ""

    return row
