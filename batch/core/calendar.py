"""Days: business days with holidays given as data, and date arithmetic on whole columns."""

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pandas as pd

DAY = "datetime64[s]"


def stamp(day: dt.date) -> pd.Timestamp:
    """Return the day as a timestamp in the unit all tables use."""
    return pd.Timestamp(day).as_unit("s")


def no_days(index: pd.Index) -> pd.Series:
    """Return a column of missing days."""
    return pd.Series(pd.NaT, index=index, dtype="datetime64[s]")


def days_between(earlier: pd.Series | pd.Timestamp, later: pd.Series | pd.Timestamp) -> pd.Series:
    """Return later minus earlier in whole days as float (NaN where either is missing)."""
    elapsed: pd.Series = (later - earlier) / pd.Timedelta(days=1)  # type: ignore[assignment, operator]
    return elapsed


def plus_days(days: pd.Series, count: pd.Series | int) -> pd.Series:
    """Return the days moved by so many calendar days; missing stays missing."""
    moved: pd.Series = (days + pd.to_timedelta(count, unit="D")).astype("datetime64[s]")
    return moved


def not_before(days: pd.Series, first: pd.Timestamp) -> pd.Series:
    """Return the days, none of them before the first; missing stays missing."""
    return days.mask(days < first, first)


def is_business_day(day: dt.date, holidays: Iterable[dt.date]) -> bool:
    """Tell whether mails may leave on that day: Monday to Friday and no public holiday."""
    return day.weekday() < 5 and day not in frozenset(holidays)  # noqa: PLR2004  Saturday is 5


def plus_business_days(days: pd.Series, count: int, holidays: Iterable[dt.date]) -> pd.Series:
    """Return the day so many business days later (0 = the day itself or the next business day); missing stays missing."""
    moved = pd.Series(pd.NaT, index=days.index, dtype=DAY)
    known = days.notna()
    if known.any():
        base = days[known].to_numpy().astype("datetime64[D]")
        off = np.array(sorted(holidays), dtype="datetime64[D]")
        moved[known] = np.busday_offset(base, count, roll="backward" if count else "forward", holidays=off).astype(DAY)
    return moved
