"""One value → the inside of one `<c>` element, so that a text is always a text: never a formula, link or control character.

Who writes the cells encodes them: as ASCII with character references (`encoded`) where the sheet's own encoding may be any.
"""

import datetime as dt
import math
import re
from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import NamedTuple, Self

LAST_COLUMN = 16_384
LAST_ROW = 1_048_576
LONGEST_TEXT = 32_767

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel reads _x000D_ as a carriage return; a text that really holds these seven signs is written with its first one escaped.
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# Without anything that might not stand in XML, or in a cell, as it is. To match all is three times as fast as to search for that.
_PLAIN = re.compile("[^_&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]*+")
# Behind blanks too, and behind signs that are left out: whoever edits such a cell must not make a formula of it.
_STARTS_LIKE_FORMULA = re.compile("[\\s\x00-\x1f\ud800-\udfff\ufffe\uffff]*[=+@-]")
_DIGITS_OF_A_DOUBLE = 15
_EPOCHS = {False: dt.date(1899, 12, 30).toordinal(), True: dt.date(1904, 1, 1).toordinal()}
# Before this day the 1900 calendar counts a 29 February that never was.
_FIRST_DAYS = {False: dt.date(1900, 3, 1).toordinal(), True: dt.date(1904, 1, 1).toordinal()}
_BOX = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?")


@lru_cache(maxsize=1024)
def letters(column: int) -> str:
    """Return the spreadsheet letters of a 1-based column: 1 → A, 28 → AB."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_number(name: str) -> int:
    """Return the 1-based column of spreadsheet letters: A → 1, ab → 28."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number


class Box(NamedTuple):
    """A rectangle of cells, all bounds 1-based and inclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def parse(cls, reference: str) -> Self | None:
        """Read `B5`, `B5:H90` or `$B$5:$H$90`; None for anything else (whole rows, whole columns, several areas)."""
        match = _BOX.fullmatch(reference.strip())
        if match is None:
            return None
        left, top, right, bottom = match.groups()
        return cls(column_number(left), int(top), column_number(right or left), int(bottom or top))

    def __str__(self) -> str:
        """Return the reference as `ref` attributes write it: `B5:H90`."""
        first, last = f"{letters(self.left)}{self.top}", f"{letters(self.right)}{self.bottom}"
        return first if first == last else f"{first}:{last}"

    def widened(self, right: int) -> Self:
        """Return the rectangle reaching at least to the column `right`."""
        return self._replace(right=max(self.right, right))


class Styles(NamedTuple):
    """The cellXfs indexes our own cells use; `quoted` keeps a text that starts like a formula a text after editing too."""

    heading: int
    text: int
    quoted: int
    number: int
    date: int
    moment: int


def clean(text: str) -> str:
    """Return the text as XML: without illegal characters, cut at 32,767 UTF-16 units, escaped."""
    if len(text) <= LONGEST_TEXT // 2 and _PLAIN.fullmatch(text):
        return text
    text = _LOOKS_ESCAPED.sub("_x005F_", _ILLEGAL.sub("", text))
    if len(text) > LONGEST_TEXT // 2:
        text = text.encode("utf-16-le")[: 2 * LONGEST_TEXT].decode("utf-16-le", "ignore")
    return escape(text, quote=False).replace("\r", "&#13;")


def encoded(markup: str) -> bytes:
    """Return XML in ASCII with character references, which reads the same in every encoding a sheet may be written in."""
    return markup.encode("ascii", "xmlcharrefreplace")


def text_cell(text: str, style: int, quoted: int, prefix: str = "") -> str:
    """Return what follows `<c r="…"` for an inline string; `quoted` is the style of a text that starts like a formula."""
    if _STARTS_LIKE_FORMULA.match(text):
        style = quoted
    if not _PLAIN.fullmatch(text):
        text = _ILLEGAL.sub("", text)
    space = "" if text == text.strip() else ' xml:space="preserve"'
    p = prefix
    return f' s="{style}" t="inlineStr"><{p}is><{p}t{space}>{clean(text)}</{p}t></{p}is></{p}c>'


def number_cell(value: float, style: int, prefix: str = "") -> str:
    """Return what follows `<c r="…"` for a finite number."""
    return f' s="{style}"><{prefix}v>{value}</{prefix}v></{prefix}c>'


def serial(day: dt.date, *, date1904: bool = False) -> float | None:
    """Return the day number a workbook keeps for a date (with the time as a fraction); None where its calendar has no such day."""
    ordinal = day.toordinal()
    if ordinal < _FIRST_DAYS[date1904]:
        return None
    whole = ordinal - _EPOCHS[date1904]
    if not isinstance(day, dt.datetime) or day.time() == dt.time():
        return whole
    return whole + (day.hour * 3600 + day.minute * 60 + day.second) / 86_400


def date_cell(day: dt.date, styles: Styles, *, date1904: bool = False, prefix: str = "") -> str:
    """Return what follows `<c r="…"` for a date, or for a date with time; one the calendar lacks becomes a text."""
    number = serial(day, date1904=date1904)
    if number is None:
        return text_cell(day.isoformat(), styles.text, styles.quoted, prefix)
    return number_cell(number, styles.moment if isinstance(number, float) else styles.date, prefix)


def writers(styles: Styles, *, date1904: bool = False, prefix: str = "") -> dict[str, Callable[[object], str]]:
    """Return per kind of column ("text", "number", "date") what follows `<c r="…"` for a value; "" where there is nothing to show.

    A value that is not of its column's kind is written as text, so nothing typed by a stranger turns into something else.
    """

    @lru_cache(maxsize=8192)
    def text(value: object) -> str:
        return text_cell(str(value), styles.text, styles.quoted, prefix)

    @lru_cache(maxsize=8192, typed=True)
    def number(value: object) -> str:
        if isinstance(value, str | dt.date) or not _is_figure(value):
            return text(value)
        return number_cell(value, styles.number, prefix)  # type: ignore[arg-type]  # numpy's figures are no int

    @lru_cache(maxsize=8192)
    def date(value: object) -> str:
        return date_cell(value, styles, date1904=date1904, prefix=prefix) if isinstance(value, dt.date) else text(value)

    return {"text": text, "number": number, "date": date}


def _is_figure(value: object) -> bool:
    """Tell whether a number can be kept as one: finite, and not longer than the digits a cell keeps."""
    if isinstance(value, float):
        return math.isfinite(value)
    return len(str(value).lstrip("-")) <= _DIGITS_OF_A_DOUBLE
