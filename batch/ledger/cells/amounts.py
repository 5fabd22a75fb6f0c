"""Cells of money columns → int64 minor units: numbers as they are, texts in the one style that the whole column allows."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from batch.ledger.files.sheets import Cell
from batch.ledger.vocabulary import vocabulary

DECIMALS = (",", ".")
LARGEST = 10**15  # minor units: beyond this a float no longer holds every cent

_GAPS = " \t\u00a0\u2002\u2003\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u2060'’ʼ´`"  # between thousands
_SPACES = str.maketrans("", "", _GAPS)
_FAST = {
    ",": re.compile(r"-?(?:\d+|\d{1,3}(?:[ \u00a0\u202f.]\d{3})+),\d\d"),
    ".": re.compile(r"-?(?:\d+|\d{1,3}(?:[ \u00a0\u202f,]\d{3})+)\.\d\d"),
}
_FAST_DROP = str.maketrans("", "", " \u00a0\u202f.,")
# Digits with one kind of mark between thousands (also the Indian 1,00,000) and the other before the decimals.
_SHAPE = {
    ",": re.compile(r"(?P<whole>\d+|[1-9]\d{0,2}(?:\.\d{2,3})*\.\d{3})?(?:,(?P<part>\d*))?"),
    ".": re.compile(r"(?P<whole>\d+|[1-9]\d{0,2}(?:,\d{2,3})*,\d{3})?(?:\.(?P<part>\d*))?"),
}
_FIGURES = frozenset("0123456789.,-+()")
_GROUPED = re.compile(rf"[\s{_GAPS}](?!\d{{3}}(?!\d))\d")  # a space before digits that are not three
_SIGNS = str.maketrans({"−": "-", "–": "-", "‐": "-", "‑": "-", "﹣": "-", "－": "-"})


@dataclass(frozen=True)
class Amounts:
    """One typed column: minor units (0 where blank or unreadable), which cells hold an amount, which could not be read."""

    minor: np.ndarray
    given: np.ndarray
    unreadable: tuple[int, ...]


def is_blank(text: str) -> bool:
    """Say whether the text stands for nothing ("", N/A, néant)."""
    return not text or text.lower() in vocabulary().codes("blanks")


@cache
def _mark() -> re.Pattern[str]:
    """Return the pattern of a currency's sign or code before or after the figures."""
    words = sorted(vocabulary().codes("currencies"), key=len, reverse=True)
    one = f"((?i:{'|'.join(map(re.escape, words))}))"
    return re.compile(rf"^{one}\s*(?=[-\d(.,])|(?<=[\d).,\s-])\s*{one}$")


def parse(text: str, decimal: str, unit: int = 2) -> int | None:
    """Return the amount in 10**-unit of the currency, or None when the text is none.

    "(1 234,56)", "1 234,56-" and "−1 234,56 €" are negative, "-" is zero. More decimals than the unit has are rounded half away from zero.
    """
    if text.isdecimal() and text.isascii():
        return int(text + "0" * unit)
    if unit == 2 and _FAST[decimal].fullmatch(text):  # noqa: PLR2004  the fast form has two decimals
        return int(text.translate(_FAST_DROP))
    text = _without_currency(text.translate(_SIGNS))
    sign, text = _unsigned(text)
    text = _without_currency(text)
    if text == "" and sign < 0:
        return 0
    found = None if _GROUPED.search(text) else _SHAPE[decimal].fullmatch(text.translate(_SPACES))
    if found is None or not (found["whole"] or found["part"]):
        return None
    whole = (found["whole"] or "0").replace(",", "").replace(".", "")
    return sign * _scaled(whole, found["part"] or "", unit)


def _without_currency(text: str) -> str:
    if text and text[0] in _FIGURES and text[-1] in _FIGURES:
        return text
    return _mark().sub("", text).strip()


def _unsigned(text: str) -> tuple[int, str]:
    """Return the sign and the rest: a leading or trailing minus or brackets make it negative."""
    if text.startswith("(") and text.endswith(")"):
        return -1, text[1:-1].strip()
    if text.startswith("-"):
        return -1, text[1:].strip()
    if text.endswith("-"):
        return -1, text[:-1].strip()
    return 1, text.removeprefix("+")


def _scaled(whole: str, part: str, unit: int) -> int:
    kept = int(whole + part[:unit].ljust(unit, "0"))
    return kept + (len(part) > unit and part[unit] >= "5")


