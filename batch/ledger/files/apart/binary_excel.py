"""The parts of an xlsb → which of its cells are in error.

Source: [MS-XLSB] 2.1.4 (records), 2.4.320 (BrtCellError), 2.4.690 (BrtFmlaError), 2.4.312 (BrtBundleSh), 2.4.741 (BrtRowHdr).
"""

import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from posixpath import join, normpath

from batch.ledger.files.apart.old_excel import ERRORS

_ROW, _CELL_ERROR, _FORMULA_ERROR, _SHEET = 0, 3, 11, 156
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb'\b(Id|Target)\s*=\s*["\']([^"\']*)["\']')


def errors_in_xlsb(package: zipfile.ZipFile) -> Mapping[str, Mapping[tuple[int, int], str]]:
    """Return by sheet name the cells (0-based row, column) in error; nothing where the parts are not as the standard says."""
    found = {}
    try:
        targets = _targets(package.read("xl/_rels/workbook.bin.rels"))
        for kind, data in _records(package.read("xl/workbook.bin")):
            if kind == _SHEET:
                relation, at = _text(data, 8)
                name, _ = _text(data, at)
                found[name] = _sheet_errors(package.read(normpath(join("xl", targets[relation]))))
    except (KeyError, struct.error, IndexError):
        return {}
    return found


def _targets(relations: bytes) -> Mapping[str, str]:
    pairs = [dict(_ATTRIBUTE.findall(tag)) for tag in _RELATION.findall(relations)]
    return {each[b"Id"].decode(): each[b"Target"].decode() for each in pairs if b"Id" in each and b"Target" in each}


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the records: the kind in one or two bytes of seven bits, the length in up to four."""
    at = 0
    while at < len(part):
        kind, at = _number(part, at, 2)
        length, at = _number(part, at, 4)
        yield kind, part[at : at + length]
        at += length


def _number(part: bytes, at: int, most: int) -> tuple[int, int]:
    number = 0
    for place in range(most):
        byte = part[at]
        at += 1
        number |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            break
    return number, at


def _text(data: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", data, at)
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le", errors="replace"), end


def _sheet_errors(part: bytes) -> Mapping[tuple[int, int], str]:
    found, row = {}, 0
    for kind, data in _records(part):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", data)
        elif kind in (_CELL_ERROR, _FORMULA_ERROR):
            (column,) = struct.unpack_from("<I", data)
            found[row, column] = ERRORS.get(data[8], "#N/A")
    return found
