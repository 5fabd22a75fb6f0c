"""A page of html, as programs write under the name of a workbook → its tables as sheets.

Each table is one sheet, a table within a table one of its own. Texts are as shown; where the program wrote the number itself
beside the text (x:num of Excel, sdval of LibreOffice), the number is taken.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from batch.ledger.files.apart.wire import Raw, Refused

if TYPE_CHECKING:
    from batch.ledger.files.book import Cell

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_AMOUNT = re.compile(r"[\s\d.,()'’€$£+-]+")
_DATED = re.compile(r"[DMYHSdmyhsJjAa]")  # letters of a date's or time's format
_LEADING_ZERO = re.compile(r"\D*0\d")
_BREAKS = frozenset({"br", "p", "div", "li"})
_SILENT = frozenset({"style", "script"})
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_MOST_SPANNED = 1000  # columns or rows; as many as the html standard allows a column to span


class _Table:
    """One table in work: its finished rows, the row and the cell that are open, and cells taken by rows above."""

    def __init__(self) -> None:
        self.rows: list[list[Cell]] = []
        self.row: list[Cell] | None = None
        self.text: list[str] | None = None
        self.number: float | None = None
        self.columns = 1
        self.taken: dict[int, int] = {}  # column → rows below that a spanning cell takes there

    def open_row(self) -> None:
        self.close_row()
        self.row = []
        self._skip()

    def open_cell(self, *, columns: int, rows: int, number: float | None) -> None:
        self.close_cell()
        if self.row is None:
            self.open_row()
        self.text, self.number, self.columns = [], number, columns
        if rows > 1 and self.row is not None:
            for place in range(len(self.row), len(self.row) + columns):
                self.taken[place] = rows

    def close_cell(self) -> None:
        if self.text is None or self.row is None:
            return
        text = _spaced("".join(self.text))
        self.row.append(self.number if self.number is not None and _is_amount(text) else text)
        self.row.extend([""] * (self.columns - 1))
        self.text = None
        self._skip()

    def close_row(self) -> None:
        self.close_cell()
        if self.row is not None:
            self.rows.append(self.row)
            self.taken = {place: left - 1 for place, left in self.taken.items() if left > 1}
        self.row = None

    def _skip(self) -> None:
        """Leave blank what a cell above spans."""
        while self.row is not None and len(self.row) in self.taken:
            self.row.append("")


class _Reader(HTMLParser):
    """Collects the tables of a page, in the order in which they begin."""

    def __init__(self, cells: int) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._open: list[_Table] = []
        self._silent = 0
        self._cells = cells

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            self.tables.append(_Table())
            self._open.append(self.tables[-1])
        elif self._open:
            self._in_table(self._open[-1], tag, dict(attrs))

    def _in_table(self, table: _Table, tag: str, said: dict[str, str | None]) -> None:
        if tag == "tr":
            table.open_row()
        elif tag in ("td", "th"):
            columns, rows = _span(said.get("colspan")), _span(said.get("rowspan"))
            table.open_cell(columns=columns, rows=rows, number=_number(said))
            self._cells -= columns
            if self._cells < 0:
                raise Refused("size", size=sum(len(row) for row in table.rows))
        elif tag in _BREAKS and table.text is not None:
            table.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "table" and self._open:
            self._open.pop().close_row()
        elif tag == "tr" and self._open:
            self._open[-1].close_row()
        elif tag in ("td", "th") and self._open:
            self._open[-1].close_cell()

    def handle_data(self, data: str) -> None:
        if self._open and not self._silent and self._open[-1].text is not None:
            self._open[-1].text.append(_BLANKS.sub(" ", data))

    def finished(self) -> list[_Table]:
        """Return the tables that hold anything."""
        self.close()
        while self._open:
            self._open.pop().close_row()
        return [table for table in self.tables if any(cell != "" for row in table.rows for cell in row)]


def read_page(path: Path, cells: int) -> Iterator[Raw]:
    """Yield the tables; the only one has no name, several are named Table 1, Table 2 and so on."""
    reader = _Reader(cells)
    reader.feed(decoded(path.read_bytes()))
    tables = reader.finished()
    for number, table in enumerate(tables, start=1):
        width = max(map(len, table.rows), default=0)
        if width * len(table.rows) > cells:
            raise Refused("size", size=width * len(table.rows))
        yield Raw(name=f"Table {number}" if len(tables) > 1 else "", hidden=False, width=width, rows=table.rows)


def decoded(content: bytes) -> str:
    """Return the text in the encoding that the page names, else UTF-8 where that is possible, else Windows' western one."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    named = _CHARSET.search(content[:4000])
    for encoding in (named[1].decode("ascii") if named else "", "utf-8"):
        try:
            return content.decode({"iso-8859-1": "cp1252"}.get(encoding.lower(), encoding))
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("cp1252", errors="replace")


def _span(text: str | None) -> int:
    digits = (text or "").strip()[:9]
    return min(max(int(digits), 1), _MOST_SPANNED) if digits.isdecimal() and digits.isascii() else 1


def _number(said: dict[str, str | None]) -> float | None:
    """Return the number written beside the text; a day is better read from its text."""
    text = said.get("x:num") or (
        "" if _DATED.search((said.get("sdnum") or "").rpartition(";")[2]) else said.get("sdval")
    )
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _is_amount(text: str) -> bool:
    """Say whether a shown text is a figure like any other: no day, no code with leading zeros."""
    return bool(_AMOUNT.fullmatch(text)) and not _LEADING_ZERO.match(text) and not re.search(r"\d-\d", text)


def _spaced(text: str) -> str:
    """Return the text as a browser shows it: without blanks at the ends of its lines, and without empty lines."""
    return "\n".join(filter(None, (_BLANKS.sub(" ", line).strip(" ") for line in text.split("\n"))))
