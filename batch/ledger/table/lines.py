"""The rows under a table's headings → what each is: item, total, customer's line, headings again, blank, note, another table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from batch.ledger.files.sheets import Cell
from batch.ledger.table.columns import match_headings
from batch.ledger.table.detailed import folded, lines_with_sums
from batch.ledger.table.groups import NO_GROUPS, Groups, find_groups
from batch.ledger.table.header import FEWEST, Table
from batch.ledger.table.labels import is_page_line
from batch.ledger.table.marks import DAY, MONEY, Cells, Marks, marks_of, repeats_headings, starred, total_words
from batch.ledger.vocabulary import vocabulary


@dataclass(frozen=True)
class Lines:
    """Positions under the headings (0-based): items and totals in order, the last row that belongs to the table.

    `totals` hold sums of the file's own, those on customers' lines among them; `groups` are the customers' lines; `unread`
    are rows that look like no line of a ledger; `other` is where another table begins (None: nowhere), `beside` how many
    rows that holds; `nameless` are the items (by their place among the items) that have no customer of their own.
    """

    items: np.ndarray
    totals: tuple[int, ...]
    last: int
    groups: Groups = NO_GROUPS
    unread: tuple[int, ...] = ()
    other: int | None = None
    beside: int = 0
    nameless: tuple[int, ...] = ()

    def with_items(self, items: np.ndarray) -> "Lines":
        """Return the lines with these items (positions, in order) instead; what was a total and is an item is no total."""
        without = self.items[list(self.nameless)]
        taken = set(items.tolist())
        return replace(
            self,
            items=items,
            totals=tuple(row for row in self.totals if row not in taken),
            last=int(max([self.last, *items[-1:].tolist()])),
            nameless=tuple(np.flatnonzero(np.isin(items, without)).tolist()),
        )


def sort_rows(table: Table, cells: Cells, count: int) -> Lines:
    """Tell items from totals, customers' lines, repeated headings, blanks, notes and what stands below.

    `cells` holds the stripped cells of each matched field. An item has an amount and a day, number or customer; a total
    starts or ends with a total's word and has no day, or has an amount and nothing else.
    """
    rows = table.rows
    marks = marks_of(cells, count, rows, table.buckets)
    if table.detailed:
        marks = replace(marks, number=marks.number & marks.day)
    items = marks.items
    headings, other = _headings_below(table, rows, np.flatnonzero(~items | _worded(cells, count)).tolist())
    end = count if other is None else other
    items[sorted(headings)] = False
    items[end:] = False
    totals = _totals(table, cells, marks, headings, end)
    items[sorted(totals)] = False
    groups = _groups(table, cells, marks, items, headings)
    named = [group.position for group in groups.lines if group.position >= 0]
    items[named] = False
    if table.detailed:
        items[folded(groups, items)] = True
    totals |= {row for row in named if marks.money[row] and not items[row]}
    places = np.flatnonzero(items)
    last = int(max([*places[-1:].tolist(), *totals], default=-1))
    known = headings | totals | set(named)
    rest = [row for row in np.flatnonzero(~items[:end]).tolist() if row not in known]
    return Lines(
        items=places,
        totals=tuple(sorted(totals)),
        last=last,
        groups=groups,
        unread=tuple(row for row in rest if _is_unread(table, row, marks, last)),
        other=other,
        beside=sum(any(cell != "" for cell in row) for row in rows[end:]),
        nameless=tuple(np.flatnonzero(~marks.who[places]).tolist()),
    )


def _totals(table: Table, cells: Cells, marks: Marks, headings: set[int], end: int) -> set[int]:
    """Return the rows before `end` that are totals, the customers' own lines aside."""
    odd = (marks.money & ~(marks.day & marks.who)) | _says_total(cells, len(marks.money))
    odd[sorted(headings)] = False
    odd[end:] = False
    return {row for row in np.flatnonzero(odd).tolist() if _is_total(table, row, marks)}


