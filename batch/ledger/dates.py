"""Cells of date columns → days: true dates as they are, texts in the one order of day and month that the column allows."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from batch.ledger.amounts import is_blank
from batch.ledger.sheets import Cell
from batch.ledger.vocabulary import plain, vocabulary

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

_EARLIEST, _LATEST = dt.date(1970, 1, 1), dt.date(2100, 12, 31)
# What programs write for "no date".
_SENTINELS = frozenset(
    {
        "00/00/0000",
        "0000-00-00",
        "01/01/1900",
        "1900-01-01",
        "30/12/1899",
        "1899-12-30",
        "31/12/9999",
        "9999-12-31",
        "01/01/0001",
        "0001-01-01",
    }
)
_SENTINEL_DAYS = frozenset(
    {dt.date(1900, 1, 1), dt.date(1899, 12, 30), dt.date(1899, 12, 31), dt.date(9999, 12, 31), dt.date(1, 1, 1)}
)
_DAY_ZERO = dt.date(1970, 1, 1).toordinal()
_NO_DAY = int(np.iinfo("int64").min)  # numpy's NaT
_CENTURY = 100  # a year below it has two figures
_EPOCH = dt.date(1899, 12, 30)  # day 0 of Excel's serials from March 1900 on
_SERIALS = (20_000, 80_000)  # 1954 to 2119: a number in a date column that is a serial
_TIME = r"(?:[T ,]+\d{1,2}[:h]\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Z|UTC|[AaPp]\.?[Mm]\.?|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})" + _TIME)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_THREE = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})" + _TIME)
_DAY_MONTH = re.compile(r"(?:[a-z]+ )?(\d{1,2})(?:er|st|nd|rd|th)? ([a-z]+) (\d{4}|\d{2})")
_MONTH_DAY = re.compile(r"([a-z]+) (\d{1,2})(?:st|nd|rd|th)? (\d{4})")
_SERIAL_TEXT = re.compile(r"\d{5}(?:\.0+)?")

Triple = tuple[int, int, int]


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
        return _bounded(cell.date() if isinstance(cell, dt.datetime) else cell)
    if isinstance(cell, str):
        return _understand_text(cell)
    return _from_number(cell) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else None


def _understand_text(text: str) -> dt.date | Triple | None:
    if found := _THREE.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _YEAR_FIRST.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if _SERIAL_TEXT.fullmatch(text):
        return _from_number(float(text))
    return _from_digits(text) or _with_month_name(plain(text))


def _from_number(number: float) -> dt.date | None:
    """Read an Excel serial, or a day written as the number 20261120."""
    if _SERIALS[0] <= number <= _SERIALS[1]:
        return _bounded(_EPOCH + dt.timedelta(days=int(number)))
    return _from_digits(f"{number:.0f}")


def _year(year: int) -> int:
    """Two figures mean 1970 to 2069."""
    return year if year >= _CENTURY else year + (2000 if year < _EARLIEST.year - 1900 else 1900)


def _bounded(day: dt.date) -> dt.date | None:
    return day if _EARLIEST <= day <= _LATEST else None


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return _bounded(dt.date(year, month, day))
    except ValueError:
        return None


def _from_digits(text: str) -> dt.date | None:
    found = _COMPACT.fullmatch(text)
    return _day(*map(int, found.groups())) if found else None


def _with_month_name(text: str) -> dt.date | None:
    months = vocabulary().codes("months")
    if (found := _DAY_MONTH.fullmatch(text)) and found[2] in months:
        return _day(_year(int(found[3])), int(months[found[2]]), int(found[1]))
    if (found := _MONTH_DAY.fullmatch(text)) and found[1] in months:
        return _day(int(found[3]), int(months[found[1]]), int(found[2]))
    return None


def in_order(triple: Triple, order: str) -> dt.date | None:
    """Return the day that three figures mean in this order, or None when there is no such day."""
    first, second, third = triple
    if order == "dmy":
        return _day(_year(third), second, first)
    if order == "mdy":
        return _day(_year(third), first, second)
    return _day(_year(first), second, third)


def no_date(cell: Cell) -> bool:
    """Say whether the cell stands for no date at all: blank, N/A, or a program's sentinel (1900-01-01, 9999-12-31)."""
    if isinstance(cell, str):
        return is_blank(cell) or cell[:10] in _SENTINELS
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


def is_mixed(triples: Iterable[Triple], order: str) -> bool:
    """Say whether some triples are days only in another order: then those that fit both are doubtful too."""
    wrong = [triple for triple in triples if in_order(triple, order) is None]
    return any(in_order(triple, other) for triple in wrong for other in ("dmy", "mdy"))


def differ(triples: Iterable[Triple]) -> bool:
    """Say whether day first and month first read any triple differently."""
    return any(in_order(triple, "dmy") != in_order(triple, "mdy") for triple in triples)


def decide(columns: Mapping[str, Sequence[Cell]], asked: str, country: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the order of each date column, and the columns for which it had to be assumed.

    A column whose figures allow several takes what relance.toml says (`asked`), else the order of the other date columns;
    else the country's, and that is an assumption.
    """
    usual = ORDER_OF_COUNTRY.get(country, "dmy")
    triples = {name: open_triples(cells) for name, cells in columns.items()}
    allowed = {name: _usual_orders(orders(found), usual) for name, found in triples.items()}
    settled = {kept[0] for name, kept in allowed.items() if len(kept) == 1}
    decided, assumed = {}, []
    for name, kept in allowed.items():
        if asked in ORDERS:
            decided[name] = asked
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
