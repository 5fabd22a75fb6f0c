"""The bytes of an xls (BIFF 8 in an OLE file) → which of its cells are in error, and whether it is locked.

Sources: [MS-CFB] for the container, [MS-XLS] 2.4.24 (BoolErr), 2.4.127 (Formula), 2.4.28 (BoundSheet8), 2.4.117 (FilePass).
"""

import struct
from collections import defaultdict
from collections.abc import Iterator, Mapping

# [MS-XLS] 2.5.10 Bes
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip

_FREE = 0xFFFFFFFA  # sector numbers from here on are marks
_FORMULA, _BOOL_ERR, _BOUND_SHEET, _FILE_PASS, _EOF, _BOF = 0x0006, 0x0205, 0x0085, 0x002F, 0x000A, 0x0809
_DIRECTORY_ENTRY = 128
_HEAD = 512


def errors_in_xls(content: bytes) -> Mapping[str, Mapping[tuple[int, int], str]]:
    """Return by sheet name the cells (0-based row, column) in error; nothing where the file is not as the standard says."""
    try:
        stream = workbook_stream(content)
        names = {
            struct.unpack_from("<I", data)[0]: _name(data)
            for kind, data in _records(stream, 0)
            if kind == _BOUND_SHEET and len(data) > 8  # noqa: PLR2004  position, state, type, length
        }
        return {name: _sheet_errors(stream, start) for start, name in names.items()}
    except (struct.error, IndexError):
        return {}


def is_locked(content: bytes) -> bool:
    """Say whether a password is needed to open (a FilePass record, whatever its method)."""
    try:
        return any(kind == _FILE_PASS for kind, _ in _records(workbook_stream(content), 0))
    except (struct.error, IndexError):
        return False


def workbook_stream(content: bytes) -> bytes:
    """Return the stream called Workbook (or Book), b"" where there is none; every chain of sectors is followed once at most."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    if size not in (512, 4096):
        return b""
    table = _allocation(content, size)
    directory = _chain(content, table, struct.unpack_from("<I", content, 48)[0], size)
    for at in range(0, len(directory) - _DIRECTORY_ENTRY + 1, _DIRECTORY_ENTRY):
        length = min(struct.unpack_from("<H", directory, at + 64)[0], 64)
        name = directory[at : at + max(length - 2, 0)].decode("utf-16-le", errors="replace")
        if name in ("Workbook", "Book"):
            first, used = struct.unpack_from("<II", directory, at + 116)
            if used < struct.unpack_from("<I", content, 56)[0]:
                return _small(content, table, directory, first, size)[:used]
            return _chain(content, table, first, size)[:used]
    return b""


def _allocation(content: bytes, size: int) -> list[int]:
    """Return the sector that follows each sector."""
    places = list(struct.unpack_from("<109I", content, 76))
    following, seen = struct.unpack_from("<I", content, 68)[0], set()
    while following < _FREE and following not in seen:
        seen.add(following)
        more = struct.unpack_from(f"<{size // 4}I", content, (following + 1) * size)
        places += more[:-1]
        following = more[-1]
    found: list[int] = []
    for place in dict.fromkeys(places):
        if place < _FREE and (place + 2) * size <= len(content) + size:
            found += struct.unpack(f"<{size // 4}I", content[(place + 1) * size :][:size].ljust(size, b"\xff"))
    return found


def _chain(content: bytes, table: list[int], first: int, size: int) -> bytes:
    pieces, seen, at = [], set(), first
    while at < len(table) and at not in seen:
        seen.add(at)
        pieces.append(content[(at + 1) * size : (at + 2) * size])
        at = table[at]
    return b"".join(pieces)


def _small(content: bytes, table: list[int], directory: bytes, first: int, size: int) -> bytes:
    """Return a stream kept in the small sectors of the root's own stream."""
    root = _chain(content, table, struct.unpack_from("<I", directory, 116)[0], size)
    listed = _chain(content, table, struct.unpack_from("<I", content, 60)[0], size)
    small = list(struct.unpack(f"<{len(listed) // 4}I", listed[: len(listed) // 4 * 4]))
    unit = 1 << struct.unpack_from("<H", content, 32)[0]
    return _chain(b"\0" * unit + root, small, first, unit)


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records of one substream, to its end."""
    at, depth = start, 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        at += 4 + length


def _name(data: bytes) -> str:
    length, wide = data[6], data[7] & 1
    return data[8 : 8 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", errors="replace")


def _sheet_errors(stream: bytes, start: int) -> Mapping[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = defaultdict(str)
    for kind, data in _records(stream, start):
        if kind == _BOOL_ERR and len(data) >= 8 and data[7]:  # noqa: PLR2004  cell, value, flag
            code = data[6]
        elif kind == _FORMULA and len(data) >= 14 and data[12:14] == b"\xff\xff" and data[6] == 2:  # noqa: PLR2004  FormulaValue: an error
            code = data[8]
        else:
            continue
        row, column = struct.unpack_from("<HH", data)
        found[row, column] = ERRORS.get(code, "#N/A")
    return dict(found)