def _groups(table: Table, cells: Cells, marks: Marks, items: np.ndarray, headings: set[int]) -> Groups:
    """Find the customers' lines, where items lack a customer."""
    if table.detailed:
        return lines_with_sums(table.rows, table.match.columns["invoice_number"], marks, frozenset(headings))
    if not (items & ~marks.who).any():
        return NO_GROUPS
    kept = Marks(marks.money & items, marks.day, marks.who, marks.number)
    above = table.sheet.rows[: table.header_row - len(table.heading_rows)]
    return find_groups(table.rows, above, dict(cells), kept, table.match, table.buckets, frozenset(headings))


def _worded(cells: Cells, count: int) -> np.ndarray:
    """Find rows whose amount begins with a letter, as headings do."""
    found = np.zeros(count, dtype=bool)
    column = next((cells[name] for name in MONEY if name in cells), [])
    if str in set(map(type, column)):
        found[[row for row, cell in enumerate(column) if type(cell) is str and cell[:1].isalpha()]] = True
    return found


def _headings_below(table: Table, rows: Sequence[Sequence[Cell]], places: Sequence[int]) -> tuple[set[int], int | None]:
    """Return the rows that repeat the headings, and the first that heads another table."""
    repeated = set()
    for place in places:
        if repeats_headings(rows[place], table.heading_rows):
            repeated.add(place)
        elif fields := _heads_a_table(rows[place], table.own_columns):
            if fields.items() <= table.match.columns.items():
                repeated.add(place)
            else:
                return repeated, place
    return repeated, None


def _heads_a_table(row: Sequence[Cell], width: int) -> Mapping[str, int]:
    """Return the fields that a row of words names, when they are enough for the headings of a table, else none."""
    texts = [cell for cell in row[:width] if isinstance(cell, str) and cell]
    if len(texts) < FEWEST or any(not isinstance(cell, str) for cell in row[:width]):
        return {}
    columns = match_headings(row[:width], {}).columns
    return columns if len(columns) >= FEWEST else {}


def _says_total(cells: Cells, count: int) -> np.ndarray:
    """Find rows whose day column holds a total's words (they stand in any column)."""
    found = np.zeros(count, dtype=bool)
    for name in DAY:
        words = {cell for cell in set(cells.get(name, ())) if isinstance(cell, str) and total_words(cell)}
        if words:
            found |= np.fromiter((cell in words for cell in cells[name]), dtype=bool, count=count)
    return found


def _is_total(table: Table, row: int, marks: Marks) -> bool:
    columns = table.match.columns
    if not marks.day[row] and any(map(starred, table.rows_at(row)[: table.own_columns])):
        return True
    labelled = [place for place, cell in enumerate(table.rows_at(row)[: table.own_columns]) if total_words(cell)]
    if (
        labelled == [columns.get("customer_name")]
        and "customer_id" in columns
        and table.rows_at(row)[columns["customer_id"]] != ""
    ):
        number = table.rows_at(row)[
            columns["customer_id"]
        ]  # a customer named "Total …", unless the number has other rows
        return sum(each[columns["customer_id"]] == number for each in table.rows) > 1
    if labelled:
        return not marks.number[row] or columns.get("invoice_number") in labelled
    texts = [
        cell
        for cell in table.rows_at(row)[: table.own_columns]
        if isinstance(cell, str) and any(map(str.isalpha, cell))
    ]
    return not (marks.number[row] or marks.who[row] or marks.day[row]) and (not table.grouped or not texts)


def _is_unread(table: Table, row: int, marks: Marks, last: int) -> bool:
    """Say whether a row that is nothing else holds something of the table's: a matched cell and more; under it, who and which."""
    if row > last:
        words = " ".join(str(cell) for cell in table.rows_at(row)[: table.own_columns] if cell != "")
        return bool(marks.who[row] and marks.number[row]) and not is_page_line(words)
    held = [place for place, cell in enumerate(table.rows_at(row)[: table.own_columns]) if cell != ""]
    return len(held) > 1 and any(place in held for place in table.match.columns.values())


def grand_totals(table: Table, lines: Lines) -> list[int]:
    """Return the total rows that speak of the whole table (Total, Total général), not of one customer."""
    every = vocabulary().words("totals", "all")
    of_groups = {group.position for group in lines.groups.lines}
    return [
        row
        for row in lines.totals
        if row not in of_groups
        and (not (words := [found for cell in table.rows_at(row) if (found := total_words(cell))]) or words[0] in every)
    ]
