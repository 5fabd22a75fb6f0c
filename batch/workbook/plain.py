"""Rows of values → a plain, well-formatted xlsx: the ledger of a file that is no xlsx, written so that the graft can follow.

Written as XML directly: 100,000 rows of 12 cells take 2.3 s, openpyxl's write-only way 23 s on the same machine.
"""

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape
from itertools import islice
from pathlib import Path

from batch.workbook.parts.archive import write_member, written_beside
from batch.workbook.parts.cells import Styles, letters, text_cell, writers
from batch.workbook.parts.listing import LONGEST_NAME
from batch.workbook.parts.package import CONTENT_TYPES, MAIN, PACKAGE_RELATIONS, RELATIONS, TYPES

Value = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None

STYLES = Styles(heading=1, text=0, quoted=2, number=0, date=3, moment=4)
_AMOUNT = 5  # 1 234,50 in the way of the reader's country

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_SAMPLE = 500
_NARROWEST, _WIDEST = 8, 60
_DATE_WIDTH = 12
_ROWS_AT_ONCE = 2000
_HEADER_HEIGHT = 45  # points: three lines, as the headings beside it take
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_STYLE_SHEET = f"""{_DECLARATION}<styleSheet xmlns="{MAIN}">\
<numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts>\
<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>\
<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>\
<fill><patternFill patternType="solid"><fgColor rgb="FFE7E6E6"/><bgColor indexed="64"/></patternFill></fill></fills>\
<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>\
<border><left/><right/><top/><bottom style="thin"><color rgb="FFA6A6A6"/></bottom><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">\
<alignment vertical="center" wrapText="1"/></xf>\
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/>\
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""

_PLAIN_BOOK, _MACRO_BOOK = f"{_KIND}.sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_FIXED_PARTS = {
    CONTENT_TYPES: f"""{_DECLARATION}<Types xmlns="{TYPES}">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>\
<Override PartName="/xl/workbook.xml" ContentType="{_PLAIN_BOOK}"/>\
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>\
<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>""",
    "_rels/.rels": f"""{_DECLARATION}<Relationships xmlns="{PACKAGE_RELATIONS}">\
<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/_rels/workbook.xml.rels": f"""{_DECLARATION}<Relationships xmlns="{PACKAGE_RELATIONS}">\
<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>\
<Relationship Id="rId2" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>""",
    "xl/styles.xml": _STYLE_SHEET,
}


def sheet_name(wanted: str) -> str:
    """Return a name a sheet may have: without the signs Excel forbids, 31 characters at most, never empty; a good one as it is."""
    if wanted.strip("' ") == wanted and 0 < len(wanted) <= LONGEST_NAME and not _FORBIDDEN.search(wanted):
        return wanted if wanted.casefold() != "history" else "Ledger"
    name = " ".join(_FORBIDDEN.sub(" ", wanted).split()).strip("'")[:LONGEST_NAME].strip().strip("'")
    return name if name and name.casefold() != "history" else "Ledger"


def plain(rows: Sequence[Sequence[Value]], target: Path, *, sheet: str, header_row: int) -> str:
    """Write the rows as the only sheet of a new workbook and return the sheet's name (`sheet`, as far as a name may be so).

    The first of `rows` is row 1; the header, at the 1-based `header_row`, is bold, frozen and filtered. Dates show as
    dd/mm/yyyy. Texts stay texts, also when they start with "=" or are made of digits; whole numbers too long for a cell to keep
    all digits become texts. The target is written beside and renamed; one named .xlsm is given that type, which programs insist on.
    """
    name = sheet_name(sheet)
    width = max((len(row) for row in rows), default=0)
    with written_beside(target) as archive:
        for part, content in _FIXED_PARTS.items():
            macros = part == CONTENT_TYPES and target.suffix == ".xlsm"
            write_member(archive, part, content.replace(_PLAIN_BOOK, _MACRO_BOOK) if macros else content)
        write_member(archive, "xl/workbook.xml", _workbook(name, header_row, len(rows), width))
        _write_sheet(archive, rows, header_row, width)
    return name


def _filtered(header_row: int, height: int, width: int) -> str:
    """Return the range of the filter, "" where there is no header to filter by."""
    return f"A{header_row}:{letters(width)}{max(height, header_row)}" if width and 1 <= header_row <= height else ""


def _workbook(name: str, header_row: int, height: int, width: int) -> str:
    """Return the workbook part: one sheet, its filter's hidden name, its header repeated on every printed page."""
    quoted = escape("'" + name.replace("'", "''") + "'", quote=False)
    names = ""
    if width and 1 <= header_row <= height:
        area = f"$A${header_row}:${letters(width)}${height}"
        names = (
            f'<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">{quoted}!{area}</definedName>'
            f'<definedName name="_xlnm.Print_Titles" localSheetId="0">{quoted}!${header_row}:${header_row}</definedName></definedNames>'
        )
    return (
        f'{_DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><bookViews><workbookView/></bookViews>'
        f'<sheets><sheet name="{escape(name)}" sheetId="1" r:id="rId1"/></sheets>{names}</workbook>'
    )


def _write_sheet(archive: zipfile.ZipFile, rows: Sequence[Sequence[Value]], header_row: int, width: int) -> None:
    """Write the sheet's XML, some thousand rows at a time."""
    with archive.open("xl/worksheets/sheet1.xml", "w") as writer:
        writer.write(_head(rows, header_row, width).encode())
        numbered = enumerate(rows, 1)
        write_row = _row_writer(header_row, width, _amounts(rows, header_row, width))
        while made := [write_row(number, row) for number, row in islice(numbered, _ROWS_AT_ONCE)]:
            writer.write("".join(made).encode())
        area = _filtered(header_row, len(rows), width)
        own_filter = f'<autoFilter ref="{area}"/>' if area else ""
        page = '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        writer.write(f"</sheetData>{own_filter}{page}</worksheet>".encode())


def _head(rows: Sequence[Sequence[Value]], header_row: int, width: int) -> str:
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
    return (
        f'{_DECLARATION}<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="{area}"/>'
        f'<sheetViews><sheetView tabSelected="1" workbookViewId="0">{pane}</sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/>{columns}<sheetData>'
    )


def _width(rows: Sequence[Sequence[Value]], header_row: int, index: int) -> int:
    """Return a width, in characters, that shows a column's first rows; titles above the header may run over."""
    longest = max(
        (_shown(row[index]) for row in rows[header_row - 1 : header_row + _SAMPLE] if index < len(row)), default=0
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
