"""A file on disk → a Book: its sheets as raw typed cells, each row at its own number.

The content decides what a file is, not its name. An ordinary xlsx or xlsm and every text are read here; what is old, odd or has failed
once is read in a process of its own (`apart`), where it can neither stop nor swell ours.
"""

import hashlib
import io
from pathlib import Path

from batch.core.problem import Problem, RelanceError, Severity, Source
from batch.ledger.files.apart import Limits, read_apart
from batch.ledger.files.book import CSV, GRAFTED, HTML, XLSX, XML, Book, Cell, Sheet, most_cells
from batch.ledger.files.kinds import kind_of
from batch.ledger.files.package import Package, check_package
from batch.ledger.files.sheet_scan import SheetScan
from batch.ledger.files.textfile import read_text
from batch.words import Said

__all__ = ["MAX_FILE", "Book", "Cell", "Sheet", "open_book"]

MAX_FILE = 2_000_000_000  # bytes

_FIRST, _SECOND = "first", "second"
_BLANK = b"\x00 \r\n\t\xef\xbb\xbf\xff\xfe"
_MEGA = 1_000_000


def open_book(path: Path, sheet: str = "") -> Book:
    """Read any workbook or text; RelanceError when it is missing, empty, locked, damaged, too large or of a kind no one reads.

    Where a workbook has the `sheet` that is named, it alone may be read: ours is one of several in an annotated one, and not the largest.
    """
    source = Source(file=path.name)
    content = _content(path, source)
    digest = hashlib.sha256(content).hexdigest()
    kind = kind_of(content, source)
    if kind == CSV:
        return Book(path.name, digest, CSV, (Sheet("", read_text(content, source)),))
    if kind == XLSX:
        package = check_package(content, source)
        if package.kind in GRAFTED:
            sheets, problems = _workbook(path, content, package, source, sheet)
            return Book(path.name, digest, package.kind, sheets, problems, path)
        return Book(path.name, digest, package.kind, _apart(path, _FIRST, len(content), package.unpacked, source))
    reader = kind if kind in (HTML, XML) else _FIRST
    return Book(path.name, digest, kind, _apart(path, reader, len(content), len(content), source))


def _content(path: Path, source: Source) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise RelanceError("FILE-UNREADABLE", source, path=str(path), why=Said("unreadable", "folder", {}))
        if path.stat().st_size > MAX_FILE:
            raise RelanceError(
                "TOO-LARGE",
                source,
                size=path.stat().st_size // _MEGA,
                limit=MAX_FILE // _MEGA,
                unit=Said("sizes", "megabytes", {}),
            )
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise RelanceError("FILE-MISSING", source, path=str(path)) from error
    except OSError as error:
        raise RelanceError("FILE-UNREADABLE", source, path=str(path), why=error.strerror or str(error)) from error
    if not content[:_MEGA].strip(_BLANK) and not content.strip(_BLANK):
        raise RelanceError("EMPTY-FILE", source)
    return content


def _workbook(
    path: Path, content: bytes, package: Package, source: Source, wanted: str
) -> tuple[tuple[Sheet, ...], tuple[Problem, ...]]:
    """Read an xlsx or xlsm: here when it is ordinary, else apart; by the second reader when the first cannot."""
    problems: tuple[Problem, ...] = ()
    try:
        sheets = (
            _apart(path, _FIRST, len(content), package.unpacked, source)
            if package.suspect
            else _here(path, content, source, wanted)
        )
    except RelanceError as first:
        if first.code != "WORKBOOK-DAMAGED":
            raise
        try:
            sheets = _apart(path, _SECOND, len(content), package.unpacked, source)
        except RelanceError as second:
            raise (first if second.code == "WORKBOOK-DAMAGED" else second) from first
        if not sheets:  # it passes over sheets that it does not find
            raise
        problems = (Problem("SECOND-READER", Severity.WARNING, source, {"why": first.facts["why"]}),)
    return tuple(_marked(sheet, package.scans.get(sheet.name)) for sheet in sheets), problems


def _here(path: Path, content: bytes, source: Source, wanted: str) -> tuple[Sheet, ...]:
    """Read with calamine in this process."""
    from python_calamine import (  # noqa: PLC0415  only where a workbook is read
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    # By its name the reader says more of what is wrong; by its content it does not mind a wrong name.
    named = path.suffix.lower() in (".xlsx", ".xlsm")
    try:
        with CalamineWorkbook.from_object(path if named else io.BytesIO(content)) as workbook:
            tables = [about for about in workbook.sheets_metadata if about.typ == SheetTypeEnum.WorkSheet]
            return tuple(
                Sheet(
                    about.name,
                    workbook.get_sheet_by_name(about.name).to_python(skip_empty_area=False),
                    about.visible != SheetVisibleEnum.Visible,
                )
                for about in [one for one in tables if one.name == wanted] or tables
            )
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except PasswordError as error:
        raise RelanceError("ENCRYPTED", source) from error
    except BaseException as error:  # a panic of the reader (Rust) is no Exception
        raise RelanceError("WORKBOOK-DAMAGED", source, why=str(error)[:200]) from error


def _apart(path: Path, reader: str, packed: int, unpacked: int, source: Source) -> tuple[Sheet, ...]:
    # Pages and XML are read by Python itself, which takes several times as long.
    pace = 1 if reader == _FIRST else 4
    return read_apart(path, reader, Limits.of(packed, unpacked, most_cells(unpacked), pace), source)


def _marked(sheet: Sheet, scan: SheetScan | None) -> Sheet:
    """Put the errors' texts into their cells, which the reader left empty."""
    if scan is None:
        return sheet
    for (row, column), error in scan.errors.items():
        if row <= len(sheet.rows) and column < len(sheet.rows[row - 1]):
            sheet.rows[row - 1][column] = error
    return Sheet(sheet.name, sheet.rows, sheet.hidden, scan.uncalculated)
