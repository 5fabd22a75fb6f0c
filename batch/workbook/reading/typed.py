"""What a person typed into a cell → a word's code, a day, an amount, an address or invoice numbers; None = not understood.

Programs turn what is typed into days and numbers by their own lights, and people paste, so every form is met here.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from openpyxl.utils.datetime import from_excel

from batch.core.currencies import minor_units
from batch.words import LANGUAGES, for_language

MONTHS = (
    ("janv", "jan"), ("fevr", "feb"), ("mars", "mar"), ("avr", "apr"), ("mai", "may"), ("juin", "jun"), ("juil", "jul"),
    ("aou", "aug"), ("sep", "sep"), ("oct", "oct"), ("nov", "nov"), ("dec", "dec"),
)  # fmt: skip
FIRST_YEAR, LAST_YEAR = 2000, 2100
# A day typed into a cell that lost its date format is a count of days; these are the years 2000 to 2100.
SERIALS = range(36526, 73416)

_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ t]00:00(?::00)?)?")
_WRITTEN_DAY = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th)? ?([a-z]{3,9})\.? ?(\d{4})")
_PLAIN_AMOUNT = re.compile(r"\d+(?:[.,]\d{1,3})?")
_GROUPED = {" ": re.compile(r"\d{1,3}(?: \d{3})+(?:[.,]\d{1,3})?"), ",": re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,3})?"),
            ".": re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,3})?")}  # fmt: skip
_CURRENCY_MARKS = re.compile(r"[€$£¥]|\b[A-Z]{3}\b|\beuros?\b")
_ADDRESS = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"().]+(?:\.[^@\s,;<>\"().]+)+")
_BETWEEN_NUMBERS = re.compile(r"\s*[,;\n]\s*|\s+(?:et|and|&|\+)\s+")


def plain(value: object) -> str:
    """Return what stands in a cell as text, without spaces around it: 42.0 is 42, an empty cell is ""."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """Return the text without accents, case, stray spaces or typographic variants: what two spellings have in common."""
    marks = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "\u2011": "-", "\u200b": None})
    bare = unicodedata.normalize("NFKD", text.translate(marks))
    return " ".join("".join(mark for mark in bare if not unicodedata.combining(mark)).casefold().split())


@lru_cache(maxsize=32)
def spellings(group: str, codes: tuple[str, ...]) -> Mapping[str, str]:
    """Return the code of each word that may be typed: its label in any language, or the code itself."""
    written = {normal(code): code for code in codes}
    for language in LANGUAGES:
        words = for_language(language)
        written |= {normal(words.label(group, code)): code for code in codes}
    return written


def word(value: object, group: str, codes: tuple[str, ...]) -> str | None:
    """Return the code of the word that was typed, in whichever language."""
    return spellings(group, codes).get(normal(plain(value)))


def day(value: object, language: str) -> dt.date | None:
    """Return the day: a date cell, a count of days, 25/10/2026, 2026-10-25, 25 octobre 2026, 25 Oct 2026.

    Figures are read day first; in English only where no other day can be meant.
    """
    if isinstance(value, dt.datetime):
        found: dt.date | None = value.date()
    elif isinstance(value, dt.date):
        found = value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        found = _counted_day(value)
    else:
        found = _written_day(normal(plain(value)), language)
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None


def _written_day(text: str, language: str) -> dt.date | None:
    if match := _ISO_DAY.fullmatch(text):
        return _valid(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY.fullmatch(text):
        return _day_first(int(match[1]), int(match[2]), match[3], language)
    if match := _WRITTEN_DAY.fullmatch(text):
        return _valid(int(match[3]), _month(match[2]), int(match[1]))
    return None


def _counted_day(count: float) -> dt.date | None:
    if int(count) not in SERIALS:
        return None
    found = from_excel(int(count))
    return found.date() if isinstance(found, dt.datetime) else None


def _day_first(first: int, second: int, year: str, language: str) -> dt.date | None:
    # 03/04/2026 is two different days to English readers: a question is better than the wrong one.
    if language == "en" and first != second and max(first, second) <= len(MONTHS):
        return None
    return _valid(int(year) if len(year) > 2 else FIRST_YEAR + int(year), second, first)  # noqa: PLR2004  26 is 2026


def _month(name: str) -> int:
    return next((number for number, starts in enumerate(MONTHS, start=1) if name.startswith(starts)), 0)


def _valid(year: int, month: int, of_month: int) -> dt.date | None:
    try:
        return dt.date(year, month, of_month)
    except ValueError:
        return None


def amount(value: object, currency: str, language: str) -> int | None:
    """Return the amount in minor units, above zero: a number, or text such as 1 234,56 €, 1,234.56, 1.234,56."""
    exact = _exact(value, language)
    if exact is None or exact <= 0:
        return None
    return int((exact * 10 ** minor_units(currency)).quantize(Decimal(1), ROUND_HALF_UP)) or None


def _exact(value: object, language: str) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return Decimal(str(value)) if value == value and abs(value) != float("inf") else None  # noqa: PLR0124  NaN
    text = " ".join(_CURRENCY_MARKS.sub("", plain(value)).split())
    if _PLAIN_AMOUNT.fullmatch(text) and (decimals := _decimals(text)) is not None:
        return decimals
    return _grouped(text, language)


def _decimals(text: str) -> Decimal | None:
    """Return an amount without groups; three digits after the mark may be a group, so they are none of its decimals."""
    after = re.split(r"[.,]", text)[1:]
    return None if after and len(after[0]) == 3 else Decimal(text.replace(",", "."))  # noqa: PLR2004  a group has three


def _grouped(text: str, language: str) -> Decimal | None:
    for mark, form in _GROUPED.items():
        # One mark and three digits, 1.234 or 1,234, is a group only where the language groups so.
        lone = mark != " " and re.fullmatch(r"\d{1,3}[.,]\d{3}", text)
        if form.fullmatch(text) and not (lone and (language, mark) != ("en", ",")):
            return Decimal(text.replace(mark, "").replace(",", "."))
    return None


def address(value: object) -> str | None:
    """Return the one e-mail address of the cell, with or without "mailto:", a name or angle brackets."""
    found = _ADDRESS.findall(plain(value).removeprefix("mailto:"))
    if len(found) != 1 or plain(value).count("@") != 1:
        return None
    return found[0] if found[0].partition("@")[0].isascii() else None  # no mail leaves to é@…


def is_all(value: object) -> bool:
    """Return whether the cell says that every invoice is meant."""
    said = {
        normal(text) for language in LANGUAGES for text in for_language(language).label("dispute", "all").split("|")
    }
    return normal(plain(value)) in said


def numbers(value: object, known: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the invoice numbers of the cell as the ledger writes them, and what is none of the known ones."""
    written = {_bare(number): number for number in known}
    whole = plain(value)
    if _bare(whole) in written:
        return [written[_bare(whole)]], []
    parts = [part for part in _BETWEEN_NUMBERS.split(whole) if part]
    found = [written[_bare(part)] for part in parts if _bare(part) in written]
    return list(dict.fromkeys(found)), [part for part in parts if _bare(part) not in written]


def _bare(number: str) -> str:
    return normal(number).replace(" ", "")
