"""The bytes of a csv → rows of texts: encoding, separator and line ends found from the content."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from typing import cast

from batch.core.problem import RelanceError, Source
from batch.ledger.bookkeeping import fec
from batch.ledger.files.book import Cell, most_cells
from batch.ledger.files.encodings import encoding_of
from batch.words import Said

SEPARATORS = ";,\t|"

_LOOKED_AT = 60  # rows from which the separator is judged
_HEAD = 200_000  # bytes in which they stand
_MEGA = 1_000_000
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
# What no workbook can hold, and no terminal should be given: dropped, so that the copy that is annotated reads the same.
_CONTROLS = bytes({*range(1, 32)} - {9, 10, 13})
_ANNOUNCED = ("sep=", '"sep=')  # Excel's own first line


def read_text(content: bytes, source: Source) -> list[list[Cell]]:
    """Return the file's records, padded to one width.

    RelanceError NOT-A-WORKBOOK (no text), TEXT-DAMAGED (broken quotes), TOO-LARGE (one record far wider than the others).
    """
    encoding = encoding_of(content, source)
    if b"\r\r\n" in content[:_HEAD]:  # one line end, written twice in part
        content = content.replace(b"\r\r\n", b"\r\n")
    if not encoding.startswith(("utf-16", "utf-32")):  # there a letter may hold such a byte
        content = content.translate(None, _CONTROLS)
    head = content[:_HEAD].decode(encoding, errors="replace")
    bare = fec.separator(head)
    separator = _announced(head) or bare or find_separator(head)
    # The wrapper decodes piece by piece: the whole text is never in memory beside its cells.
    with io.TextIOWrapper(io.BytesIO(content), encoding, errors="replace", newline="") as text:
        reader = csv.reader(text, delimiter=separator, quoting=csv.QUOTE_NONE if bare else csv.QUOTE_MINIMAL)
        rows: list[list[str]] = []
        try:
            rows.extend(reader)  # what came before the damage stays: it tells the row
        except csv.Error as error:
            raise RelanceError("TEXT-DAMAGED", Source(source.file, row=len(rows) + 1)) from error
    width = max(map(len, rows), default=0)
    if width * len(rows) > max(most_cells(len(content)), 2 * len(content)):
        raise RelanceError(
            "TOO-LARGE",
            source,
            size=width * len(rows) // _MEGA,
            limit=2 * len(content) // _MEGA,
            unit=Said("sizes", "cells", {}),
        )
    if reader.line_num != len(rows):
        _refuse_swallowed_lines(rows, separator, source)
    for row in rows:
        if len(row) != width:
            row.extend([""] * (width - len(row)))
    return cast("list[list[Cell]]", rows)


def _announced(head: str) -> str:
    """Return the separator that the first line announces (sep=;), "" when it does not."""
    start = next((start for start in _ANNOUNCED if head[:6].lower().removeprefix("\ufeff").startswith(start)), "")
    at = len(start) + head.startswith("\ufeff")
    return head[at : at + 1] if start and head[at : at + 1] in (*SEPARATORS, ":", " ", "^", "~") else ""


def _refuse_swallowed_lines(rows: Iterable[list[str]], separator: str, source: Source) -> None:
    """Refuse a quoted cell that holds whole lines of the table: a quotation mark was left open, and records would be lost in it."""
    usual = Counter(map(len, rows)).most_common(1)[0][0]
    for number, row in enumerate(rows, start=1):
        for cell in row:
            if "\n" in cell or "\r" in cell:
                widest = max(line.count(separator) for line in cell.splitlines())
                if usual > 1 and widest >= usual - 1 and widest > 1:
                    where = Source(source.file, row=number, excerpt=cell[:60])
                    raise RelanceError("TEXT-DAMAGED", where)


def find_separator(text: str) -> str:
    """Return the separator that cuts most of the first rows into the same number (two or more) of cells; decimal commas are none."""
    lines = text[:_HEAD].splitlines(keepends=True)[:_LOOKED_AT]
    bare = [_DECIMAL_COMMA.sub("", line) if any(each in line for each in ";\t|") else line for line in lines]
    return max(SEPARATORS, key=lambda separator: _evenness(bare if separator == "," else lines, separator))


def _evenness(lines: list[str], separator: str) -> tuple[int, int]:
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=separator) if len(row) > 1)
    except csv.Error:
        return (0, 0)
    width, times = max(widths.items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
    return (times, width)
