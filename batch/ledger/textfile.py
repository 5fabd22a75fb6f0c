"""The bytes of a csv → rows of texts: encoding and separator found from the content."""

import codecs
import csv
import io
from collections import Counter

from batch.core.problem import RelanceError, Source

SEPARATORS = ";,\t|"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_LOOKED_AT = 60  # rows from which the separator is judged
_NUL_SHARE = 0.2  # of the first bytes, from which a text without mark is taken as UTF-16


def read_text(content: bytes, source: Source) -> list[list[str]]:
    """Return the file's records, padded to one width; RelanceError when it is no text or its quotes are broken."""
    text = _decode(content, source)
    announced = text[4:5] if text[:4].lower() == "sep=" else ""
    separator = announced or find_separator(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise RelanceError("TEXT-DAMAGED", source, why=str(error)) from error
    width = max(map(len, rows), default=0)
    return [row if len(row) == width else row + [""] * (width - len(row)) for row in rows]


def _decode(content: bytes, source: Source) -> str:
    """Byte-order mark, else UTF-8, else UTF-16 by its zero bytes, else the Windows code page of western Europe."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    head = content[:4000]
    zeros = head.count(0)
    if zeros > _NUL_SHARE * len(head):
        return content.decode(
            "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le", errors="replace"
        )
    if zeros:
        raise RelanceError("NOT-A-WORKBOOK", source, kind="binary")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def find_separator(text: str) -> str:
    """Return the separator that cuts most of the first rows into the same number (two or more) of cells."""
    lines = text[:200_000].splitlines(keepends=True)[:_LOOKED_AT]
    return max(SEPARATORS, key=lambda separator: _evenness(lines, separator))


def _evenness(lines: list[str], separator: str) -> tuple[int, int]:
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=separator) if len(row) > 1)
    except csv.Error:
        return (0, 0)
    width, times = max(widths.items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
    return (times, width)
