"""Text keys → whole numbers that stand for them within one plan, and back; and rows cut once by a column of codes.

Finding, comparing and grouping by a number costs a fraction of what it costs by a text. Numbers never leave core: every table
that a stage returns has its text keys (core/tables.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from batch.core.tables import TEXT

Array = np.ndarray[Any, Any]

NONE = 0  # the number of "": no item, no debtor


@dataclass(frozen=True)
class Keys:
    """Each key once; its place is its number. "" is the first."""

    texts: pd.Index

    def numbers(self, column: pd.Series) -> pd.Series:
        """Return the number of each key of a column, -1 for one that is not known."""
        return pd.Series(self.texts.get_indexer(pd.Index(column)), index=column.index, name=column.name)

    def words(self, numbers: pd.Series) -> pd.Series:
        """Return the keys that these numbers stand for."""
        return pd.Series(self.texts.array.take(numbers.to_numpy()), index=numbers.index, name=numbers.name)


def number(columns: Sequence[pd.Series], *, in_order: bool = False) -> tuple[Keys, list[Array]]:
    """Return the keys of these columns and, for each column, their numbers: in order of appearance or of the texts."""
    parts = [np.array([""], dtype=object), *(column.to_numpy(dtype=object) for column in columns)]
    numbers, texts = pd.factorize(np.concatenate(parts))
    if in_order:
        order = np.argsort(texts)
        place = np.empty(len(order), dtype="int64")
        place[order] = np.arange(len(order))
        numbers, texts = place[numbers], texts[order]
    ends = np.cumsum([len(part) for part in parts])
    return Keys(pd.Index(texts, dtype=TEXT)), np.split(numbers, ends[:-1])[1:]


@dataclass(frozen=True)
class Cut:
    """Rows and, for each code of one of their columns, the places of those that carry it, in order."""

    rows: pd.DataFrame
    places: dict[str, Array] = field(repr=False)

    @classmethod
    def by(cls, rows: pd.DataFrame, column: str) -> "Cut":
        """Cut rows by a column of few codes."""
        codes, names = pd.factorize(rows[column])
        return cls(rows, {str(name): np.flatnonzero(codes == code) for code, name in enumerate(names)})

    def having(self, *codes: str) -> bool:
        """Tell whether any row carries one of these codes."""
        return not self.places.keys().isdisjoint(codes)

    def of(self, *codes: str, columns: Sequence[str] = ()) -> pd.DataFrame:
        """Return the rows with one of these codes, with all columns or those that are named."""
        found = [self.places[code] for code in codes if code in self.places]
        rows = self.rows[list(columns)] if columns else self.rows
        return rows.iloc[np.sort(np.concatenate(found)) if found else slice(0)]
