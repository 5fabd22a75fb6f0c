"""The content of an ods → which of its cells are in error, and whether it is locked.

OpenDocument has no such kind of cell: programs mark one by `calcext:value-type="error"`; its text is what is shown (#N/A, Err:502).
"""

import zipfile
from collections.abc import Mapping
from xml.etree.ElementTree import iterparse

_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_MARK = b'calcext:value-type="error"'
_PIECE = 1 << 20


def errors_in_ods(package: zipfile.ZipFile) -> Mapping[str, Mapping[tuple[int, int], str]]:
    """Return by sheet name the cells (0-based row, column) in error."""
    return _walk(package) if _holds(package, _MARK) else {}


def is_locked(package: zipfile.ZipFile) -> bool:
    """Say whether a password is needed to open (OpenDocument 1.3 part 2, 3.4.1: the manifest then says how a part is encrypted)."""
    name = "META-INF/manifest.xml"
    return name in package.namelist() and _holds(package, b"encryption-data", name)


def _holds(package: zipfile.ZipFile, mark: bytes, name: str = "content.xml") -> bool:
    before = b""
    with package.open(name) as part:
        while piece := part.read(_PIECE):
            if mark in before + piece:
                return True
            before = piece[-len(mark) :]
    return False


def _walk(package: zipfile.ZipFile) -> Mapping[str, Mapping[tuple[int, int], str]]:
    """Go through the cells, counting those that are written once for many."""
    found: dict[str, dict[tuple[int, int], str]] = {}
    sheet, row, column = "", 0, 0
    with package.open("content.xml") as part:
        for event, element in iterparse(part, events=("start", "end")):  # noqa: S314  in the child, without document type
            tag = element.tag
            if event == "start":
                if tag == _TABLE + "table":
                    sheet, row = element.get(_TABLE + "name", ""), 0
                elif tag == _TABLE + "table-row":
                    column = 0
            elif tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
                times = int(element.get(_TABLE + "number-columns-repeated", "1"))
                if element.get(_CALC) == "error":
                    text = "".join(element.itertext()).strip() or "#N/A"
                    found.setdefault(sheet, {}).update({(row, column + i): text for i in range(min(times, 16_384))})
                column += times
            elif tag == _TABLE + "table-row":
                row += int(element.get(_TABLE + "number-rows-repeated", "1"))
                element.clear()
    return found
