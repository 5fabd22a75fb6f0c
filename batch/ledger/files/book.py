"""What every reader hands over: a Book of Sheets of raw typed cells, each row at its own number."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from batch.core.problem import Problem

Cell = str | float | int | bool | dt.date | dt.datetime | dt.time | dt.timedelta

XLSX, XLSM, XLSB, XLS, ODS, CSV, HTML, XML = "xlsx", "xlsm", "xlsb", "xls", "ods", "csv", "html", "xml"
GRAFTED = frozenset({XLSX, XLSM})

# A reader keeps the whole rectangle from A1 to the farthest cell: it may be large where the file is, not where it is empty.
MAX_CELLS = 30_000_000
MAX_SPARSE_CELLS = 5_000_000


@dataclass(frozen=True)
class Sheet:
    """One sheet: row n of the file is rows[n - 1]; an empty cell is ""; cells in error hold their error's text (#N/A).

    `uncalculated` says by column (0-based) in which rows (1-based) a formula stands whose result the file does not hold.
    """

    name: str
    rows: list[list[Cell]]
    hidden: bool = False
    uncalculated: Mapping[int, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Book:
    """A file that was read: its name, the digest of its bytes, its kind, its sheets in order, and what is to be said of the reading.

    `kind` is what the content is, whatever the name says: one of the constants above. Sheets of csv and html have no name.
    """

    file: str
    sha256: str
    kind: str
    sheets: tuple[Sheet, ...]
    problems: tuple[Problem, ...] = ()
    path: Path | None = None  # of an xlsx: its number formats are looked up where nothing else names the currency

    @property
    def grafted(self) -> bool:
        """Say whether our columns and sheets can be put into the user's own file; every other kind gets a plain copy."""
        return self.kind in GRAFTED


def most_cells(size: int) -> int:
    """Return how many cells the rectangles of a file may hold that unpacks to `size` bytes: one per byte, within limits."""
    return min(max(size, MAX_SPARSE_CELLS), MAX_CELLS)
