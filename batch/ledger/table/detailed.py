"""An aged balance in detail: a line with a customer's sums, the customer's invoices below it, in one column → its columns, its customers' lines."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from batch.ledger.cells import amounts
from batch.ledger.files.sheets import Cell
from batch.ledger.table.aged_headings import Bucket
from batch.ledger.table.columns import Match
from batch.ledger.table.groups import Groups
from batch.ledger.table.labels import Label, parted
from batch.ledger.table.marks import DAY, WHO, Marks, total_words
from batch.ledger.values import stripped, text_of

_LOOKED_AT = 2000  # rows from which the form of the table is judged
_NUMBER = "invoice_number"


def in_detail(
    rows: Sequence[Sequence[Cell]], headings: Sequence[str], match: Match, buckets: Sequence[Bucket]
) -> Match | None:
    """Return the match of an aged balance in detail, its customers on lines of their own; None when the table is none.

    One column names customers on lines without a day, and numbers the invoices on lines with one; what stands on the former
    is the sum of the latter below. `rows` are those under the headings.
    """
    days = [match.columns[name] for name in DAY if name in match.columns]
    if not days:
        return None
    filled = [row for row in rows[:_LOOKED_AT] if any(row[bucket.place] != "" for bucket in buckets)]
    for place in _candidates(headings, match, buckets):
        kept = [row for row in filled if not total_words(row[place])]
        if kept and all(row[place] != "" for row in kept) and _holds_sums(kept, days, buckets):
            columns = {name: at for name, at in match.columns.items() if name not in (*WHO, _NUMBER)}
            return Match(columns | {_NUMBER: place}, {name: at for name, at in match.rivals.items() if name in columns})
    return None


def _candidates(headings: Sequence[str], match: Match, buckets: Sequence[Bucket]) -> Iterator[int]:
    """Return the columns that may name both: the customers' names, the invoices' numbers, the first without heading."""
    yield from (match.columns[name] for name in ("customer_name", _NUMBER) if name in match.columns)
    first = min(bucket.place for bucket in buckets)
    yield from [place for place in range(first) if not headings[place]][:1]


def _holds_sums(rows: Sequence[Sequence[Cell]], days: Sequence[int], buckets: Sequence[Bucket]) -> bool:
    """Say whether half or more of the rows without a day, the first among them, hold the sums of the rows with one below them."""
    lines = [at for at, row in enumerate(rows) if not any(text_of(row[day]).strip() for day in days)]
    if not lines or lines[0] != 0 or len(lines) == len(rows):
        return False
    columns = {str(bucket.place): stripped([row[bucket.place] for row in rows]) for bucket in buckets}
    decimals, _ = amounts.decide(columns, "")
    read = np.array([amounts.read_amounts(column, decimals[name]).minor for name, column in columns.items()])
    detailed = [(line, end) for line, end in pairwise([*lines, len(rows)]) if end > line + 1]
    right = sum(bool((read[:, line] == read[:, line + 1 : end].sum(axis=1)).all()) for line, end in detailed)
    return right > 0 and 2 * right >= len(detailed)


def lines_with_sums(rows: Sequence[Sequence[Cell]], place: int, marks: Marks, headings: frozenset[int]) -> Groups:
    """Return every customer's line of such a table: an amount and a name, no day, no total's words."""
    found = [
        Label(position, (text,), labelled=False)
        for position in np.flatnonzero(marks.money & ~marks.day).tolist()
        if position not in headings
        and (text := text_of(rows[position][place]).strip())
        and not any(total_words(cell) for cell in rows[position])
    ]
    return Groups(tuple(parted(found)))


def folded(groups: Groups, items: np.ndarray) -> list[int]:
    """Return the customers' lines without an invoice below them: there the sums are all that is known of what is owed."""
    positions = [group.position for group in groups.lines]
    return [at for at, end in pairwise([*positions, len(items)]) if not items[at + 1 : end].any()]