def currency_of(text: str) -> str:
    """Return the currency whose sign or code stands beside the figures ("$(250.00)" → USD), or ""."""
    found = _mark().search(text.translate(_SIGNS).strip("()- \u00a0\u202f"))
    mark = next((mark for mark in found.groups() if mark), "") if found else ""
    return vocabulary().codes("currencies").get(mark.lower(), "")


def texts_of(cells: Iterable[Cell]) -> list[str]:
    """Return the distinct texts of a column, blanks aside."""
    return [text for text in dict.fromkeys([cell for cell in cells if type(cell) is str]) if text]


def styles(texts: Sequence[str], cells: Sequence[Cell] = ()) -> tuple[str, ...]:
    """Return the decimal marks under which every text can be read; where none does, those that read the most of the cells."""
    texts = [text for text in texts if "," in text or "." in text]
    if survivors := tuple(mark for mark in DECIMALS if all(_fits(text, mark) for text in texts)):
        return survivors
    times = Counter(cells or texts)
    failures = {mark: sum(times[text] for text in texts if not _fits(text, mark)) for mark in DECIMALS}
    return tuple(mark for mark in DECIMALS if failures[mark] == min(failures.values()))


def _fits(text: str, mark: str) -> bool:
    return _FAST[mark].fullmatch(text) is not None or parse(text, mark) is not None


def is_plain(text: str, mark: str) -> bool:
    """Say whether the text has exactly two decimals behind the mark: then no other style reads it, and nothing is rounded."""
    return _FAST[mark].fullmatch(text) is not None


def differ(texts: Sequence[str]) -> bool:
    """Say whether the two styles read any of the texts differently."""
    return any(parse(text, ",") != parse(text, ".") for text in texts if "," in text or "." in text)


def decide(columns: Mapping[str, Sequence[Cell]], asked: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the decimal mark of each money column, and the columns for which it had to be assumed.

    A column that allows both takes what relance.toml says (`asked`), else what the other columns show; else its single mark
    stands between thousands (1,234 is not 1.234 euros), and that is an assumption.
    """
    texts = {name: texts_of(cells) for name, cells in columns.items()}
    allowed = {name: styles(found, columns[name]) for name, found in texts.items()}
    settled = {marks[0] for name, marks in allowed.items() if len(marks) == 1}
    decided, assumed = {}, []
    for name, marks in allowed.items():
        if asked in DECIMALS:
            decided[name] = asked
        elif len(marks) == 1:
            decided[name] = marks[0]
        elif len(settled) == 1:
            decided[name] = next(iter(settled))
        else:
            decided[name] = "." if any("," in text for text in texts[name]) else ","
            if differ(texts[name]):
                assumed.append(name)
    return decided, tuple(assumed)


def read_amounts(cells: Sequence[Cell], decimal: str, unit: int = 2) -> Amounts:
    """Type one column in minor units of 10**-unit."""
    count = len(cells)
    given = np.ones(count, dtype=bool)
    if set(map(type, cells)) == {float}:
        return _finish(np.array(cells, dtype="float64"), given, {}, [], unit)
    floats = np.zeros(count)
    texts: dict[int, int] = {}
    unreadable = []
    for place, cell in enumerate(cells):
        kind = type(cell)
        if kind is float or kind is int:
            floats[place] = cell  # type: ignore[assignment]  # the kind was just looked at
        elif (
            isinstance(cell, str)
            and cell
            and (minor := parse(cell, decimal, unit)) is not None
            and abs(minor) <= LARGEST
        ):
            texts[place] = minor
        else:
            given[place] = False
            if not (isinstance(cell, str) and is_blank(cell)):
                unreadable.append(place)
    return _finish(floats, given, texts, unreadable, unit)


def _finish(
    floats: np.ndarray, given: np.ndarray, texts: Mapping[int, int], unreadable: Sequence[int], unit: int
) -> Amounts:
    """Round the numbers, put the read texts among them; what no int64 of minor units could hold is unreadable."""
    huge = np.flatnonzero(~np.isfinite(floats) | (np.abs(floats) * 10.0**unit > LARGEST))
    floats[huge], given[huge] = 0, False
    minor_units = to_minor(floats, unit)
    if texts:
        minor_units[list(texts)] = list(texts.values())
    return Amounts(minor_units, given, tuple(sorted({*unreadable, *huge.tolist()})))


def to_minor(floats: np.ndarray, unit: int) -> np.ndarray:
    """Round floats to minor units, half away from zero, forgiving what binary fractions add (230.0700000000002 → 23007)."""
    scaled = np.round(np.nan_to_num(floats) * 10.0**unit, 4)
    rounded: np.ndarray = (np.sign(scaled) * np.floor(np.abs(scaled) + 0.5)).astype("int64")
    return rounded
