"""A file on disk → a Book: its sheets as raw typed cells, each row at its own number.

xlsx and xlsm are read by calamine, csv by the standard library; every other kind is refused by name, with a remedy.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from batch.core.problem import RelanceError, Source
from batch.ledger.package import check_package
from batch.ledger.textfile import read_text

Cell = str | float | int | bool | dt.date | dt.datetime | dt.time | dt.timedelta

XLSX, CSV = "xlsx", "csv"

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
# The first bytes of what people give by mistake → its name in the message.
_STRANGERS = {
    b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"{\\rtf": "RTF", b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z", b"\x1f\x8b": "gzip", b"SQLite format 3": "SQLite", b"PAR1": "Parquet",
}  # fmt: skip
_LATER = {b"ID;": "SYLK", b"<html": "HTML", b"<!doctype html": "HTML", b"<table": "HTML", b"<?xml": "XML"}


@dataclass(frozen=True)
class Sheet:
    """One sheet: row n of the file is rows[n - 1]; an empty cell is ""."""

    name: str
    rows: list[list[Cell]]
    hidden: bool = False


@dataclass(frozen=True)
class Book:
    """A file that was read: its name, the digest of its bytes, its kind (xlsx or csv) and its sheets, in order."""

    file: str
    sha256: str
    kind: str
    sheets: tuple[Sheet, ...]


def open_book(path: Path) -> Book:
    """Read a workbook or a csv; RelanceError when it is missing, empty, encrypted, damaged or of another kind."""
    source = Source(file=path.name)
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise RelanceError("FILE-MISSING", source, path=str(path)) from error
    except OSError as error:
        raise RelanceError("FILE-UNREADABLE", source, path=str(path), why=error.strerror or str(error)) from error
    if not content.strip(b"\x00 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise RelanceError("EMPTY-FILE", source)
    digest = hashlib.sha256(content).hexdigest()
    if content.startswith(_ZIP):
        check_package(path, source)
        return Book(path.name, digest, XLSX, _workbook_sheets(path, source))
    _refuse_strangers(content, source)
    rows: list[list[Cell]] = [list(row) for row in read_text(content, source)]
    return Book(path.name, digest, CSV, (Sheet("", rows),))


def _refuse_strangers(content: bytes, source: Source) -> None:
    """Refuse what is neither a zip nor plain text: old and encrypted workbooks, pictures, pages."""
    if content.startswith(_OLE):
        if _ENCRYPTED_STREAM in content:
            raise RelanceError("ENCRYPTED", source)
        raise RelanceError("FORMAT-LATER", source, kind="xls")
    head = content[:64].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    for start, kind in _STRANGERS.items():
        if content.startswith(start):
            raise RelanceError("NOT-A-WORKBOOK", source, kind=kind)
    for start, kind in _LATER.items():
        if head.startswith(start.lower()):
            raise RelanceError("FORMAT-LATER", source, kind=kind)


def _workbook_sheets(path: Path, source: Source) -> tuple[Sheet, ...]:
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            return tuple(
                Sheet(
                    about.name,
                    workbook.get_sheet_by_name(about.name).to_python(skip_empty_area=False),
                    about.visible != SheetVisibleEnum.Visible,
                )
                for about in workbook.sheets_metadata
                if about.typ == SheetTypeEnum.WorkSheet
            )
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except PasswordError as error:
        raise RelanceError("ENCRYPTED", source) from error
    except BaseException as error:  # a panic of the reader (Rust) is no Exception
        raise RelanceError("WORKBOOK-DAMAGED", source, why=str(error)[:200]) from error
