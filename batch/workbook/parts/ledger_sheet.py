"""The ledger sheet → the same with our columns: where they go, what widens over them, and the rows as they are written."""

import datetime as dt
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from batch.workbook.parts import tables
from batch.workbook.parts.archive import in_pieces
from batch.workbook.parts.blocks import Zone, blocks
from batch.workbook.parts.cells import LAST_COLUMN, Styles, encoded, letters, writers
from batch.workbook.parts.package import Package
from batch.workbook.parts.rows import Extent, Filler, measured
from batch.workbook.parts.widen import TailWidener, widened_head

# Stands for the row's number until it is known; no XML can hold it.
_NUMBER = "\0"

Value = str | int | float | dt.date | None


@dataclass(frozen=True)
class Annotation:
    """Our columns for the ledger sheet.

    Each has a heading, a width (in characters) and a kind ("text", "number", "date"); `rows` holds their values by the row's
    1-based number on the sheet, None where there is nothing to show.
    """

    headings: tuple[str, ...]
    widths: tuple[float, ...]
    kinds: tuple[str, ...]
    rows: Mapping[int, tuple[Value, ...]]


@dataclass(frozen=True)
class Columns:
    """Where our columns go on the ledger sheet (its part, its header row, the first column) and what widens over them."""

    part: str
    header_row: int
    annotation: Annotation
    first: int
    extent: Extent
    widening: tables.Widening

    @property
    def last(self) -> int:
        """Return the last of our columns."""
        return self.first + len(self.annotation.headings) - 1


def placed(host: Package, part: str, header_row: int, last_row: int, annotation: Annotation) -> Columns:
    """Decide where our columns go: right of every used cell, table and filter."""
    extent = None
    for counting in (False, True):
        if extent is None:
            with host.stream(part) as stream:
                extent = measured(blocks(stream, host, part), host, part, counting=counting)
    if extent is None:
        raise host.refused("GRAFT-DAMAGED", part=part)
    first = max(extent.last_column, tables.reach(host, part)) + 1
    if first + len(annotation.headings) - 1 > LAST_COLUMN:
        raise host.refused("GRAFT-NO-ROOM", part=part, column=letters(first - 1))
    own = extent.filter
    if own is not None and (own.top > last_row or own.bottom < header_row):
        extent = Extent(extent.last_column, None)
    widening = tables.widened(host, part, header_row, first, annotation.headings)
    return Columns(part, header_row, annotation, first, extent, widening)


def write_ledger(host: Package, columns: Columns, own: Styles, archive: zipfile.ZipFile, *, date1904: bool) -> None:
    """Write the ledger sheet with our columns."""
    part = columns.part
    rows = {**columns.annotation.rows, columns.header_row: columns.widening.headings}
    tail = TailWidener(columns.extent.filter, columns.last)
    filler = None
    with host.stream(part) as reader, in_pieces(archive, host.member(part).filename) as write:
        for block in blocks(reader, host, part):
            if block.zone is Zone.HEAD:
                cells = _row_writer(columns, own, block.prefix, date1904=date1904)
                filler = Filler(block.prefix, rows, cells)
                write(widened_head(block, columns.first, columns.annotation.widths, min(rows), max(rows)))
            elif filler and block.zone is Zone.DATA:
                write(b"".join(filler.filled(block, host, part)))
            else:
                if filler:
                    write(filler.rest())
                    filler = None
                write(tail.widened(block))


def _row_writer(
    columns: Columns, own: Styles, prefix: str, *, date1904: bool
) -> Callable[[int, Sequence[object]], bytes]:
    """Return the function that writes our cells of one row as XML."""
    by_kind = writers(own, date1904=date1904, prefix=prefix)
    heading = writers(own._replace(text=own.heading, quoted=own.heading), prefix=prefix)["text"]
    ours = [
        (f'<{prefix}c r="{letters(columns.first + index)}', by_kind[kind])
        for index, kind in enumerate(columns.annotation.kinds)
    ]
    (first, write_key), *others = ours
    opening = first.encode()

    def cut(ways: Iterable[tuple[str, Callable[[object], str]]], values: Sequence[object]) -> list[bytes]:
        written = [
            f'{opening}{_NUMBER}"{write(value)}'
            for (opening, write), value in zip(ways, values, strict=True)
            if value is not None and value == value  # noqa: PLR0124  NaN and NaT differ from themselves
        ]
        return encoded("".join(written)).split(_NUMBER.encode())

    # Every row has a key of its own; what comes after it is the same in most rows of a ledger, where all is paid.
    @lru_cache(maxsize=8192)
    def after_key(values: tuple[object, ...]) -> list[bytes]:
        return cut(others, values)

    def cells(number: int, values: Sequence[object]) -> bytes:
        digits = b"%d" % number
        if number == columns.header_row:
            return digits.join(cut([(opening, heading) for opening, _ in ours], values))
        key, *rest = values
        shown = b'%b%d"%b' % (opening, number, encoded(write_key(key))) if key is not None else b""
        return shown + digits.join(after_key(tuple(rest)))

    return cells
