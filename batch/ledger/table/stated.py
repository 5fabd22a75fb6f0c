"""The lines above a table → the day on which the report was drawn up ("au 31/10/2026", "As of:" beside a date)."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence

from batch.core.policy import Reading
from batch.ledger.cells import dates
from batch.ledger.files.sheets import Cell
from batch.ledger.vocabulary import plain, vocabulary

_DAYS = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})(?!\d)"
    r"|\d{1,2}(?:er|st|nd|rd|th)?\s+[^\W\d_]{3,9}\.?\s+\d{4}|[^\W\d_]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}"
)
_DRAWN, _PLAIN, _PRINTED = range(3)  # how much a date counts: drawn up on it, a date, printed on it


def stated_day(titles: Sequence[Sequence[Cell]], reading: Reading) -> tuple[dt.date | None, tuple[dt.date, ...]]:
    """Return the day of the report, None when the titles name none or several; and the days that were found.

    A day behind words such as "au", "as of" goes before a bare one, and that before the day of printing.
    """
    found: dict[int, dict[dt.date, None]] = {_DRAWN: {}, _PLAIN: {}, _PRINTED: {}}
    for row in titles:
        for rank, day in _days_of(row, reading):
            found[rank][day] = None
    for days in found.values():
        if days:
            return (next(iter(days)) if len(days) == 1 else None), tuple(days)
    return None, ()


def _days_of(row: Sequence[Cell], reading: Reading) -> Iterator[tuple[int, dt.date]]:
    """Find the days of one row, each ranked by the words before it, in its cell or in the cells to its left."""
    before = ""
    for cell in row:
        if isinstance(cell, dt.date):
            yield _rank(before), cell.date() if isinstance(cell, dt.datetime) else cell
        elif isinstance(cell, str):
            last = 0
            for match in _DAYS.finditer(cell):
                if (day := _day(match[0], reading)) is not None:
                    yield _rank(f"{before} {cell[last : match.start()]}"), day
                last = match.end()
            before = f"{before} {cell}" if last == 0 else cell[last:]


def _day(text: str, reading: Reading) -> dt.date | None:
    orders: Iterable[str] = (reading.date_order or dates.ORDER_OF_COUNTRY.get(reading.country, "dmy"), *dates.ORDERS)
    return next((day for order in orders if (day := dates.read_day(text, order)) is not None), None)


def _rank(before: str) -> int:
    """Rank a day by the words right before it."""
    words = plain(before)
    stated = vocabulary().groups["stated"]
    if any(f" {word} " in f" {words} " for word in stated["printed"]):
        return _PRINTED
    return _DRAWN if any(f" {words}".endswith(f" {word}") for word in stated["drawn"]) else _PLAIN
