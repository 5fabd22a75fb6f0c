"""A workbook on disk → its sheets, by the first reader (calamine) or by the second (openpyxl), which is slower and less strict."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from batch.ledger.files.apart.wire import Raw, Refused
from batch.ledger.files.book import Cell

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_OLE = b"\xd0\xcf\x11\xe0"
_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")

Errors = Mapping[tuple[int, int], str]


def read_first(path: Path, cells: int) -> Iterator[Raw]:
    """Yield the worksheets as calamine reads them, cells in error with the error's text."""
    from python_calamine import PasswordError, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415  not in every child

    content = path.read_bytes()
    errors = _errors(content)
    try:
        with _opened(path, content) as workbook:
            for about in workbook.sheets_metadata:
                if about.typ != SheetTypeEnum.WorkSheet:
                    continue
                sheet = workbook.get_sheet_by_name(about.name)
                cells -= sheet.total_height * sheet.total_width
                if cells < 0:
                    raise Refused("size", size=sheet.total_height * sheet.total_width)
                hidden = about.visible != SheetVisibleEnum.Visible
                rows = _rows(sheet, errors.get(about.name, {}))
                yield Raw(about.name, hidden, sheet.total_width if sheet.start else 0, rows)
    except PasswordError as error:
        raise Refused("password") from error


def _opened(path: Path, content: bytes) -> "CalamineWorkbook":
    """Open by content where the name says something else; an ods whose type was left out is given it."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415  not in every child

    file = io.BytesIO(content)
    if content.startswith(_OLE):
        return (
            CalamineWorkbook.from_path(path) if path.suffix.lower() == ".xls" else CalamineWorkbook.from_filelike(file)
        )
    with zipfile.ZipFile(file, "a") as package:
        names = set(package.namelist())
        kind = ".ods" if "content.xml" in names else ".xlsb" if "xl/workbook.bin" in names else ".xlsx"
        if kind == ".ods" and "mimetype" not in names:
            package.writestr("mimetype", _ODS_TYPE)
        elif path.suffix.lower() == kind:
            return CalamineWorkbook.from_path(path)  # its complaints say more
    file.seek(0)
    return CalamineWorkbook.from_filelike(file)


def _errors(content: bytes) -> Mapping[str, Errors]:
    """Return by sheet the cells in error, which calamine gives as empty; refuse what is locked, which it may call damaged."""
    if content.startswith(_OLE):
        from batch.ledger.files.apart import old_excel  # noqa: PLC0415  only for this kind

        if old_excel.is_locked(content):
            raise Refused("password")
        return old_excel.errors_in_xls(content)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = set(package.namelist())
        if "content.xml" in names:
            from batch.ledger.files.apart import open_document  # noqa: PLC0415  only for this kind

            if open_document.is_locked(package):
                raise Refused("password")
            return open_document.errors_in_ods(package)
        if "xl/workbook.bin" in names:
            from batch.ledger.files.apart import binary_excel  # noqa: PLC0415  only for this kind

            return binary_excel.errors_in_xlsb(package)
    return {}


def _rows(sheet: "CalamineSheet", errors: Errors) -> Iterator[list[Cell]]:
    """Yield the rows from A1 on; the reader gives the empty rows above the first cell, but not the columns before it."""
    if sheet.start is None:
        return
    before: list[Cell] = [""] * sheet.start[1]
    rows_in_error = {row for row, _ in errors}
    for number, row in enumerate(sheet.iter_rows()):
        cells = before + [_duration(cell) if type(cell) is str and cell[:2] == "PT" else cell for cell in row]
        if number in rows_in_error:
            cells = [errors.get((number, column), cell) for column, cell in enumerate(cells)]
        yield cells


def _duration(text: str) -> Cell:
    """Return the length of time that ods writes as PT30H00M00S."""
    found = _DURATION.fullmatch(text)
    return dt.timedelta(hours=int(found[1]), minutes=int(found[2]), seconds=int(found[3])) if found else text


def read_second(path: Path, cells: int) -> Iterator[Raw]:
    """Yield the worksheets as openpyxl reads them in its way for large files; formulas by their cached results."""
    import openpyxl  # noqa: PLC0415  slow to import, and hardly ever needed

    workbook = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=True, keep_links=False)
    for sheet in workbook.worksheets:
        sheet.reset_dimensions()  # what a sheet says of its own size may be wrong
        rows: list[list[Cell]] = []
        for values in sheet.iter_rows(values_only=True):
            rows.append(["" if value is None else value for value in values])  # type: ignore[misc]  # no formulas here
            cells -= len(values)
            if cells < 0 or len(rows) > cells:
                raise Refused("size", size=sum(map(len, rows)))
        while rows and not any(cell != "" for cell in rows[-1]):
            rows.pop()
        yield Raw(sheet.title, sheet.sheet_state != "visible", max(map(len, rows), default=0), rows)
