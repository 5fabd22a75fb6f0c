"""A small ledger file and a source of chance → the file damaged or its cells mixed up, as accidents and bad programs do it."""

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence

from tests.ledger.old_files import Value

Chance = random.Random
Cells = list[list[Value]]

_GARBAGE = (
    "", "#REF!", "#N/A", "1O0,00", "99999999999999999999", "1e308", "-1e-320", "nan", "inf", "31/02/2026", "00/00/0000", "12/25/2026", "0", "-",
    "Total", "sous-total", "1.234", "1,234", "(12,00)", "12,00-", "=1+1", "'", "\ufeff", "\u202e123", "\x0b", "é" * 300, "<br>", "&#0;", "411000",
    "Facture", "Code client", "1;2;3", "9999-12-31", "45000", "1404/08/12", "EUR", "€", "$12", "１２３", "٣٤", "½", "5 %", "12 000 €", "D", "C",
)  # fmt: skip
_ATTRIBUTE = re.compile(rb'\b([\w:]+)="([^"]{0,60})"')
_VALUE = re.compile(rb">([^<>]{1,60})<")
_MEMBER_SIZE = 2_000_000


def flipped(content: bytes, chance: Chance) -> bytes:
    """Change one to forty bytes."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 3, 10, 40))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(content: bytes, chance: Chance) -> bytes:
    """Cut the end off, or a piece out."""
    at = chance.randrange(len(content))
    return content[:at] if chance.random() < 1 / 2 else content[:at] + content[at + chance.randrange(1, 400) :]


def inserted(content: bytes, chance: Chance) -> bytes:
    """Put foreign bytes, or a piece of the file itself, somewhere."""
    at, start = chance.randrange(len(content)), chance.randrange(len(content))
    own = content[start : start + chance.randrange(1, 600)]
    return content[:at] + chance.choice((own, chance.randbytes(chance.randrange(1, 60)))) + content[at:]


def in_member(content: bytes, chance: Chance) -> bytes:
    """Damage one part of a zip and pack it again, its checksum right; or double it, empty it, leave it out, rename it."""
    parts = _parts(content)
    place = chance.randrange(len(parts))
    name, part = parts[place]
    ways: tuple[Callable[[], list[tuple[str, bytes]]], ...] = (
        lambda: [(name, flipped(part, chance) if part else b"\0")],
        lambda: [(name, cut(part, chance) if part else b"<")],
        lambda: [(name, inserted(part, chance) if part else b"<x/>")],
        lambda: [(name, part), (name, part)],
        lambda: [(name, b"")],
        list,
        lambda: [(name.upper(), part)],
        lambda: [(name, parts[chance.randrange(len(parts))][1])],
    )
    return _packed([*parts[:place], *chance.choice(ways)(), *parts[place + 1 :]])


def attributes_changed(content: bytes, chance: Chance) -> bytes:
    """Change attributes of a part of XML: references, types, counts, styles."""
    values = (
        b"0",
        b"-1",
        b"1048576",
        b"XFD1048576",
        b"A1",
        b"B2",
        b"e",
        b"s",
        b"str",
        b"b",
        b"d",
        b"inlineStr",
        b"99999999999",
        b"",
        b"1",
        b"2",
        b"true",
    )
    return _xml_changed(
        content, chance, _ATTRIBUTE, lambda found: found[1] + b'="' + chance.choice((*values, *found[2:])) + b'"'
    )


def values_changed(content: bytes, chance: Chance) -> bytes:
    """Change texts and numbers between the tags of a part."""
    words = [text.encode(errors="replace").replace(b"<", b"&lt;").replace(b"&#", b"&amp;#") for text in _GARBAGE]
    return _xml_changed(content, chance, _VALUE, lambda _: b">" + chance.choice(words) + b"<")


def _xml_changed(
    content: bytes, chance: Chance, pattern: re.Pattern[bytes], new: Callable[[Sequence[bytes]], bytes]
) -> bytes:
    parts = _parts(content)
    marked = [
        place for place, (name, part) in enumerate(parts) if name.endswith((".xml", ".rels")) and pattern.search(part)
    ]
    if not marked:
        return flipped(content, chance)
    place = chance.choice(marked)
    name, part = parts[place]
    found = list(pattern.finditer(part))
    for match in sorted(
        chance.sample(found, min(len(found), chance.choice((1, 1, 2, 5)))), key=lambda each: -each.start()
    ):
        part = part[: match.start()] + new([match[0], *match.groups()]) + part[match.end() :]
    parts[place] = (name, part)
    return _packed(parts)


def _parts(content: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return [(part.filename, package.read(part)) for part in package.infolist()]


def _packed(parts: Sequence[tuple[str, bytes]]) -> bytes:
    """Write a zip member by member: the library warns of doubled names, which are wanted here."""
    body, directory = io.BytesIO(), b""
    for name, part in parts:
        raw, squeezed = name.encode(), zlib.compress(part[:_MEMBER_SIZE], 6)[2:-4]
        head = b"".join(
            number.to_bytes(size, "little")
            for number, size in ((20, 2), (0x800, 2), (8, 2), (0, 2), (0x21, 2), (zlib.crc32(part), 4), (len(squeezed), 4), (len(part), 4), (len(raw), 2), (0, 2))
        )  # fmt: skip
        directory += b"PK\x01\x02\x14\0" + head + bytes(10) + body.tell().to_bytes(4, "little") + raw
        body.write(b"PK\x03\x04" + head + raw + squeezed)
    count = len(parts).to_bytes(2, "little") * 2
    at = body.tell()
    return (
        body.getvalue()
        + directory
        + b"PK\x05\x06"
        + bytes(4)
        + count
        + len(directory).to_bytes(4, "little")
        + at.to_bytes(4, "little")
        + bytes(2)
    )


def shuffled(rows: Cells, chance: Chance) -> Cells:
    """Exchange cells anywhere."""
    rows = [list(row) for row in rows]
    for _ in range(chance.choice((1, 2, 5, 20))):
        (one, at), (other, to) = _place(rows, chance), _place(rows, chance)
        rows[one][at], rows[other][to] = rows[other][to], rows[one][at]
    return rows


def copied(rows: Cells, chance: Chance) -> Cells:
    """Write cells over others."""
    rows = [list(row) for row in rows]
    for _ in range(chance.choice((1, 2, 5))):
        (one, at), (other, to) = _place(rows, chance), _place(rows, chance)
        rows[one][at] = rows[other][to]
    return rows


def spoiled(rows: Cells, chance: Chance) -> Cells:
    """Write garbage over cells, or into all of a column."""
    rows = [list(row) for row in rows]
    for _ in range(chance.choice((1, 2, 5, 15))):
        row, at = _place(rows, chance)
        rows[row][at] = chance.choice(_GARBAGE)
    if chance.random() < 1 / 10:
        at = chance.randrange(min(map(len, rows)))
        for row_ in rows[1:]:
            row_[at] = chance.choice(_GARBAGE)
    return rows


def rows_moved(rows: Cells, chance: Chance) -> Cells:
    """Leave rows out, double them, or put them elsewhere: the headings too."""
    rows = [list(row) for row in rows]
    for _ in range(chance.choice((1, 2, 4))):
        row = rows.pop(chance.randrange(len(rows)))
        for _ in range(chance.choice((0, 1, 2))):
            rows.insert(chance.randrange(len(rows) + 1), list(row))
        if len(rows) < 2:
            break
    return rows or [[""]]


def columns_moved(rows: Cells, chance: Chance) -> Cells:
    """Exchange, double, drop or shift a column, with or without its heading."""
    width = min(map(len, rows))
    one, other = chance.randrange(width), chance.randrange(width)
    start = chance.choice((0, 0, 1, len(rows) // 2))
    way = chance.randrange(4)
    moved = [list(row) for row in rows]
    for row in moved[start:]:
        if way == 0:
            row[one], row[other] = row[other], row[one]
        elif way == 1:
            row.insert(other, row[one])
        elif way == 2:
            row[one] = ""
        else:
            row.insert(one, "")
    return moved


def _place(rows: Cells, chance: Chance) -> tuple[int, int]:
    row = chance.choice([number for number, cells in enumerate(rows) if cells])
    return row, chance.randrange(len(rows[row]))


OF_BYTES: Mapping[str, Callable[[bytes, Chance], bytes]] = {
    "bytes flipped": flipped, "bytes cut": cut, "bytes inserted": inserted,
}  # fmt: skip
OF_PACKAGES = {"member damaged": in_member, "attributes changed": attributes_changed, "values changed": values_changed}
OF_CELLS: Mapping[str, Callable[[Cells, Chance], Cells]] = {
    "cells exchanged": shuffled, "cells copied": copied, "cells spoiled": spoiled, "rows moved": rows_moved, "columns moved": columns_moved,
}  # fmt: skip
