"""Day columns that can be read two ways, and what else the file says → the reading that agrees with it, and by which witness.

Three things repeat what a date says: the terms between issue and due day are the same on most rows; a days-late column counts
from one closing day; invoice numbers rise with the days of issue.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from batch.core.calendar import A_DAY
from batch.ledger.files.sheets import Cell

FIRST, SECOND = "first", "second"

LONGEST_TERMS = 400  # days
MOST_TERMS_OF_A_LEDGER = 0.1  # a ledger's usual terms stand on at least this share of its rows …
FEWEST = 3  # … and on so many
AGREES, DISAGREES = 0.75, 0.5  # share of rows that the right reading explains at least, the wrong one at most
RISES, FALLS = 0.95, 0.85  # the same for neighbours by number
FEWEST_PAIRS = 8

_NUMBER = re.compile(r"(.*?)(\d{1,15})(?:\.0)?")
_SHORT = (1, 4)  # days: no terms, but what the first days of two months make when day and month are turned round


@dataclass(frozen=True)
class Twofold:
    """A day column read two ways (datetime64[s], NaT where none): they differ on the doubtful rows only."""

    first: np.ndarray
    second: np.ndarray

    @property
    def doubtful(self) -> np.ndarray:
        """Where the two readings differ."""
        differs: np.ndarray = (self.first != self.second) & ~np.isnat(self.first)
        return differs


def sure(days: np.ndarray) -> Twofold:
    """Return a column that is read in one way."""
    return Twofold(days, days)


def weigh(columns: Mapping[str, Twofold], cells: Mapping[str, Sequence[Cell]]) -> tuple[str, str]:
    """Return FIRST or SECOND and the witness (terms, lateness, numbers); ("", "") where they are silent or disagree.

    `columns` are the day columns by field; those in doubt are all read the first way or all the second. `cells` holds the other
    columns of the items, of which days_late and invoice_number are looked at.
    """
    issued, due = columns.get("issue_date"), columns.get("due_date")
    said: dict[str, str] = {}
    if issued and due:
        said["terms"] = _by_terms(issued, due)
    late = _figures(cells.get("days_late", ()))
    for column in (due, issued):
        if column and len(late) and not said.get("lateness"):
            said["lateness"] = _by_lateness(column, late)
    if issued and "invoice_number" in cells:
        said["numbers"] = _by_numbers(issued, cells["invoice_number"])
    verdicts = {verdict for verdict in said.values() if verdict}
    if len(verdicts) != 1:
        return "", ""
    verdict = verdicts.pop()
    return verdict, next(witness for witness, each in said.items() if each == verdict)


def terms_marks(issued: np.ndarray, due: np.ndarray) -> np.ndarray:
    """Return four rows of marks by which terms are known again, 0 where none: days; months to a month's end; whole months; day of payment."""
    start, end = issued.astype("datetime64[D]"), due.astype("datetime64[D]")
    days = (end - start).astype("int64")
    stands = ~np.isnat(start) & ~np.isnat(end) & (days >= 0) & (days <= LONGEST_TERMS)
    stands &= (days < _SHORT[0]) | (days > _SHORT[1])
    months = (end.astype("datetime64[M]") - start.astype("datetime64[M]")).astype("int64")
    paid_on = _day_of_month(end)
    at_end = _day_of_month(end + A_DAY) == 1
    same_day = (paid_on == _day_of_month(start)) & (months > 0)
    marks = (
        (stands, 1 + days),
        (stands & at_end, 1 + months),
        (stands & same_day, 1 + months),
        (stands & (months > 0), 1 + months * 40 + paid_on),
    )
    return np.stack([np.where(where, mark, 0) for where, mark in marks])


def usual_terms(marks: np.ndarray) -> list[np.ndarray]:
    """Return for each kind of mark those that many rows bear."""
    rows = int((marks[0] != 0).sum())
    least = max(FEWEST, MOST_TERMS_OF_A_LEDGER * rows)
    found = (np.unique(kind[kind != 0], return_counts=True) for kind in marks)
    return [values[times >= least] for values, times in found]


def explained(marks: np.ndarray, usual: Sequence[np.ndarray]) -> np.ndarray:
    """Say which rows bear one of the usual marks."""
    found: np.ndarray = np.any([np.isin(kind, values) for kind, values in zip(marks, usual, strict=True)], axis=0)
    return found


def _day_of_month(days: np.ndarray) -> np.ndarray:
    number: np.ndarray = (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype("int64") + 1
    return number


def _judge(first: float, second: float, agrees: float, disagrees: float) -> str:
    if first >= agrees and second <= disagrees:
        return FIRST
    return SECOND if second >= agrees and first <= disagrees else ""


def _by_terms(issued: Twofold, due: Twofold) -> str:
    tested = (issued.doubtful | due.doubtful) & ~np.isnat(issued.first) & ~np.isnat(due.first)
    if tested.sum() < FEWEST:
        return ""
    shares = []
    for one, other in ((issued.first, due.first), (issued.second, due.second)):
        marks = terms_marks(one, other)
        shares.append(float(explained(marks, usual_terms(marks))[tested].mean()))
    first, second = shares
    return _judge(first, second, AGREES, DISAGREES)


def _by_lateness(column: Twofold, late: np.ndarray) -> str:
    """Compare the closing day that each row implies, its day plus the days late."""
    known = np.isfinite(late) & (late > 0) & ~np.isnat(column.first)
    tested = known & column.doubtful
    if tested.sum() < FEWEST:
        return ""
    shares = []
    for days in (column.first, column.second):
        closing = days.astype("datetime64[D]") + np.where(known, late, 0).astype("timedelta64[D]")
        values, times = np.unique(closing[known], return_counts=True)
        shares.append(float((closing[tested] == values[times.argmax()]).mean()))
    first, second = shares
    return _judge(first, second, AGREES, DISAGREES)


def _by_numbers(issued: Twofold, cells: Sequence[Cell]) -> str:
    """Compare how steadily the days of issue rise with the numbers of the commonest series."""
    found = [_NUMBER.fullmatch(str(cell)) for cell in cells]
    series = Counter(match[1] for match in found if match).most_common(1)
    rows = [
        row for row, match in enumerate(found) if match and match[1] == series[0][0] and not np.isnat(issued.first[row])
    ]
    rows.sort(key=lambda row: int(found[row][2]))  # type: ignore[index]  # rows with a match only
    order = np.array(rows, dtype="int64")
    tested = issued.doubtful[order[1:]] | issued.doubtful[order[:-1]] if len(order) > 1 else np.zeros(0, dtype=bool)
    if tested.sum() < FEWEST_PAIRS:
        return ""
    first, second = (
        float((days[order[1:]] >= days[order[:-1]])[tested].mean()) for days in (issued.first, issued.second)
    )
    return _judge(first, second, RISES, FALLS)


def _figures(cells: Sequence[Cell]) -> np.ndarray:
    """Return the whole numbers of a column, NaN elsewhere; empty without one."""
    figures = np.full(len(cells), np.nan)
    for row, cell in enumerate(cells):
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            figures[row] = cell
        elif isinstance(cell, str) and (digits := cell.removesuffix(".0").removeprefix("-")).isdecimal():
            figures[row] = -int(digits) if cell.startswith("-") else int(digits)
    return figures
