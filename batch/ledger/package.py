"""The zip of an xlsx → nothing, or RelanceError: what would swell in memory or is another format is refused before reading."""

import re
import zipfile
import zlib
from pathlib import Path
from typing import IO

from batch.core.problem import RelanceError, Source

# Far above any ledger (1,000,000 rows of 20 columns unpack to about 1 GB), far below what stops a machine.
MAX_UNPACKED = 2_000_000_000  # bytes in all parts together
MAX_PARTS = 20_000
MAX_CELLS = 30_000_000  # rows x columns of one sheet: a reader keeps the whole rectangle

_CHUNK = 1 << 20
_OVERLAP = 64
_LETTERS = re.compile(rb'<c r="([A-Z]{2,3})\d')
_LETTERS_ANY = re.compile(rb'\sr\s*=\s*["\']([A-Z]{1,3})\d')
_ROW = re.compile(rb'\br\s*=\s*["\']([A-Z]{0,3})(\d{1,7})["\']')
_OTHER_KINDS = {
    "xl/workbook.bin": "xlsb",
    "content.xml": "ods",
    "word/document.xml": "docx",
    "ppt/presentation.xml": "pptx",
    "Index/Document.iwa": "numbers",
}


def check_package(path: Path, source: Source) -> None:
    """Refuse a zip that is no workbook, is damaged, or unpacks to more than the limits above."""
    try:
        with zipfile.ZipFile(path) as package:
            _check_parts(package, source)
            for name in package.namelist():
                if name.lower().startswith("xl/worksheets/") and name.lower().endswith(".xml"):
                    with package.open(name) as part:
                        _check_extent(part, source)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise RelanceError("WORKBOOK-DAMAGED", source, why=str(error)[:200]) from error
    except RuntimeError as error:  # zipfile's word for an encrypted member
        raise RelanceError("ENCRYPTED", source) from error


def _check_parts(package: zipfile.ZipFile, source: Source) -> None:
    parts = package.infolist()
    names = {part.filename.replace("\\", "/") for part in parts}
    for name, kind in _OTHER_KINDS.items():
        if name in names:
            raise RelanceError("FORMAT-LATER", source, kind=kind)
    if not any(name.lower().startswith("xl/") for name in names):
        raise RelanceError("NOT-A-WORKBOOK", source, kind="zip")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or len(parts) > MAX_PARTS:
        raise RelanceError("TOO-LARGE", source, size=unpacked // 1_000_000, limit=MAX_UNPACKED // 1_000_000, unit="MB")


def _check_extent(part: IO[bytes], source: Source) -> None:
    """Refuse a sheet whose farthest row times farthest column is beyond MAX_CELLS (one cell in XFD1048576 is enough)."""
    letters: set[bytes] = set()
    farthest_row, before, unpacked = 0, b"", 0
    while chunk := part.read(_CHUNK):
        unpacked += len(chunk)
        if unpacked > MAX_UNPACKED:
            raise RelanceError(
                "TOO-LARGE", source, size=unpacked // 1_000_000, limit=MAX_UNPACKED // 1_000_000, unit="MB"
            )
        text = before + chunk
        usual = b'<c r="' in text
        letters.update((_LETTERS if usual else _LETTERS_ANY).findall(text))
        farthest_row = max(farthest_row, _last_row(text, everywhere=not usual))
        before = chunk[-_OVERLAP:]
    width = max((_column_number(found) for found in letters), default=26)
    if farthest_row * width > MAX_CELLS:
        raise RelanceError(
            "TOO-LARGE", source, size=farthest_row * width // 1_000_000, limit=MAX_CELLS // 1_000_000, unit="M"
        )


def _last_row(text: bytes, *, everywhere: bool) -> int:
    """Return the largest row number in the stretch's last references: rows stand in order in every usual sheet."""
    found = _ROW.findall(text if everywhere else text[-20_000:])
    return max((int(row) for _, row in found), default=0)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
