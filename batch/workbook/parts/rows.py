"""A sheet's rows as blocks → where they end; and the same rows with our cells behind each row's own.

Cells find their row by the row's own number, never by counting lines: rows may lack a number, be empty, close themselves, or
be missing altogether, and cells may lack a reference.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from batch.workbook.parts.blocks import Block, Zone
from batch.workbook.parts.cells import LAST_COLUMN, LAST_ROW, Box, column_number
from batch.workbook.parts.package import Package

_ATTRIBUTES = rb"""((?:[^>"']++|"[^"]*+"|'[^']*+')*+)"""
_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d{1,7})["']""")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})\d""")
_SPANS = re.compile(rb"""\sspans\s*=\s*(?:"[^"]*"|'[^']*')""")
_ANY_ROW = re.compile(rb"<((?:[\w.-]+:)?)row(?=[\s/>])")


@dataclass(frozen=True)
class Extent:
    """How far a sheet reaches: its last used column (empty formatted and merged cells count) and its own filter, if any."""

    last_column: int
    filter: Box | None


def measured(blocks: Iterable[Block], package: Package, part: str, *, counting: bool = False) -> Extent | None:
    """Return the sheet's extent in one pass; None when cells lack references, then a pass with `counting` tells it.

    A cell without reference stands right of the one before it; counting every cell takes five times as long.
    """
    last, own_filter, views_begun = 0, None, False
    reach: Callable[[bytes], int | None] = _lettered("")
    for block in blocks:
        if block.zone is Zone.HEAD:
            reach = _counted(block.prefix) if counting else _lettered(block.prefix)
        elif block.zone is Zone.DATA:
            if _foreign_rows(block):
                raise package.refused("GRAFT-DAMAGED", part=part)
            column = reach(block.masked)
            if column is None:
                return None
            last = max(last, column)
        else:
            last = max(last, _merged(block))
            own_filter = own_filter or (None if views_begun else filter_of(block))
            views_begun = views_begun or views_begin(block) < len(block.masked)
    last = max(last, own_filter.right if own_filter else 0)
    if last > LAST_COLUMN:
        raise package.refused("GRAFT-DAMAGED", part=part)
    return Extent(last, own_filter)


def _foreign_rows(block: Block) -> bool:
    """Tell whether rows bear another prefix than the sheet: they would not be found, and be made a second time."""
    if not block.prefix and b":row" not in block.masked:
        return False
    return bool(set(_ANY_ROW.findall(block.masked)) - {block.prefix.encode()})


def _lettered(prefix: str) -> Callable[[bytes], int | None]:
    """Return the quick reader of a block's last column, which answers None when a cell has no reference."""
    known: set[bytes] = set()
    cells = _cells_outside(prefix, known)

    def reach(masked: bytes) -> int | None:
        nonlocal cells
        names = set(cells.findall(masked))
        if b"" in names:
            return None
        if not names <= known:
            # The columns of the first rows are those of all others: not to find them again takes half the time.
            known.update(names)
            cells = _cells_outside(prefix, known)
        return max((column_number(name.decode()) for name in known), default=0)

    return reach


def _cells_outside(prefix: str, known: Iterable[bytes]) -> re.Pattern[bytes]:
    """Return what finds the column of each cell (empty for one without reference), passing over cells in the known columns."""
    others = rb"""(?!\sr="(?:%b)\d)""" % b"|".join(known) if known else b""
    return re.compile(
        rb"<"
        + prefix.encode()
        + rb"c(?=[\s/>])"
        + others
        + rb"""(?:(?:\sr="|[^<>]*?\sr\s*=\s*["'])([A-Za-z]{1,3})\d)?"""
    )


def _counted(prefix: str) -> Callable[[bytes], int | None]:
    """Return the slow reader of a block's last column, which counts cells from the start of each row."""
    tags = re.compile(rb"<" + prefix.encode() + rb"(row|c)(?=[\s/>])" + _ATTRIBUTES + rb">")
    column = 0

    def reach(masked: bytes) -> int:
        nonlocal column
        last = 0
        for kind, attributes in tags.findall(masked):
            reference = _REFERENCE.search(attributes) if kind == b"c" else None
            column = 0 if kind == b"row" else column_number(reference[1].decode()) if reference else column + 1
            last = max(last, column)
        return last

    return reach


