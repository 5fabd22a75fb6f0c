"""The cells of a table's rows → what each row shows: an amount, a day, a customer, a number, a total's words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from operator import itemgetter, ne

import numpy as np

from batch.ledger.cells import dates
from batch.ledger.files.sheets import Cell
from batch.ledger.table.aged_headings import Bucket
from batch.ledger.table.columns import REQUIRED, Match
from batch.ledger.values import stripped
from batch.ledger.vocabulary import plain, vocabulary

# The fields that make a row an item: how much, when, who, which.
MONEY = REQUIRED[1]
DAY = ("due_date", "issue_date")
WHO = ("customer_id", "customer_name")
NUMBER = ("invoice_number",)

Cells = Mapping[str, list[Cell]]
HeadingRows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Marks:
    """For each row under the headings, whether a cell stands in a column of amounts, days, customers, numbers."""

    money: np.ndarray
    day: np.ndarray
    who: np.ndarray
    number: np.ndarray

    @property
    def items(self) -> np.ndarray:
        """Rows that are items, totals among them aside: an amount with a day, number or customer; else all the others."""
        found: np.ndarray = (self.money & (self.day | self.number | self.who)) | (self.who & self.day & self.number)
        return found

    @property
    def sure(self) -> np.ndarray:
        """Rows that are items whoever owes them."""
        found: np.ndarray = self.money & (self.day | self.number)
        return found


def columns_of(rows: Sequence[Sequence[Cell]], match: Match) -> dict[str, list[Cell]]:
    """Return the stripped cells of each matched field."""
    return {name: stripped(list(map(itemgetter(place), rows))) for name, place in match.columns.items()}


def marks_of(cells: Cells, count: int, rows: Sequence[Sequence[Cell]], buckets: Sequence[Bucket]) -> Marks:
    """Return the marks of the rows; the columns of an aged balance are amounts."""

    def filled(fields: Sequence[str]) -> np.ndarray:
        found = np.zeros(count, dtype=bool)
        for name in fields:
            if name in cells:
                found |= np.fromiter(map(ne, cells[name], repeat("")), dtype=bool, count=count)
        return found

    money = filled(MONEY)
    for bucket in buckets:
        money |= np.array([row[bucket.place] != "" for row in rows], dtype=bool)
    return Marks(money, filled(DAY), filled(WHO), filled(NUMBER))


def true_days(cells: Cells, marks: Marks) -> np.ndarray:
    """Return where a day column holds what can be a day: a label or a total's word may stand there too."""
    found = np.zeros(len(marks.day), dtype=bool)
    for name in DAY:
        if name in cells:
            false = {cell for cell in set(cells[name]) if isinstance(cell, str) and not _like_a_day(cell)}
            found |= np.fromiter((cell not in false for cell in cells[name]), dtype=bool, count=len(found))
    true: np.ndarray = found & marks.day
    return true


def _like_a_day(text: str) -> bool:
    return bool(text) and any(character.isdigit() for character in text) and not _is_label(text)


def _is_label(text: str) -> bool:
    return dates.understand(text) is None and sum(character.isalpha() for character in text) > _LONGEST_MONTH


_STARRED = re.compile(r"\*{1,6}(?:\s.*)?|[-\d.,' \u00a0\u202f]+\*{1,6}", re.DOTALL)
_LONGEST_MONTH = 4  # letters that are no month: "12 sept" is a wrong date rather than a label


def total_words(cell: Cell) -> str:
    """Return the cell's normalised words when they start, or end, as a total's do, else ""."""
    return _total_words(cell) if isinstance(cell, str) and cell else ""


@lru_cache(maxsize=4096)
def _total_words(cell: str) -> str:
    words = plain(cell)
    padded = f" {words} "
    totals = vocabulary().groups["totals"]
    begins = any(padded.startswith(f" {start} ") for start in totals["begin"])
    return words if begins or any(padded.endswith(f" {end} ") for end in totals["end"]) else ""


def starred(cell: Cell) -> bool:
    """Say whether asterisks mark the cell as that of a subtotal, as SAP writes: "*", "* 10023", "** 5.678,00", "1.234,00 *"."""
    return isinstance(cell, str) and "*" in cell and _STARRED.fullmatch(cell.strip()) is not None


def repeats_headings(row: Sequence[Cell], heading_rows: HeadingRows) -> bool:
    """Say whether a row holds a heading row again (page breaks): two cells or more, each the heading of its column."""
    for headings in heading_rows:
        cells = [(cell, heading) for cell, heading in zip(row, headings, strict=False) if cell != ""]
        if len(cells) > 1 and all(isinstance(cell, str) and " ".join(cell.split()) == text for cell, text in cells):
            return True
    return False
