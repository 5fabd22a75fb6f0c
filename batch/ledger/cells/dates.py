"""Cells of date columns → days: true dates as they are, texts in the one order of day and month that the column allows."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from batch.ledger.cells.amounts import is_blank
from batch.ledger.cells.datetexts import SERIALS, Triple, bounded, from_number, in_order, is_unfilled, understand_text
from batch.ledger.cells.formats import SHIFT_OF_1904, is_1904
from batch.ledger.cells.sixfigures import surviving
from batch.ledger.files.sheets import Cell

ORDERS = ("dmy", "mdy", "ymd")
# Where people write the month or the year first; everywhere else the day comes first.
ORDER_OF_COUNTRY = {
    "US": "mdy",
    "PH": "mdy",
    "CN": "ymd",
    "JP": "ymd",
    "KR": "ymd",
    "TW": "ymd",
    "HU": "ymd",
    "LT": "ymd",
    "SE": "ymd",
    "MN": "ymd",
}

# What programs write for "no date", with the marks between the figures made one.
_SENTINELS = frozenset({
    "0", "00000000", "00/00/0000", "0000/00/00", "00/00/00", "01/01/1900", "1/1/1900", "1900/01/01", "00/01/1900", "1/0/1900",
    "30/12/1899", "12/30/1899", "1899/12/30", "31/12/1899", "12/31/1899", "1899/12/31", "01/01/1753", "1/1/1753", "1753/01/01",
    "01/01/1970", "1/1/1970", "1970/01/01", "31/12/9999", "12/31/9999", "9999/12/31", "99991231", "31/12/2999", "12/31/2999",
    "2999/12/31", "31/12/2099", "12/31/2099", "2099/12/31", "01/01/0001", "1/1/0001", "0001/01/01",
})  # fmt: skip
_SENTINEL_DAYS = frozenset(
    dt.date(*day)
    for day in (
        (1, 1, 1), (1753, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1), (1904, 1, 1), (1970, 1, 1), (2099, 12, 31),
        (2999, 12, 31), (9999, 12, 31),
    )
)  # fmt: skip
_ONE_MARK = str.maketrans("-.", "//")
_DAY_ZERO = dt.date(1970, 1, 1).toordinal()
_NO_DAY = int(np.iinfo("int64").min)  # numpy's NaT
_TWO_FIGURES = 100  # a year below it
_MANY_YEARS, _FEW_YEARS = 8, 3  # more than a ledger holds; as few as one does


@dataclass(frozen=True)
class Days:
    """One typed column: datetime64[s] (NaT where blank or unreadable) and the cells that could not be read."""

    day: np.ndarray
    unreadable: tuple[int, ...]

    @property
    def given(self) -> np.ndarray:
        """Where a day stands."""
        stands: np.ndarray = ~np.isnat(self.day)
        return stands


def understand(cell: Cell) -> dt.date | Triple | None:
    """Return the day, or three figures whose order is open, or None when the cell is no date."""
    if isinstance(cell, dt.date):
        return bounded(cell.date() if isinstance(cell, dt.datetime) else cell)
    if isinstance(cell, str):
        return understand_text(cell)
    return from_number(cell) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else None


def no_date(cell: Cell) -> bool:
    """Say whether the cell stands for no date at all: blank, N/A, or a program's sentinel (1900-01-01, 9999-12-31)."""
    if isinstance(cell, str):
        return is_blank(cell) or cell[:10].translate(_ONE_MARK).strip() in _SENTINELS or is_unfilled(cell)
    return cell == 0 or (
        isinstance(cell, dt.date) and (cell.date() if isinstance(cell, dt.datetime) else cell) in _SENTINEL_DAYS
    )


def open_triples(cells: Iterable[Cell]) -> set[Triple]:
    """Return the distinct triples of a column whose order has to be decided."""
    found = (understand(cell) for cell in set(cells) if isinstance(cell, str) and not no_date(cell))
    return {triple for triple in found if isinstance(triple, tuple)}