def _merged(block: Block) -> int:
    """Return the last column that a merged range of this block reaches."""
    pattern = rb"<" + block.prefix.encode() + rb"""mergeCell(?=\s)[^>]*?\sref\s*=\s*["']([^"']*)["']"""
    boxes = (Box.parse(reference.decode("ascii", "replace")) for reference in re.findall(pattern, block.masked))
    return max((box.right for box in boxes if box), default=0)


def filter_of(block: Block) -> Box | None:
    """Return the range of the sheet's own filter when this block of the tail holds it."""
    pattern = re.compile(rb"<" + block.prefix.encode() + rb"""autoFilter(?=\s)[^>]*?\sref\s*=\s*["']([^"']*)["']""")
    match = pattern.search(block.masked, 0, views_begin(block))
    return Box.parse(match[1].decode("ascii", "replace")) if match else None


def views_begin(block: Block) -> int:
    """Return where the saved views of single users begin in this block of the tail (their filters are not the sheet's), or its length."""
    found = block.masked.find(b"<" + block.prefix.encode() + b"customSheetViews")
    return len(block.masked) if found < 0 else found


class Filler:
    """Puts our cells into the rows of a sheet, block by block, and makes the rows that the sheet left out."""

    def __init__(
        self, prefix: str, rows: Mapping[int, Sequence[object]], cells: Callable[[int, Sequence[object]], bytes]
    ) -> None:
        """Take the rows that get cells, by number, and the function that writes one row's cells as XML."""
        self._rows = rows
        self._cells = cells
        self._pending = sorted(rows, reverse=True)
        self._number = 0
        self._waiting = b""
        self._prefix = prefix.encode()
        self._closing = f"</{prefix}row>".encode()
        p = re.escape(prefix).encode()
        self._tags = re.compile(rb"<" + p + rb"row(?=[\s/>])" + _ATTRIBUTES + rb">|</" + p + rb"row\s*>")

    def filled(self, block: Block, package: Package, part: str) -> list[bytes]:
        """Return the block's bytes with our cells in them, in pieces."""
        text, done = block.text, 0
        out: list[bytes] = []
        for match in self._tags.finditer(block.masked):
            attributes = match[1]
            if attributes is None:
                if self._waiting:
                    out += (text[done : match.start()], self._waiting)
                    done, self._waiting = match.start(), b""
                continue
            number = self._next_number(attributes)
            if number <= self._number or number > LAST_ROW:
                raise package.refused("GRAFT-DAMAGED", part=part)
            self._number = number
            if not self._pending or self._pending[-1] > number:
                continue
            out.append(text[done : match.start()])
            done = match.start()
            if self._pending[-1] < number:
                out.append(self._missing(number))
            if self._pending and self._pending[-1] == number:
                self._pending.pop()
                out.append(self._opened(text[done : match.end()], number))
                done = match.end()
        out.append(text[done:])
        return out

    def _next_number(self, attributes: bytes) -> int:
        """Return a row's number: its own, or the one after the row before it."""
        found = _NUMBER.search(attributes)
        return int(found[1]) if found else self._number + 1

    def _opened(self, tag: bytes, number: int) -> bytes:
        """Return a row's opening tag without its spans; the cells wait for its end, which a self-closed row has here."""
        if b"spans" in tag:
            tag = _SPANS.sub(b"", tag, count=1)
        cells = self._cells(number, self._rows[number])
        if not tag.endswith(b"/>"):
            self._waiting = cells
            return tag
        return tag[:-2] + b">" + cells + self._closing

    def _missing(self, before: int) -> bytes:
        """Return the rows that come before a row number and that the sheet does not have."""
        made = []
        while self._pending and self._pending[-1] < before:
            number = self._pending.pop()
            cells = self._cells(number, self._rows[number])
            made.append(b'<%brow r="%d">%b%b' % (self._prefix, number, cells, self._closing))
        return b"".join(made)

    def rest(self) -> bytes:
        """Return the rows that stand below the sheet's last one."""
        return self._missing(LAST_ROW + 1)
