"""A Book → the Table in it: the sheet, its heading row, and which rows under it are items, totals or neither."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from batch.core.policy import Reading
from batch.core.problem import RelanceError, Source
from batch.ledger.columns import Match, is_book_of_movements, letter, match_headings
from batch.ledger.sheets import Book, Cell, Sheet
from batch.ledger.vocabulary import plain, vocabulary

HEADER_WITHIN = 30  # rows: titles, addresses and dates may stand above the headings
ABOUT_SHEETS = ("about", "a propos")
ABOUT_MARK = "Relance"

_FEWEST = 3  # headings recognised in a row for it to be taken as a table at all


@dataclass(frozen=True)
class Table:
    """A sheet, its heading row (1-based), the headings and their match."""

    sheet: Sheet
    header_row: int
    headings: tuple[str, ...]
    match: Match

    @property
    def rows(self) -> list[list[Cell]]:
        """The rows under the headings, to the end of the sheet."""
        return self.sheet.rows[self.header_row :]

    def rows_at(self, position: int) -> list[Cell]:
        """Return the row at a 0-based position under the headings."""
        return self.sheet.rows[self.header_row + position]

    def source(self, book: Book, row: int = 0, place: int | None = None, cell: Cell = "") -> Source:
        """Name a place of this table; `place` is a 0-based column."""
        if place is None:
            return Source(book.file, self.sheet.name, row)
        return Source(book.file, self.sheet.name, row, letter(place), self.headings[place], str(cell)[:60])


@dataclass(frozen=True)
class Lines:
    """Positions under the headings: items (0-based, in order), totals, and the last row that belongs to the table."""

    items: np.ndarray
    totals: tuple[int, ...]
    last: int


def find_table(book: Book, reading: Reading) -> Table:
    """Return the ledger table: on the sheet that relance.toml names, else where most headings are recognised."""
    sheets = _sheets_to_search(book, reading)
    named = _known_fields(reading.columns, book)
    tables = [table for sheet in sheets if (table := _best_row(sheet, named)) is not None]
    if not tables:
        raise RelanceError("NO-TABLE", Source(book.file), rows=HEADER_WITHIN)
    table = max(tables, key=lambda each: (not each.match.missing, len(each.match.columns), bool(each.rows)))
    _check_complete(book, table, named)
    return table


def _sheets_to_search(book: Book, reading: Reading) -> Sequence[Sheet]:
    if reading.sheet:
        found = [sheet for sheet in book.sheets if sheet.name == reading.sheet] or [
            sheet for sheet in book.sheets if plain(sheet.name) == plain(reading.sheet)
        ]
        if book.kind != "csv" and not found:
            names = ", ".join(sheet.name for sheet in book.sheets)
            raise RelanceError("SHEET-MISSING", Source(book.file), wanted=reading.sheet, found=names)
        return found or book.sheets
    if any(_is_about(sheet) for sheet in book.sheets):
        raise RelanceError("ALREADY-ANNOTATED", Source(book.file))
    visible = [
        sheet
        for sheet in book.sheets
        if not sheet.hidden and any(any(c != "" for c in row) for row in sheet.rows[:HEADER_WITHIN])
    ]
    if not visible:
        raise RelanceError("EMPTY-FILE", Source(book.file))
    return visible


def _is_about(sheet: Sheet) -> bool:
    return plain(sheet.name).startswith(ABOUT_SHEETS) and bool(sheet.rows) and sheet.rows[0][:1] == [ABOUT_MARK]


def _known_fields(named: Mapping[str, str], book: Book) -> Mapping[str, str]:
    for name in named:
        if name not in vocabulary().fields:
            raise RelanceError("FIELD-UNKNOWN", Source(book.file), field=name, known=", ".join(vocabulary().fields))
    return named


def _best_row(sheet: Sheet, named: Mapping[str, str]) -> Table | None:
    """Return the sheet's table, headed by the first of its rows in which most fields are recognised."""
    best: tuple[tuple[bool, int], int, Match] | None = None
    for number, row in enumerate(sheet.rows[:HEADER_WITHIN], start=1):
        if sum(isinstance(cell, str) and cell != "" for cell in row) < _FEWEST - 1:
            continue
        match = match_headings(row, named)
        score = (not match.missing, len(match.columns))
        if match.columns and (best is None or score > best[0]):
            best = (score, number, match)
    if best is None or best[0][1] < _FEWEST - 1:
        return None
    _, number, match = best
    headings = tuple(" ".join(str(cell).split()) for cell in sheet.rows[number - 1])
    return Table(sheet, number, headings, match)


