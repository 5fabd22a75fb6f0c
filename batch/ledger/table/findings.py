"""Where the reading collects what it found out: problems in order, those of one kind shown up to a number, then counted."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from batch.core.problem import Problem, Severity, Source
from batch.ledger.files.sheets import Book, Cell
from batch.ledger.table.header import Table

SHIFTED = "ROW-SHIFTED"
SHOWN = 100  # problems of one code that are listed one by one


class Findings:
    """The problems of one reading."""

    def __init__(self, book: Book, table: Table, positions: np.ndarray) -> None:
        """`positions` are the items' 0-based places under the headings."""
        self._book = book
        self._table = table
        self._positions = positions
        self._times: Counter[str] = Counter()
        self._problems: list[Problem] = []
        self._fatal: dict[int, str] = {}  # place under the headings → the first error found in that row

    @property
    def path(self) -> Path | None:
        """The file on disk, for what its cells do not tell."""
        return self._book.path

    def add(self, problems: Iterable[Problem]) -> None:
        """Take over problems found elsewhere."""
        for problem in problems:
            self._keep(problem)

    def say(self, code: str, severity: Severity, source: Source | None = None, **facts: object) -> None:
        """Note one thing about the whole file."""
        self._keep(Problem(code, severity, source or self._table.source(self._book), facts))

    def cells(self, code: str, severity: Severity, field: str, items: Iterable[int], cells: Sequence[Cell]) -> None:
        """Note a column's cells by their items' places; `cells` is the column."""
        for item in items:
            if code != SHIFTED and self._fatal.get(int(self._positions[item])) == SHIFTED:
                continue  # the cells of such a row stand in others' columns
            if severity is Severity.ERROR:
                self._fatal.setdefault(int(self._positions[item]), code)
            source = self.place(field, item, cells[item] if cells else "")
            self._keep(Problem(code, severity, source, {"field": field}))

    def place(self, field: str, item: int, cell: Cell = "") -> Source:
        """Return where an item's cell of this field stands."""
        return self._table.source(self._book, self.row(item), self._table.match.columns.get(field), cell)

    def heading(self, field: str) -> Source:
        """Return where the heading of a field's column stands."""
        return self._table.source(self._book, self._table.header_row, self._table.match.columns.get(field))

    def narrow(self, taken: np.ndarray) -> None:
        """From now on count items among those that are taken in."""
        self._positions = self._positions[taken]

    def stand(self, positions: np.ndarray) -> None:
        """From now on the items stand at these places: one row may hold several."""
        self._positions = positions

    def row(self, item: int) -> int:
        """Return the 1-based row of an item in its sheet."""
        return self._table.header_row + 1 + int(self._positions[item])

    def left_by(self, left_out: np.ndarray) -> tuple[tuple[str, int], ...]:
        """Return how many of these rows were left out for which problem, the first one of each row counting."""
        rows = dict.fromkeys(self._positions[left_out].tolist())
        return tuple(Counter(self._fatal[row] for row in rows if row in self._fatal).most_common())

    def _keep(self, problem: Problem) -> None:
        self._times[problem.code] += 1
        if self._times[problem.code] <= SHOWN:
            self._problems.append(problem)

    def all(self) -> tuple[Problem, ...]:
        """Return everything noted; after SHOWN of one code, one MORE-LIKE-THIS says how many there were."""
        more = [
            Problem(
                "MORE-LIKE-THIS", Severity.WARNING, self._table.source(self._book), {"code": code, "n": times - SHOWN}
            )
            for code, times in self._times.items()
            if times > SHOWN
        ]
        return (*self._problems, *more)
