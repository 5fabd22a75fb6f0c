"""The day columns of one reading while they are decided: cells, what is known by now, and the items left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from batch.core.policy import Reading
from batch.core.problem import Severity, Source
from batch.ledger.cells.dates import Days
from batch.ledger.cells.dayviews import View
from batch.ledger.cells.redundancy import Twofold, sure
from batch.ledger.files.sheets import Cell
from batch.ledger.table.findings import Findings
from batch.ledger.table.header import Table

NO_DAY = np.datetime64("NaT", "s")


@dataclass(frozen=True)
class DayWork:
    """The columns' cells by field, the cells of all fields, and the fields without which a row is left out.

    While the columns are decided `typed`, `orders`, `views` and `days` (each column read one way, or two) grow or change;
    `left_out` collects the items whose needed day stays in doubt.
    """

    table: Table
    columns: Mapping[str, Sequence[Cell]]
    cells: Mapping[str, Sequence[Cell]]
    needed: frozenset[str]
    reading: Reading
    findings: Findings
    typed: dict[str, Days] = field(default_factory=dict)
    orders: dict[str, str] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    days: dict[str, Twofold] = field(default_factory=dict)
    left_out: set[int] = field(default_factory=set)

    def headings(self, names: Sequence[str]) -> str:
        """Return the headings, listed."""
        return ", ".join(map(self.table.heading, names))

    def first(self, name: str, here: np.ndarray) -> Source:
        """Return the first of a column's cells that are so."""
        item = int(here.argmax())
        return self.findings.place(name, item, self.columns[name][item])

    def take(self, name: str, found: np.ndarray, left: np.ndarray | None = None) -> None:
        """Take a column's days over; what is `left` in doubt is blank, and leaves the row out where the field is needed."""
        found = found if left is None else np.where(left, NO_DAY, found)
        unreadable = tuple(item for item in self.typed[name].unreadable if np.isnat(found[item]))
        self.typed[name] = Days(found, unreadable)
        self.days[name] = sure(found)
        if left is not None and name in self.needed and left.any():
            items = np.flatnonzero(left).tolist()
            self.left_out.update(items)
            self.findings.cells("DATE-DOUBTFUL", Severity.ERROR, name, items, self.columns[name])
