"""A sheet → the Table on it: its heading rows, one or two, among the first rows, and what each column holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from batch.core.problem import Problem, Source
from batch.core.tables import OWN_HEADING
from batch.ledger.files.sheets import Book, Cell, Sheet
from batch.ledger.table.aged_headings import Bucket, find_buckets
from batch.ledger.table.columns import Match, letter, match_headings
from batch.ledger.table.detailed import in_detail
from batch.ledger.table.groups import looks_grouped
from batch.ledger.table.marks import WHO, columns_of, marks_of

HEADER_WITHIN = 30  # rows from the first that holds anything: titles, addresses and dates may stand above the headings
FEWEST = 3  # headings recognised in a row for it to be taken as a table at all

_LOOKED_AT = 50  # rows by which a column without heading is judged
_WHO, _WHEN, _OWED = "customer_name", "due_date", "open_balance"


@dataclass(frozen=True)
class Table:
    """A sheet, its last heading row (1-based), the headings and their match.

    `heading_rows` are the heading rows as they stand (for page breaks); `buckets` the columns of an aged balance, where no
    due date stands beside them; `grouped`: no column names the customer, lines of their own do; `detailed`: these lines hold
    the sums of an aged balance, the invoices stand below; `notes`: what was decided while the table was looked for.
    """

    sheet: Sheet
    header_row: int
    headings: tuple[str, ...]
    match: Match
    heading_rows: tuple[tuple[str, ...], ...] = ()
    buckets: tuple[Bucket, ...] = ()
    grouped: bool = False
    detailed: bool = False
    notes: tuple[Problem, ...] = ()

    @property
    def rows(self) -> list[list[Cell]]:
        """The rows under the headings, to the end of the sheet."""
        return self.sheet.rows[self.header_row :]

    @property
    def missing(self) -> tuple[str, ...]:
        """What a ledger would need and this table has not, columns of an aged balance and lines of customers considered."""
        had = {_WHEN, _OWED} if self.buckets else set()
        return tuple(name for name in self.match.missing if name not in had and not (name == _WHO and self.grouped))

    @property
    def shown(self) -> list[tuple[str, int]]:
        """The fields and their columns; those of an aged balance stand in the place of its balance."""
        fields = [(name, place) for name, place in self.match.columns.items() if not (self.buckets and name == _OWED)]
        return fields + [("bucket", bucket.place) for bucket in self.buckets]

    @property
    def own_columns(self) -> int:
        """How many columns are the user's own: those that Relance adds stand behind them."""
        return next((place for place, text in enumerate(self.headings) if is_own(text)), len(self.headings))

    def heading(self, field: str) -> str:
        """Return the heading of a matched field's column."""
        return self.headings[self.match.columns[field]]

    def rows_at(self, position: int) -> list[Cell]:
        """Return the row at a 0-based position under the headings."""
        return self.sheet.rows[self.header_row + position]

    def source(self, book: Book, row: int = 0, place: int | None = None, cell: Cell = "") -> Source:
        """Name a place of this table; `place` is a 0-based column."""
        if place is None:
            return Source(book.file, self.sheet.name, row)
        return Source(book.file, self.sheet.name, row, letter(place), self.headings[place], str(cell)[:60])


def is_own(heading: str) -> bool:
    """Say whether a heading is one of those that Relance writes."""
    return heading.startswith(OWN_HEADING.strip())


def table_on(sheet: Sheet, named: Mapping[str, str]) -> Table | None:
    """Return the sheet's table, headed by the first of its rows in which most fields are recognised; None when there is none.

    Of several ledgers under each other the first that has rows is taken, whichever has more columns.
    """
    start = next((number for number, row in enumerate(sheet.rows) if any(cell != "" for cell in row)), 0)
    numbers = range(start, min(start + HEADER_WITHIN, len(sheet.rows)))
    tables = [table for number in numbers for table in _headed(sheet, number, named)]
    best = max(tables, key=_worth, default=None)
    if best is None or _worth(best)[1] < FEWEST - 1:
        return None
    earlier = [table for table in tables if not table.missing and table.header_row < best.header_row]
    return next((table for table in earlier if not best.missing and _has_items(table, best)), best)


def _has_items(table: Table, below: Table) -> bool:
    """Say whether items stand between the headings of two tables."""
    rows = table.sheet.rows[table.header_row : below.header_row - len(below.heading_rows)]
    marks = marks_of(columns_of(rows, table.match), len(rows), rows, table.buckets)
    return bool((marks.sure | (marks.money & marks.who)).any())


def _worth(table: Table) -> tuple[bool, int]:
    return not table.missing, len(table.match.columns) + len(table.buckets)


