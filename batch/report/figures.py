"""Columns of the tables → lists of what JSON can hold: decimal strings, ISO dates, null for what is empty.

Whole columns at a time, because a large ledger has hundreds of thousands of cells.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from batch.core.currencies import minor_units


@lru_cache(maxsize=8192)
def decimal_string(minor: int, currency: str) -> str:
    """Return an amount in minor units as a decimal string: 123456 EUR → "1234.56", 1500 JPY → "1500"."""
    decimals = minor_units(currency)
    if not decimals:
        return str(minor)
    digits = str(abs(minor)).zfill(decimals + 1)
    return f"{'-' if minor < 0 else ''}{digits[:-decimals]}.{digits[-decimals:]}"


def decimal_strings(amounts: pd.Series, currencies: pd.Series) -> list[str]:
    """Return a column of amounts in minor units as decimal strings."""
    return [
        decimal_string(minor, currency) for minor, currency in zip(amounts.tolist(), currencies.tolist(), strict=True)
    ]


def iso_days(days: pd.Series) -> list[str | None]:
    """Return a column of days as ISO dates, null where there is none."""
    written: list[str] = days.to_numpy("datetime64[D]").astype(str).tolist()
    return [None if day == "NaT" else day for day in written]


def or_null(texts: pd.Series) -> list[str | None]:
    """Return a column of texts, null where they are empty or missing."""
    return [text or None for text in texts.fillna("").tolist()]


def records(columns: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Return equally long columns as one object per row."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def total_strings(items: pd.DataFrame) -> dict[str, str]:
    """Return the open amounts of items (tables.ITEMS) added up by currency, as decimal strings."""
    totals = items.groupby("currency")["open"].sum()
    return {str(currency): decimal_string(int(minor), str(currency)) for currency, minor in totals.items()}
