"""A workbook file → its worksheets by name, each a stream of rows of typed values: what openpyxl reads, many times as fast.

Only what is asked for is unpacked. A value is what its cell shows: int and float, str, bool, a day or time where the cell's
number format shows one (datetime, time, timedelta), an error as its text; of a formula, what it came to last; None = empty.
"""

import datetime as dt
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel, from_ISO8601
from openpyxl.utils.escape import unescape

from batch.workbook.parts import listing
from batch.workbook.parts.cells import column_number
from batch.workbook.parts.package import Package
from batch.workbook.reading.raw import RawCell, raw_rows, raw_texts

Value = str | int | float | dt.date | dt.time | dt.timedelta | None
# What a file that is damaged within can raise while it is read.
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, etree.XMLSyntaxError, UnicodeDecodeError,
          LookupError, ValueError)  # fmt: skip

# What a cell shows whose count of days lies outside of the calendar.
_NO_DAY = "#VALUE!"
_column = lru_cache(maxsize=1024)(column_number)


class Book:
    """A workbook opened for reading: its worksheets in their order, and their rows."""

    def __init__(self, package: Package) -> None:
        """Read which sheets there are; none is unpacked yet."""
        self._package = package
        self._part = package.workbook()
        root = package.tree(self._part).getroot()
        relations = {relation.id: relation for relation in package.relationships(self._part)}
        listed = [(sheet.name, relations.get(sheet.relationship)) for sheet in listing.sheets(root)]
        # The part of each sheet; charts that fill a sheet are none.
        self.parts: Mapping[str, str] = {
            name: relation.target for name, relation in listed if relation and relation.kind == "worksheet"
        }
        self._epoch = MAC_EPOCH if listing.counts_from_1904(root) else WINDOWS_EPOCH

    def rows(self, name: str) -> Iterator[tuple[Value, ...]]:
        """Yield the values of a sheet's rows, the first row first, missing rows as empty ones."""
        next_row = 1
        with self._package.stream(self.parts[name]) as stream:
            for number, cells in raw_rows(stream, self._package, self.parts[name]):
                for _ in range(next_row, number):
                    yield ()
                next_row = number + 1
                yield self._values(cells)

    def _values(self, cells: Sequence[RawCell]) -> tuple[Value, ...]:
        values: list[Value] = []
        for letters, style, kind, shown, inline in cells:
            if letters and (column := _column(letters)) != len(values) + 1:
                values[column - 1 :] = [None] * (column - 1 - len(values))
            if kind == "inlineStr":
                values.append(_spelled(inline) or None)
            else:
                values.append(self._value(kind, style, shown) if shown else None)
        return tuple(values)

    def _value(self, kind: str, style: str, shown: str) -> Value:
        if kind in {"", "n"}:
            return _dated(shown, self._epoch, style in self._durations) if style in self._dates else _number(shown)
        if kind == "s":
            return self._texts[int(shown)]
        if kind == "b":
            return shown in {"1", "true"}
        if kind == "d":
            day: Value = from_ISO8601(shown)  # type: ignore[no-untyped-call]
            return day
        return _spelled(shown)

    @cached_property
    def _texts(self) -> list[str]:
        """Return the texts that the sheets share."""
        part = self._related("sharedStrings")
        if not part:
            return []
        with self._package.stream(part) as stream:
            return list(map(_spelled, raw_texts(stream, self._package, part)))

    @cached_property
    def _formats(self) -> dict[str, str]:
        """Return, by the number of the cell format, the number formats that show days or times."""
        part, codes, numbers = self._related("styles"), dict(BUILTIN_FORMATS), []
        if not part:
            return {}
        with self._package.stream(part) as stream:
            tags = ("{*}numFmt", "{*}cellXfs")
            for _, element in etree.iterparse(
                stream, tag=tags, no_network=True, load_dtd=False, resolve_entities=False
            ):
                if etree.QName(element).localname == "numFmt":
                    codes[int(element.get("numFmtId", "0"))] = element.get("formatCode", "")
                else:
                    numbers = [int(form.get("numFmtId", "0")) for form in element.iterchildren("{*}xf")]
        found = {str(at): codes.get(number, "") for at, number in enumerate(numbers)}
        return {style: code for style, code in found.items() if is_date_format(code)}

    @cached_property
    def _dates(self) -> frozenset[str]:
        return frozenset(self._formats)

    @cached_property
    def _durations(self) -> frozenset[str]:
        return frozenset(style for style, code in self._formats.items() if is_timedelta_format(code))

    def _related(self, kind: str) -> str:
        """Return the workbook's part of a kind, "" without one."""
        found = (relation.target for relation in self._package.relationships(self._part) if relation.kind == kind)
        return next((part for part in found if self._package.has(part)), "")


@contextmanager
def opened_book(path: Path) -> Iterator[Book]:
    """Open a workbook; GraftRefused by name for what is none or cannot be read part by part, one of DAMAGE while it is read."""
    package = Package(path)
    try:
        yield Book(package)
    finally:
        package.close()


def _spelled(text: str) -> str:
    """Return a text of whose letters some may be written by their code, _x0041_."""
    return unescape(text) if "_x" in text else text


def _number(shown: str) -> Value:
    try:
        return int(shown)
    except ValueError:
        return float(shown)


@lru_cache(maxsize=8192)
def _dated(shown: str, epoch: dt.datetime, duration: bool) -> Value:  # noqa: FBT001  a key of the cache
    try:
        day: Value = from_excel(_number(shown), epoch, timedelta=duration)
    except (OverflowError, ValueError):
        return _NO_DAY
    return day
