"""The text of a date cell → its day, or three figures whose order is open; and which other calendar a text is written in."""

import datetime as dt
import re
from functools import cache

from batch.ledger.vocabulary import plain, vocabulary

EARLIEST, LATEST = dt.date(1970, 1, 1), dt.date(2100, 12, 31)
EPOCH = dt.date(1899, 12, 30)  # day 0 of Excel's serials from March 1900 on
SERIALS = (20_000, 80_000)  # 1954 to 2119: a number in a date column that is a serial

_CENTURY = 100  # a year below it has two figures
_MARK = r"\s*[-/. ]\s*"
_TIME = r"(?:[T ,]+\d{1,2}[:h.]\d{2}(?:[:.]\d{2}(?:[.,:]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|UTC|GMT|CES?T)?(?:[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}}){_MARK}(\d{{1,2}}){_MARK}(\d{{1,2}})\.?" + _TIME)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_COMPACT_YEAR_LAST = re.compile(r"(\d{2})(\d{2})((?:19|20)\d{2})")
# 050826, as Sage and Quadra write, or 260805; of years from 20 on. Accounts of customers (411001) are none.
_SIX = re.compile(r"(?=[0-3]\d[01]\d[2-4]\d|[23]\d[01]\d[0-3]\d)(\d\d)(\d\d)(\d\d)")
_THREE = re.compile(rf"(\d{{1,2}}){_MARK}(\d{{1,2}}){_MARK}(\d{{4}}|\d{{2}})\.?" + _TIME)
_SERIAL_TEXT = re.compile(r"\d{5}(?:[.,]\d+)?")
_TIME_AFTER = re.compile(r"[T ,]\s*\d{1,2}[:h]\d{2}.*$")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th)? ?(?:de |of )?([a-z]+) ?(\d{4}|\d{2})")
_MONTH_DAY = re.compile(r"([a-z]+) ?(\d{1,2})(?:er|st|nd|rd|th)? (\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4}) ?([a-z]+) ?(\d{1,2})")
_CLOCK_BEFORE_YEAR = re.compile(r" \d{1,2}:\d{2}:\d{2}(?: [A-Z]{2,5})?(?= \d{4}$)")  # Fri Nov 20 00:00:00 CET 2026
_WEEKDAY = re.compile(r"([^\W\d_]+)[.,]*\s+(?=\S)")
_FRAGMENTS = re.compile(r"[\s/.\-_:]+")  # an input mask that nobody filled in: "  /  /    "

# Calendars other than the Gregorian, by what their dates look like today; the year's range is that of the last decades.
_YEAR_RANGES = ((1385, 1420, "Jalali"), (1421, 1460, "Hijri"), (2540, 2599, "Buddhist"), (5760, 5799, "Hebrew"))
_ANY_YEAR = re.compile(r"(?:(\d{4})\D\d{1,2}\D\d{1,2}|\d{1,2}\D\d{1,2}\D(\d{4})|(\d{4})\d{4})(?:\D.*)?")
_JAPANESE = re.compile(r"(?:令和|平成|昭和|[RHS])\s?(?:\d{1,2}|元)\s?[年./-]\s?\d{1,2}\s?[月./-]\s?\d{1,2}日?")
_MINGUO = re.compile(r"(?:民國)?\s?(?:9\d|1[0-3]\d)[/.年-]\s?\d{1,2}[/.月-]\s?\d{1,2}日?")
_MINGUO_LENGTH = 3  # figures of the year: two would be a day or a month

Triple = tuple[int, int, int]


def understand_text(text: str) -> dt.date | Triple | None:
    """Return the day, or three figures whose order is open, or None when the text is no date."""
    if found := _THREE.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _YEAR_FIRST.fullmatch(text):
        return day_of(int(found[1]), int(found[2]), int(found[3]))
    if _SERIAL_TEXT.fullmatch(text):
        return from_number(float(text.replace(",", ".")))
    if found := _COMPACT_YEAR_LAST.fullmatch(text):
        return from_digits(text) or (int(found[1]), int(found[2]), int(found[3]))
    if found := _SIX.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    return from_digits(text) or _in_words(text)


