"""Days: business days with holidays given as data, payment terms, and date arithmetic on whole columns."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

DAY = "datetime64[s]"
A_DAY = np.timedelta64(1, "D")

# Where "45 jours fin de mois" takes the end of the month. The law allows both (code de commerce L441-10 I, as the French
# authority for competition reads it): the days first, then the end of that month; or the end of the month of issue, then the days.
AFTER_DAYS, BEFORE_DAYS = "after", "before"


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
    moved = days.to_numpy().astype(DAY) + np.asarray(count).astype("timedelta64[D]")
    return pd.Series(moved, index=days.index, name=days.name)


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


@dataclass(frozen=True)
class Terms:
    """When an invoice falls due, counted from its issue: "30 jours fin de mois le 10" is days=30, month_end=True, day=10."""

    days: int = 0
    months: int = 0
    month_end: bool = False
    end_first: bool = False  # "net 30 EOM": the month's end comes before the days, whatever the settings say
    day: int = 0  # of the month on which one pays, the first on or after the day reached; 0 = any


def due_days(issued: np.ndarray, terms: Terms, month_end: str = AFTER_DAYS) -> np.ndarray:
    """Return the due days (datetime64[s]) of invoices issued on these days; missing stays missing.

    `month_end` is AFTER_DAYS or BEFORE_DAYS. A month is a calendar month: one month after 31 January is the last of February.
    """
    reached = _plus_months(issued.astype("datetime64[D]"), terms.months)
    if terms.month_end and (terms.end_first or month_end == BEFORE_DAYS):
        reached = last_of_month(reached) + terms.days * A_DAY
    else:
        reached = reached + terms.days * A_DAY
        reached = last_of_month(reached) if terms.month_end else reached
    due: np.ndarray = (_next_day_of_month(reached, terms.day) if terms.day else reached).astype(DAY)
    return due


def _month_start(days: np.ndarray, later: int = 0) -> np.ndarray:
    start: np.ndarray = (days.astype("datetime64[M]") + np.timedelta64(later, "M")).astype("datetime64[D]")
    return start


def last_of_month(days: np.ndarray, later: int = 0) -> np.ndarray:
    """Return the last day of each day's month, or of the month so many months later; missing stays missing."""
    end: np.ndarray = _month_start(days, later + 1) - A_DAY
    return end


def _plus_months(days: np.ndarray, months: int) -> np.ndarray:
    if not months:
        return days
    within = days - _month_start(days)
    moved: np.ndarray = np.minimum(_month_start(days, months) + within, last_of_month(days, months))
    return moved


def _next_day_of_month(days: np.ndarray, day: int) -> np.ndarray:
    """Return the first such day of a month on or after each day; a month that is too short takes its last day."""
    this, following = (
        np.minimum(_month_start(days, later) + (day - 1) * A_DAY, last_of_month(days, later)) for later in (0, 1)
    )
    found: np.ndarray = np.where(this >= days, this, following)
    return found
