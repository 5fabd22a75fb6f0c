"""A day column's cells → what is sure in it and what could be read two ways: the first look, before anything is decided."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from batch.ledger.cells.dates import no_date, understand
from batch.ledger.cells.datetexts import Triple, in_order
from batch.ledger.cells.redundancy import Twofold
from batch.ledger.files.sheets import Cell

_OTHER = {"dmy": "mdy", "mdy": "dmy"}
_SMALL = 12  # a day up to it could be a month
_BY_CHANCE = 12 * 12 / 365.25  # share of days up to the 12th
_TOO_MANY = 3.0  # standard deviations above what chance gives, from which small days are no chance

_PLAIN, _OPEN, _AGAINST, _FIXED_SMALL, _FIXED_LARGE, _EMPTY = range(6)


@dataclass(frozen=True)
class View:
    """One column read in its order and, where a cell allows it, with day and month the other way round."""

    order: str
    days: Twofold  # texts: in the column's order, and in the other one
    turned: np.ndarray  # true dates (and other settled cells) with day and month exchanged, where both are days
    kinds: np.ndarray  # of each cell: see the constants above

    @property
    def texts(self) -> np.ndarray:
        """Cells of three figures."""
        return np.isin(self.kinds, (_PLAIN, _OPEN, _AGAINST))

    @property
    def open(self) -> np.ndarray:
        """Texts that are a day in either order, and not the same one."""
        found: np.ndarray = self.kinds == _OPEN
        return found

    @property
    def against(self) -> np.ndarray:
        """Texts that are a day in the other order alone."""
        found: np.ndarray = self.kinds == _AGAINST
        return found

    @property
    def small(self) -> np.ndarray:
        """True dates that could be another day turned round."""
        found: np.ndarray = self.kinds == _FIXED_SMALL
        return found

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many texts are a day in the column's order alone, in the other alone, in both."""
        return int((self.kinds == _PLAIN).sum()), int(self.against.sum()), int(self.open.sum())

    def only_small(self) -> bool:
        """Say whether true dates stand on days up to the 12th alone, or far more often than chance would have it."""
        small, large = int(self.small.sum()), int((self.kinds == _FIXED_LARGE).sum())
        return small > 0 and (large == 0 or _beyond_chance(small, small + large))

    def left_as_text(self) -> bool:
        """Say whether the column's texts look like what a spreadsheet program of another country could not take for dates.

        Such a program makes true dates of the texts it takes for days (day and month exchanged, so that every day is small)
        and leaves those that are a day in the other order alone.
        """
        plain, against, both = self.counts
        return plain > 0 and not against and (both == 0 or _beyond_chance(both, plain + both, -1))

    def turned_back(self) -> Twofold:
        """Return the column as it is, and with the small true dates exchanged."""
        return Twofold(self.days.first, np.where(self.small, self.turned, self.days.first))


def _beyond_chance(small: int, count: int, side: int = 1) -> bool:
    """Say whether so many of the days (side -1: so few) stand up to the 12th that chance does not explain it."""
    spread: float = (count * _BY_CHANCE * (1 - _BY_CHANCE)) ** 0.5
    return side * (small - count * _BY_CHANCE) > _TOO_MANY * spread


def look(cells: Sequence[Cell], order: str) -> View:
    """Look at a column decided to be in `order`; each distinct cell is understood once."""
    places = {cell: place for place, cell in enumerate(dict.fromkeys(cells))}
    known = [_look_at(cell, order) for cell in places]
    at = np.fromiter(map(places.__getitem__, cells), dtype="int64", count=len(cells))
    first, second, turned = (
        np.array([row[which] for row in known], dtype="datetime64[D]").astype("datetime64[s]")[at] for which in range(3)
    )
    kinds = np.array([row[3] for row in known], dtype="int8")[at]
    return View(order, Twofold(first, second), turned, kinds)


def _look_at(cell: Cell, order: str) -> tuple[dt.date | None, dt.date | None, dt.date | None, int]:
    """Return the day in the order, in the other order, with day and month exchanged, and the cell's kind."""
    found = None if no_date(cell) else understand(cell)
    if found is None:
        return None, None, None, _EMPTY
    if isinstance(found, tuple):
        return _look_at_figures(found, order)
    if found.day > _SMALL:
        return found, found, found, _FIXED_LARGE
    turned = dt.date(found.year, found.day, found.month)
    return found, found, turned, _FIXED_SMALL if turned != found else _EMPTY


def _look_at_figures(figures: Triple, order: str) -> tuple[dt.date | None, dt.date | None, dt.date | None, int]:
    here = in_order(figures, order)
    there = in_order(figures, _OTHER[order]) if order in _OTHER else None
    if here and there:
        return here, there, here, _OPEN if here != there else _EMPTY
    day = here or there
    return day, day, day, _PLAIN if here else _AGAINST if there else _EMPTY
