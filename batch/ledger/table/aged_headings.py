"""Headings of an aged balance ("Non échu", "31-60", "> 90 jours") → the days late that each of its columns stands for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from batch.ledger.vocabulary import plain, vocabulary

NOT_DUE = -1  # the nearest day of what is not due: before its day, nobody knows how long

_MONTH = 30  # days
_LARGEST = 999  # days late that a heading may name; more is a year
_FEWEST = 2  # columns that make an aged balance
_TOKENS = re.compile(r"[a-z]+|\d+|[<>=+]")
_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}")  # "Not due on 11/20/2026"
_SIGNS = str.maketrans({"≥": ">", "≤": "<", "_": " "})


@dataclass(frozen=True)
class Bucket:
    """One column of an aged balance: its 0-based place, its heading, and the least days late it holds (NOT_DUE: not due)."""

    place: int
    heading: str
    days: int


@dataclass(frozen=True)
class Span:
    """What one heading says: least and most days late, None where it leaves them to its neighbours."""

    low: int | None
    high: int | None


def find_buckets(headings: Sequence[str], taken: Sequence[int]) -> tuple[Bucket, ...]:
    """Return the columns of an aged balance in the order of their days, () when the headings hold none.

    Columns of other fields (`taken`) are left alone. Two columns at least, one of them for what is late; spans that overlap are none.
    """
    found = [
        (place, span) for place, text in enumerate(headings) if text and place not in taken and (span := span_of(text))
    ]
    if len(found) < _FEWEST:
        return ()
    if any(span not in {OVERDUE, FUTURE} for _, span in found):
        found = [(place, span) for place, span in found if span != OVERDUE]  # the sum of the others
    buckets: list[Bucket] = []
    reached = 0
    for place, span in sorted(found, key=_order):
        low, high = _settled(span, reached)
        if buckets and low != NOT_DUE and low <= buckets[-1].days:
            return ()
        if low != NOT_DUE and low < reached:
            return ()
        buckets.append(Bucket(place, headings[place], low))
        reached = max(reached, high)
    return tuple(buckets) if len(buckets) >= _FEWEST and any(bucket.days > 0 for bucket in buckets) else ()


def _order(found: tuple[int, Span]) -> tuple[int, int]:
    _, span = found
    if span == FUTURE:
        return (0, 0)
    if span.high is not None:
        return (1, span.high)
    return (2, span.low or 0)


def _settled(span: Span, reached: int) -> tuple[int, int]:
    """Return least and most days: "60 days" after "30 days" begins at 31, "> 90" after "61-90" at 91."""
    if span == FUTURE:
        return NOT_DUE, 0
    if span.high is None:  # open: from the day after all others
        return (reached + 1 if reached else span.low or 1), _LARGEST
    return (reached + 1 if span.low is None else span.low), span.high


FUTURE = Span(None, NOT_DUE)
OVERDUE = Span(1, None)
OLDER = Span(None, None)
_WORDED = {"not_due": FUTURE, "overdue": OVERDUE, "older": OLDER}


@lru_cache(maxsize=4096)
def span_of(heading: str) -> Span | None:
    """Return what a heading says of days late, None when it is none of an aged balance."""
    heading = _DAY.sub("", heading)
    words = vocabulary().groups["aged"]
    tokens = _TOKENS.findall(_readable(heading))
    letters = [token for token in tokens if token.isalpha()]
    numbers = [int(token) for token in tokens if token.isdecimal()]
    known = {*words["filler"], *words["open"], *words["under"], *words["older"]}
    if not tokens or len(numbers) > 2 or any(number > _LARGEST for number in numbers):  # noqa: PLR2004  from and to
        return None
    if not numbers:
        return _without_numbers(plain(heading.replace("_", " ")))
    if any(word not in known and word not in words["not_due"] for word in letters):
        return None
    unit = _MONTH if set(letters) & set(words["months"]) else 1
    if len(numbers) == 2:  # noqa: PLR2004  from and to
        low, high = (number * unit for number in numbers)
        return Span(low, high) if low < high and not set(tokens) & set("<>") else None
    return _with_one_number(numbers[0] * unit, unit, set(tokens))


def _without_numbers(text: str) -> Span | None:
    aged = vocabulary().groups["aged"]
    short = " ".join(word for word in text.split() if word not in ("amount", "montant", "solde", "balance"))
    return next((span for code, span in _WORDED.items() if short in aged[code]), None)


def _with_one_number(days: int, unit: int, tokens: set[str]) -> Span | None:
    """Understand "> 90", "90+", "< 30", "1 month", "60 days"; a bare number needs its neighbours."""
    words = vocabulary().groups["aged"]
    if tokens & {">", "+", *words["open"]}:
        return Span(days, None)
    if tokens & {"<", *words["under"]}:
        return Span(None, days - (unit > 1))
    if unit > 1:
        return Span(days, days + unit - 1)
    return Span(None, days)


def _readable(heading: str) -> str:
    """Return the heading in lower case without accents; the signs < and > stay."""
    return "".join(
        plain(part) if part not in "<>=+" else part for part in re.split(r"([<>=+])", heading.translate(_SIGNS))
    )