def _headed(sheet: Sheet, number: int, named: Mapping[str, str]) -> list[Table]:
    """Return the tables that the row at this 0-based number may head: alone, and with the row above it."""
    row = sheet.rows[number]
    texts = _texts(row)
    if sum(text != "" for text in texts) < FEWEST - 1:
        return []
    alone = _table(sheet, number, texts, (texts,), named)
    above = _texts(sheet.rows[number - 1]) if number else ()
    if not (_only_words(row) and _heads_groups(above, texts) and _only_words(sheet.rows[number - 1])):
        return [alone]
    joined = tuple(map(str, match_two_rows(above, texts)))
    return [alone, _table(sheet, number, joined, (above, texts), named)] if joined != texts else [alone]


def _heads_groups(above: Sequence[str], below: Sequence[str]) -> bool:
    """Say whether a row may be the upper half of the headings: several texts, or one that does not stand first (a title does)."""
    held = [place for place, text in enumerate(above) if text]
    first = next((place for place, text in enumerate(below) if text), 0)
    return len(held) > 1 or (len(held) == 1 and held[0] > first)


def _table(
    sheet: Sheet, number: int, headings: tuple[str, ...], rows: tuple[tuple[str, ...], ...], named: Mapping[str, str]
) -> Table:
    match = match_headings(headings, named)
    table = Table(sheet, number + 1, headings, match, rows)
    buckets = find_buckets(headings, list(match.columns.values()))
    if buckets and (detailed := in_detail(sheet.rows[number + 1 :], headings, match, buckets)):
        return replace(table, match=detailed, buckets=buckets, grouped=True, detailed=True)
    if buckets and "due_date" not in match.columns:
        table = replace(table, match=_with_customers(sheet, number, headings, match, buckets), buckets=buckets)
    if _WHO in table.missing and len(table.missing) == 1:
        table = replace(table, grouped=looks_grouped(sheet.rows, number + 1, match, table.buckets, rows))
    return table


def grouped_without_numbers(table: Table) -> bool:
    """Say whether lines of their own name the customers where the customers' numbers are collective accounts."""
    match = Match({name: place for name, place in table.match.columns.items() if name != "customer_id"})
    return looks_grouped(table.sheet.rows, table.header_row, match, table.buckets, table.heading_rows)


def _with_customers(
    sheet: Sheet, number: int, headings: Sequence[str], match: Match, buckets: Sequence[Bucket]
) -> Match:
    """Return the match of an aged balance, its first column without heading taken as the customer's name where none is."""
    rows = [
        row
        for row in sheet.rows[number + 1 : number + 1 + _LOOKED_AT]
        if any(row[bucket.place] != "" for bucket in buckets)
    ]
    if any(row[match.columns[name]] != "" for name in WHO if name in match.columns for row in rows):
        return match
    for place in range(min(bucket.place for bucket in buckets)):
        if not headings[place] and rows and all(isinstance(row[place], str) and row[place] for row in rows):
            columns = {name: at for name, at in match.columns.items() if name not in WHO}
            return Match(columns | {_WHO: place}, match.rivals)
    return match


def _texts(row: Sequence[Cell]) -> tuple[str, ...]:
    """Return a row's texts on one line each, "" for numbers and dates."""
    return tuple(" ".join(cell.split()) if isinstance(cell, str) else "" for cell in row)


def _only_words(row: Sequence[Cell]) -> bool:
    """Say whether a row holds words only, as heading rows do: no number, no date, no text that begins with a digit."""
    return all(isinstance(cell, str) and not cell.strip()[:1].isdigit() for cell in row)


def match_two_rows(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """Join two heading rows: "Date" over "d'échéance", or a group's heading over its columns ("Échéance" over "date", "montant").

    A heading of the upper row also stands over the empty cells to its right, as merged cells do. Of the ways to join the two
    the first that names a field is taken; without one, the lower heading stays.
    """
    joined, group = [], ""
    for upper, lower in zip(above, below, strict=True):
        if is_own(lower):
            joined.append(lower)
            group = ""
            continue
        group = upper or (group if lower else "")
        ways = _ways(group, lower) if upper or lower else ()
        joined.append(next((way for way in ways if _names_field(way)), lower or upper))
    return joined


def _ways(group: str, lower: str) -> tuple[str, ...]:
    if not (group and lower):
        return (group or lower,)
    single = " ".join(word.removesuffix("s") for word in group.split())
    return f"{group} {lower}", f"{lower} {group}", f"{single} {lower}", f"{lower} {single}", lower, group


def _names_field(heading: str) -> bool:
    return bool(match_headings([heading], {}).columns)
