"""The file's own totals against the sums of its items: of customers, of parts, of the whole table."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from batch.core.currencies import minor_units
from batch.core.problem import Money, Severity, Source
from batch.ledger.bookkeeping import signs
from batch.ledger.cells import amounts
from batch.ledger.cells.typed import Typed
from batch.ledger.files.sheets import Book, Cell
from batch.ledger.table.findings import Findings
from batch.ledger.table.header import Table
from batch.ledger.table.lines import Lines, grand_totals
from batch.ledger.table.marks import total_words
from batch.ledger.values import stripped

_NEAREST = 6  # totals and customers' lines from which a part may begin, or where it may end


@dataclass(frozen=True)
class Stated:
    """A total of the file: its position under the headings, its amount, whether it speaks of the whole table, or stands above its part."""

    row: int
    minor: int
    whole: bool
    above: bool


class Sums:
    """Sums of items between rows: of all, and of those that are not set aside (a draft may be in the total or not)."""

    def __init__(self, positions: np.ndarray, minor: np.ndarray, aside: np.ndarray) -> None:
        """`positions` of the items in order, their amounts, and which are set aside."""
        self._positions = positions.tolist()
        self._totals = [np.concatenate([[0], np.cumsum(part)]) for part in (minor, np.where(aside, 0, minor))]

    def between(self, after: int, before: int) -> set[int]:
        """Return the sums of the items whose rows lie between two rows, both left out."""
        first, last = bisect_left(self._positions, after + 1), bisect_left(self._positions, before)
        return {int(total[max(last, first)] - total[first]) for total in self._totals}

    def holds(self, after: int, before: int) -> bool:
        """Say whether an item lies between two rows."""
        return bisect_left(self._positions, after + 1) < bisect_left(self._positions, before)


def compare_totals(
    book: Book, table: Table, lines: Lines, typed: Typed, aside: np.ndarray, findings: Findings
) -> int | None:
    """Compare every total of the file with its items: TOTAL-AGREES once, else TOTAL-DIFFERS and SUBTOTAL-DIFFERS for each.

    A part begins at an earlier total or customer's line, or at the first row; a total above its items ends at a later one.
    Where items are in several currencies a sum of them means nothing, and nothing is compared.
    """
    fields = signs.summed(typed, table.match.columns)
    if len(set(typed.currencies)) != 1:
        return None
    found = None
    for field in fields:
        stated = _stated(table, lines, typed, field) if lines.totals else []
        if len(fields) == 1:
            stated += _over_the_headings(table, typed, field)
        found = _compare(book, table, lines, typed, aside, findings, stated, field)
    return found if len(fields) == 1 else None


def _compare(
    book: Book, table: Table, lines: Lines, typed: Typed, aside: np.ndarray, findings: Findings, stated: Sequence[Stated],
    field: str,
) -> int | None:  # fmt: skip
    if not stated:
        return None
    currency = typed.currencies[0]
    minor = typed.money[field].minor
    sums = Sums(lines.items, minor, aside)
    marks = sorted({*lines.totals, *(group.position for group in lines.groups.lines)})
    summed = int(minor.sum())
    right = [each for each in stated if each.minor in _allowed(each, sums, marks, len(table.rows))]
    for each in stated:
        if each not in right:
            own = summed if each.whole else _expected(each, sums, marks, len(table.rows))
            findings.say(
                "TOTAL-DIFFERS" if each.whole else "SUBTOTAL-DIFFERS",
                Severity.ERROR if table.buckets and each.above else Severity.WARNING,
                _source(book, table, each, field),
                label=_label(table, each.row), total=Money(each.minor, currency), summed=Money(own, currency),
                difference=Money(each.minor - own, currency),
            )  # fmt: skip
    whole = [each for each in right if each.whole and each.minor in sums.between(-1, len(table.rows))]
    if whole or (len(right) == len(stated) and sum(each.minor for each in right) == summed):
        findings.say(
            "TOTAL-AGREES", Severity.INFO, _source(book, table, (whole or right)[-1], field),
            total=Money(summed, currency), summed=Money(summed, currency), difference=Money(0, currency),
        )  # fmt: skip
        return summed
    return next((each.minor for each in stated if each.whole), None)


def _over_the_headings(table: Table, typed: Typed, field: str) -> list[Stated]:
    """Return the totals in the lines above the headings: a total's word and one amount beside it."""
    found = []
    for number in range(table.header_row - len(table.heading_rows)):
        row = table.sheet.rows[number]
        if not any(total_words(cell) for cell in row):
            continue
        read = amounts.read_amounts(stripped(row), typed.decimals[field], minor_units(typed.currencies[0]))
        if read.given.sum() == 1:
            found.append(Stated(number - table.header_row, int(read.minor.sum()), whole=True, above=True))
    return found


def _source(book: Book, table: Table, total: Stated, field: str) -> Source:
    """Name the cell of a total; in an aged balance its row."""
    row = table.header_row + 1 + total.row
    if table.buckets:
        return table.source(book, row)
    if total.row < 0:
        return table.source(book, row)
    place = table.match.columns[field]
    return table.source(book, row, place, table.rows_at(total.row)[place])


def _stated(table: Table, lines: Lines, typed: Typed, field: str) -> list[Stated]:
    """Return the totals that state an amount of the balance; in an aged balance that of its columns together."""
    every = set(grand_totals(table, lines))
    places = [bucket.place for bucket in table.buckets] if table.buckets else [table.match.columns[field]]
    unit = minor_units(typed.currencies[0])
    read = [
        amounts.read_amounts(
            [_unmarked(table.rows_at(row)[place]) for row in lines.totals], typed.decimals[field], unit
        )
        for place in places
    ]
    given = np.any([column.given for column in read], axis=0)
    minor = np.sum([column.minor for column in read], axis=0)
    first, last = int(lines.items[0]), int(lines.items[-1])
    groups = {group.position for group in lines.groups.lines}
    return [
        Stated(row, int(amount), row in every and not first < row < last, row in groups)
        for row, amount, is_given in zip(lines.totals, minor.tolist(), given.tolist(), strict=True)
        if is_given
    ]


def _unmarked(cell: Cell) -> Cell:
    """Return the cell without the asterisks of a subtotal."""
    return cell.strip("* \u00a0\u202f") if isinstance(cell, str) else cell


def _allowed(total: Stated, sums: Sums, marks: Sequence[int], end: int) -> set[int]:
    """Return every sum that the total may be."""
    found = sums.between(-1, end) if total.whole else set()
    at = bisect_left(marks, total.row)
    starts = [-1, *marks[max(at - _NEAREST, 0) : at]]
    for start in starts:
        found |= sums.between(start, total.row)
    if total.above or not sums.holds(starts[-1], total.row):
        for stop in [*marks[at + 1 : at + 1 + _NEAREST], end]:
            found |= sums.between(total.row, stop)
    return found


def _expected(total: Stated, sums: Sums, marks: Sequence[int], end: int) -> int:
    """Return the sum of the part right above the total, or right below where nothing stands above."""
    at = bisect_left(marks, total.row)
    for start in [] if total.above else [*reversed(marks[:at]), -1]:
        if sums.holds(start, total.row):
            return max(sums.between(start, total.row))
    return max(sums.between(total.row, marks[at + 1] if at + 1 < len(marks) else end))


def _label(table: Table, row: int) -> str:
    """Return the words of the total's row, above the headings or under them."""
    cells = [
        cell for cell in table.sheet.rows[table.header_row + row][: table.own_columns] if isinstance(cell, str) and cell
    ]
    return next((cell for cell in cells if total_words(cell)), cells[0] if cells else "").strip()
