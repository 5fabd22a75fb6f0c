"""Days in six figures without marks (050826, 260805), as texts or numbers → texts of six figures, and the orders in which they can be meant.

Day first and year first both read nearly every such figure; what tells them apart is that a ledger holds few years.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from batch.ledger.cells.datetexts import EPOCH, SERIALS, in_order, understand_text
from batch.ledger.files.sheets import Cell

ORDERS = ("dmy", "ymd")
FIGURES = 6

_YEARS = range(2000, 2050)  # of a ledger
_SERIAL_YEARS = range(2000, 2037)  # a number of five figures that is a serial
_MANY_YEARS = 8  # from the first to the last: more than a ledger holds
_BACK = 3  # years before the run: some day of a ledger stands in them or later
_RECENT = 2020  # the first of them where the day of the run is not known


def spelled_out(columns: Mapping[str, list[Cell]]) -> dict[str, list[Cell]]:
    """Return the columns, those of days in six figures with each as a text of six, the zero in front that a number lost put back."""
    return {name: _spelled(cells) if _written_so(cells) else cells for name, cells in columns.items()}


def _spelled(cells: Sequence[Cell]) -> list[Cell]:
    return [figures if (figures := _figures(cell)) else cell for cell in cells]


def _figures(cell: Cell) -> str:
    """Return the figures of a whole number, or of a text of figures, of five or six, filled up to six; "" for anything else."""
    if isinstance(cell, float) and cell.is_integer():
        cell = str(int(cell))
    elif isinstance(cell, int) and not isinstance(cell, bool):
        cell = str(cell)
    text = cell if isinstance(cell, str) else ""
    return text.zfill(FIGURES) if text.isdecimal() and text.isascii() and FIGURES - 1 <= len(text) <= FIGURES else ""


def _written_so(cells: Sequence[Cell]) -> bool:
    """Say whether all figures of the column are days in one of the orders, and not all of them serials of a ledger's years."""
    distinct = {figures for cell in set(cells) if (figures := _figures(cell))}
    if not distinct or not any(all(_day(figures, order) for figures in distinct) for order in ORDERS):
        return False
    return not all(_is_serial(figures) for figures in distinct)


def _is_serial(figures: str) -> bool:
    number = int(figures)
    return SERIALS[0] <= number <= SERIALS[1] and (EPOCH + dt.timedelta(days=number)).year in _SERIAL_YEARS


def _day(figures: str, order: str) -> dt.date | None:
    day = in_order((int(figures[:2]), int(figures[2:4]), int(figures[4:])), order)
    return day if day and day.year in _YEARS else None


def surviving(cells: Sequence[Cell], as_of: dt.date | None) -> tuple[str, ...]:
    """Return the orders in which the column's days in six figures can be meant, () when it has none.

    An order survives when all are days in it, of few years, not all long past or all far ahead; where none does both are left.
    """
    texts = {cell for cell in set(cells) if isinstance(cell, str) and len(cell) == FIGURES and cell.isdecimal()}
    distinct = {text for text in texts if isinstance(understand_text(text), tuple)}
    if not distinct:
        return ()
    first, last = (as_of.year - _BACK, as_of.year + 1) if as_of else (_RECENT, _YEARS[-1])
    found = []
    for order in ORDERS:
        days = [_day(figures, order) for figures in distinct]
        years = [day.year for day in days if day]
        if (
            len(years) == len(days)
            and max(years) - min(years) < _MANY_YEARS
            and max(years) >= first
            and min(years) <= last
        ):
            found.append(order)
    return tuple(found) or ORDERS


def is_open(figures: str) -> bool:
    """Say whether a text of six figures is a day in both orders, and not the same one."""
    days = {_day(figures, order) for order in ORDERS} if figures.isdecimal() and len(figures) == FIGURES else {None}
    return None not in days and len(days) > 1