def _check_complete(book: Book, table: Table, named: Mapping[str, str]) -> None:
    source = Source(book.file, table.sheet.name, table.header_row)
    found = ", ".join(f"{letter(place)} {heading}" for place, heading in enumerate(table.headings) if heading)
    for name, heading in named.items():
        if name not in table.match.columns:
            raise RelanceError("COLUMN-NOT-FOUND", source, field=name, wanted=heading, found=found)
    if is_book_of_movements(table.match, table.headings) and "open_balance" not in named:
        raise RelanceError("MOVEMENTS-LATER", source, found=found)
    if table.match.missing:
        if len(table.match.columns) < _FEWEST and not named:
            raise RelanceError("NO-TABLE", Source(book.file), rows=HEADER_WITHIN)
        raise RelanceError("COLUMN-MISSING", source, field=table.match.missing[0], found=found)


def sort_rows(table: Table, cells: Mapping[str, list[Cell]], count: int) -> Lines:
    """Tell items from totals, repeated headings, blanks and footers.

    `cells` holds the stripped cells of each matched field. An item has an amount and a day or a number, or a day and a
    customer; a total starts with a total's word and has no day, or has an amount and nothing else.
    """

    def filled(*fields: str) -> np.ndarray:
        found = np.zeros(count, dtype=bool)
        for name in fields:
            if name in cells:
                found |= np.array([cell != "" for cell in cells[name]], dtype=bool)
        return found

    money, day = filled("open_balance", "amount"), filled("due_date", "issue_date")
    who, number = filled("customer_id", "customer_name"), filled("invoice_number")
    odd = money & ~(day & who) | _says_total(cells, count)
    repeated = _repeats_headings(table, cells, count)
    totals = [
        row
        for row in np.flatnonzero(odd & ~repeated).tolist()
        if _is_total(table, row, number=bool(number[row]), who=bool(who[row]), day=bool(day[row]))
    ]
    items = (money & (day | number | who)) | (day & who & (number | money))
    items[totals] = False
    items &= ~repeated
    places = np.flatnonzero(items)
    return Lines(places, tuple(totals), int(max([*places[-1:].tolist(), *totals[-1:]], default=-1)))


def _says_total(cells: Mapping[str, list[Cell]], count: int) -> np.ndarray:
    """Find rows whose day column holds a total's words (they stand in any column)."""
    found = np.zeros(count, dtype=bool)
    for name in ("due_date", "issue_date"):
        words = {cell for cell in set(cells.get(name, ())) if isinstance(cell, str) and _total_words(cell)}
        if words:
            found |= np.fromiter((cell in words for cell in cells[name]), dtype=bool, count=count)
    return found


def _total_words(cell: Cell) -> str:
    """Return the cell's normalised words when they start as a total's do, else ""."""
    if not isinstance(cell, str) or not cell:
        return ""
    words = plain(cell)
    return (
        words
        if any(words == start or words.startswith(start + " ") for start in vocabulary().words("totals", "begin"))
        else ""
    )


def _is_total(table: Table, row: int, *, number: bool, who: bool, day: bool) -> bool:
    columns = table.match.columns
    labelled = [place for place, cell in enumerate(table.rows_at(row)) if _total_words(cell)]
    if labelled:
        return not number or columns.get("invoice_number") in labelled
    return not (number or who or day)


def _repeats_headings(table: Table, cells: Mapping[str, list[Cell]], count: int) -> np.ndarray:
    """Find rows that hold the headings again (page breaks): the same words in two matched columns."""
    times = np.zeros(count, dtype="int8")
    for name, place in list(table.match.columns.items())[:3]:
        heading = table.headings[place]
        times += np.array([cell == heading for cell in cells[name]], dtype=bool)
    return times > 1


def grand_totals(table: Table, lines: Lines) -> list[int]:
    """Return the total rows that speak of the whole table (Total, Total général), not of one customer."""
    every = vocabulary().words("totals", "all")
    return [
        row
        for row in lines.totals
        if not (words := [found for cell in table.rows_at(row) if (found := _total_words(cell))]) or words[0] in every
    ]