def from_number(number: float) -> dt.date | None:
    """Read an Excel serial, or a day written as the number 20261120."""
    if SERIALS[0] <= number <= SERIALS[1]:
        return bounded(EPOCH + dt.timedelta(days=int(number)))
    return from_digits(f"{number:.0f}")


def from_digits(text: str) -> dt.date | None:
    """Read 20261120."""
    found = _COMPACT.fullmatch(text)
    return day_of(*map(int, found.groups())) if found else None


def full_year(year: int) -> int:
    """Two figures mean 1970 to 2069."""
    return year if year >= _CENTURY else year + (2000 if year < EARLIEST.year - 1900 else 1900)


def bounded(day: dt.date) -> dt.date | None:
    """Return the day when a ledger can hold it."""
    return day if EARLIEST <= day <= LATEST else None


def day_of(year: int, month: int, day: int) -> dt.date | None:
    """Return the day when the calendar has it and a ledger can hold it."""
    try:
        return bounded(dt.date(year, month, day))
    except ValueError:
        return None


def in_order(triple: Triple, order: str) -> dt.date | None:
    """Return the day that three figures mean in this order, or None when there is no such day."""
    first, second, third = triple
    if order == "dmy":
        return day_of(full_year(third), second, first)
    if order == "mdy":
        return day_of(full_year(third), first, second)
    return day_of(full_year(first), second, third)


def is_unfilled(text: str) -> bool:
    """Say whether only the marks of an input mask stand in the cell."""
    return _FRAGMENTS.fullmatch(text) is not None


def foreign_calendar(text: str) -> str:
    """Return the name of the calendar in which the text is a date of our days, "" when it is none but perhaps Gregorian."""
    if _JAPANESE.fullmatch(text):
        return "Japanese"
    if _MINGUO.fullmatch(text) and len(re.findall(r"\d+", text)[0]) == _MINGUO_LENGTH:
        return "Minguo"
    found = _ANY_YEAR.fullmatch(text)
    year = int(next(filter(None, found.groups()))) if found else 0
    return next((name for first, last, name in _YEAR_RANGES if first <= year <= last), "")


def _in_words(text: str) -> dt.date | Triple | None:
    """Read a date with the name of its month or of its weekday."""
    weekday, rest = _weekday(text)
    if weekday is not None:
        day = understand_text(rest)
        return _on_weekday(day, weekday) if isinstance(day, tuple) else day
    months = vocabulary().codes("months")
    normal = plain(_TIME_AFTER.sub("", _CLOCK_BEFORE_YEAR.sub("", text)))
    if (found := _DAY_MONTH.fullmatch(normal)) and found[2] in months:
        return day_of(full_year(int(found[3])), int(months[found[2]]), int(found[1]))
    if (found := _MONTH_DAY.fullmatch(normal)) and found[1] in months:
        return day_of(int(found[3]), int(months[found[1]]), int(found[2]))
    if (found := _YEAR_MONTH.fullmatch(normal)) and found[2] in months:
        return day_of(int(found[1]), int(months[found[2]]), int(found[3]))
    return None


@cache
def _weekdays() -> dict[str, int]:
    return {word: int(code) for word, code in vocabulary().codes("weekdays").items()}


def _weekday(text: str) -> tuple[int | None, str]:
    """Return the weekday (Monday 0) that stands before a date, and the date; a month's name that reads the same is none."""
    found = _WEEKDAY.match(text)
    if not found or (number := _weekdays().get(plain(found[1]))) is None:
        return None, text
    rest = text[found.end() :]
    return (None, text) if plain(found[1]) in vocabulary().codes("months") and _is_month_day(rest) else (number, rest)


def _is_month_day(rest: str) -> bool:
    """Say whether a day and a year alone follow, as in "Mar 12, 2026": then the word before them is March."""
    return re.fullmatch(r"\d{1,2}(?:st|nd|rd|th|er)? \d{4}", plain(_TIME_AFTER.sub("", rest))) is not None


def _on_weekday(triple: Triple, weekday: int) -> dt.date | Triple:
    """Return the one day among the orders of day and month that falls on the weekday; else the order stays open."""
    days = {day for order in ("dmy", "mdy") if (day := in_order(triple, order)) and day.weekday() == weekday}
    return days.pop() if len(days) == 1 else triple