def orders(triples: Iterable[Triple]) -> tuple[str, ...]:
    """Return the orders under which every triple is a day; where none does, those that fail least."""
    triples = list(triples)
    failures = {order: sum(in_order(triple, order) is None for triple in triples) for order in ORDERS}
    return tuple(order for order in ORDERS if failures[order] == min(failures.values()))


def differ(triples: Iterable[Triple]) -> bool:
    """Say whether day first and month first read any triple differently."""
    return any(in_order(triple, "dmy") != in_order(triple, "mdy") for triple in triples)


def decide(
    columns: Mapping[str, Sequence[Cell]], asked: str, country: str, as_of: dt.date | None = None
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the order of each date column, and the columns for which it had to be assumed.

    A column whose figures allow several takes what relance.toml says (`asked`), else the order of the other date columns;
    else the country's, and that is an assumption.
    """
    usual = ORDER_OF_COUNTRY.get(country, "dmy")
    triples = {name: open_triples(cells) for name, cells in columns.items()}
    compact = {name: kept for name, cells in columns.items() if (kept := surviving(cells, as_of))}
    allowed = {name: compact.get(name) or _usual_orders(orders(found), usual) for name, found in triples.items()}
    year_first = [name for name, found in triples.items() if name not in compact and _year_first(found)]
    settled = {kept[0] for name, kept in allowed.items() if len(kept) == 1 and name not in year_first}
    decided, assumed = {}, []
    for name, kept in allowed.items():
        if asked in ORDERS:
            decided[name] = asked
        elif name in year_first:
            decided[name] = "ymd"
            assumed.append(name)
        elif len(kept) == 1:
            decided[name] = kept[0]
        elif len(settled) == 1 and settled <= set(kept):
            decided[name] = next(iter(settled))
        else:
            decided[name] = usual if usual in kept else kept[0]
            if differ(triples[name]):
                assumed.append(name)
    return decided, tuple(assumed)


def _usual_orders(kept: tuple[str, ...], usual: str) -> tuple[str, ...]:
    """Leave out the year of two figures in front, unless the country writes so or nothing else is left."""
    return kept if usual == "ymd" else tuple(order for order in kept if order != "ymd") or kept


def _year_first(triples: Iterable[Triple]) -> bool:
    """Say whether figures of two digits can only sensibly begin with the year: many "years" behind, hardly a "day" in front."""
    triples = list(triples)
    behind, before = {third for *_, third in triples}, {first for first, *_ in triples}
    written_so = all(
        third < _TWO_FIGURES and in_order((first, second, third), "ymd") for first, second, third in triples
    )
    return len(behind) >= _MANY_YEARS and len(before) <= _FEW_YEARS and written_so


def read_day(cell: Cell, order: str) -> dt.date | None:
    """Return the day of one cell, or None when it is blank or no date."""
    if no_date(cell):
        return None
    found = understand(cell)
    return in_order(found, order) if isinstance(found, tuple) else found


def read_days(cells: Sequence[Cell], order: str) -> Days:
    """Type one column: each distinct cell is read once."""
    known: dict[Cell, int] = {}
    wrong = set()
    for cell in set(cells):
        day = read_day(cell, order)
        known[cell] = _NO_DAY if day is None else day.toordinal() - _DAY_ZERO
        if day is None and not no_date(cell):
            wrong.add(cell)
    at = np.array([known[cell] for cell in cells], dtype="int64").view("datetime64[D]").astype("datetime64[s]")
    unreadable = tuple(place for place, cell in enumerate(cells) if cell in wrong) if wrong else ()
    return Days(at, unreadable)


def from_1904(columns: dict[str, list[Cell]], path: Path | None) -> dict[str, list[Cell]]:
    """Return the columns with the bare day numbers of a workbook that counts from 1904 brought to the usual count.

    True dates are right already; it is numbers without a date format that would be four years off.
    """
    numbered = {name: cells for name, cells in columns.items() if not {int, float}.isdisjoint(map(type, cells))}
    if not numbered or not is_1904(path):
        return columns
    return columns | {
        name: [
            cell + SHIFT_OF_1904 if isinstance(cell, (int, float)) and 0 < cell <= SERIALS[1] else cell
            for cell in cells
        ]
        for name, cells in numbered.items()
    }
