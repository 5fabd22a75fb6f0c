"""Columns of values → the rows of a sheet as XML text, and a finished workbook file with those rows in it.

openpyxl writes a cell in 10 microseconds, a Review sheet of 12,500 accounts in 4 seconds; rows written as text take a tenth. So
openpyxl makes the workbook, its styles, headings, drop-downs and print set-up, and long tables come in as text at the end.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from openpyxl.workbook import Workbook
from openpyxl.writer.excel import ExcelWriter

from batch.workbook.layout import LONGEST_TEXT, letter_of
from batch.workbook.sheets.links import with_links

# What XML 1.0 cannot hold, and Excel neither: control characters but tab and newline, lone surrogates, non-characters.
_FORBIDDEN = (*range(9), 11, 12, *range(13, 32), *range(127, 160), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
_CLEAN: dict[int, str | None] = dict.fromkeys(_FORBIDDEN)
_ESCAPE = _CLEAN | {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
# Excel reads _x0007_ in a text as the character 7; written with its underscore escaped it stays what it was.
_HEX = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SPECIAL = re.compile("[" + "".join(map(chr, _FORBIDDEN)) + "&<>]|_x")

_FIXED_TIME = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
# openpyxl cannot say that a label's own number format counts, not that of its cell.
_LABEL_FORM = re.compile(rb'(<(?:c:)?numFmt formatCode="[^"]*")\s*/>')
_DIMENSION = re.compile(rb'(<dimension ref="A1:[A-Z]+)\d+"\s*/>')
_END_OF_ROWS = b"</sheetData>"
_FIRST_YEAR_OF_ZIP = 1980


def clean(text: str) -> str:
    """Return the text as it is read back: without what a workbook cannot hold; newlines and tabs stay."""
    return text.translate(_CLEAN)[:LONGEST_TEXT]


def _escaped(text: str) -> str:
    written = text[:LONGEST_TEXT]
    if _SPECIAL.search(written) is None:  # most texts; translating them one by one costs twenty times as much
        return written
    return _HEX.sub("_x005F_", written.translate(_ESCAPE))


@dataclass(frozen=True)
class Strip:
    """One column of a long table: texts ("" = an empty cell), numbers (None = an empty cell) or both, and their styles."""

    values: Sequence[str] | Sequence[float | None] | Sequence[str | float | None]
    styles: int | Sequence[int]


class Body(NamedTuple):
    """What comes into a sheet as text: its rows, and its links as `links.links` writes them ("" = none)."""

    rows: str
    links: str = ""


def rows_of(first_row: int, strips: Sequence[Strip], heights: Sequence[float]) -> str:
    """Return the rows of a table, from `first_row` on, as the XML text of a sheet's rows; `heights` in points."""
    numbers = [str(row) for row in range(first_row, first_row + len(heights))]
    cells = [_cells(letter_of(place), strip, numbers) for place, strip in enumerate(strips, start=1)]
    opened = [f'<row r="{row}" ht="{height:g}" customHeight="1">' for row, height in zip(numbers, heights, strict=True)]
    return "".join(["".join(row) + "</row>" for row in zip(opened, *cells, strict=True)])


def _cells(letter: str, strip: Strip, rows: Iterable[str]) -> list[str]:
    styles = [strip.styles] * len(strip.values) if isinstance(strip.styles, int) else strip.styles
    content = {value: _content(value) for value in set(strip.values)}
    return [
        f'<c r="{letter}{row}" s="{style}"{content[value]}'
        for row, value, style in zip(rows, strip.values, styles, strict=True)
    ]


def _content(value: str | float | None) -> str:
    if value is None or value == "":
        return "/>"
    if isinstance(value, str):
        return f' t="inlineStr"><is><t xml:space="preserve">{_escaped(value)}</t></is></c>'
    return f"><v>{value!r}</v></c>"


def finish(workbook: Workbook, bodies: Mapping[str, Body], target: Path, on: dt.date) -> None:
    """Write the workbook to `target`, with `bodies` (by sheet name) under what each sheet holds already.

    The same workbook gives the same bytes: the file's own times are set to `on`.
    """
    parts = {f"xl/worksheets/sheet{n}.xml": bodies.get(name) for n, name in enumerate(workbook.sheetnames, start=1)}
    whole = io.BytesIO()
    # This file is only on its way into another: to compress it would be time lost.
    ExcelWriter(workbook, zipfile.ZipFile(whole, "w")).save()
    stamp = (max(on.year, _FIRST_YEAR_OF_ZIP), on.month, on.day, 0, 0, 0)
    with zipfile.ZipFile(whole) as made, zipfile.ZipFile(target, "w") as out:
        for name in made.namelist():
            content = _settled(name, made.read(name), on)
            if body := parts.get(name):
                content = _with_rows(content, body.rows)
                content = with_links(content, body.links) if body.links else content
            part = zipfile.ZipInfo(name, stamp)
            part.external_attr = 0o600 << 16
            # What is not a sheet goes on as it is, byte for byte.
            packed = zipfile.ZIP_STORED if name in parts else zipfile.ZIP_DEFLATED
            out.writestr(part, content, packed, compresslevel=1)


def _settled(name: str, content: bytes, on: dt.date) -> bytes:
    if name.startswith("xl/charts/"):
        return _LABEL_FORM.sub(rb'\g<1> sourceLinked="0"/>', content)
    if name != "docProps/core.xml":
        return content
    return _FIXED_TIME.sub(rb"\g<1>" + f"{on.isoformat()}T00:00:00Z".encode(), content)


def _with_rows(content: bytes, body: str) -> bytes:
    last = body[body.rindex("<row r=") :].split('"', 2)[1]
    # openpyxl counted the headings only. A wrong size hides rows from some readers, none makes others read all to find it.
    sized = _DIMENSION.sub(rb"\g<1>" + last.encode() + b'"/>', content, count=1)
    return sized.replace(_END_OF_ROWS, body.encode() + _END_OF_ROWS, 1)
