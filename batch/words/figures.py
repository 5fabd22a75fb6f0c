"""Figures and days → how a language writes them: the forms come from Babel once, then plain integer formatting is used.

Babel needs 20 microseconds for an amount; a run on a large ledger writes hundreds of thousands of them.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel.core import Locale, get_global
from babel.dates import format_date
from babel.numbers import format_currency, format_percent, get_decimal_symbol, get_group_symbol

from batch.core.currencies import minor_units

# English is the English of Europe: 25 Oct 2026, US$ told from other dollars.
LOCALES = {"fr": "fr_FR", "en": "en_GB"}
DAY_FORMS = {"fr": "short", "en": "medium"}
FIRST_OF_MONTH = {"fr": "1er", "en": "1"}

_SAMPLE = Decimal(1111)
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class AmountForm:
    """How amounts of one currency are written: what stands before and after the digits, and how many decimals."""

    before: str
    before_negative: str
    after: str
    decimals: int
    unit: int  # minor units in one major unit
    group: str
    point: str

    def write(self, minor: int) -> str:
        """Return the amount in words' form, exactly as Babel writes it with the currency's own decimals."""
        before, size = (self.before, minor) if minor >= 0 else (self.before_negative, -minor)
        if not self.decimals:
            return f"{before}{f'{size:,}'.replace(',', self.group)}{self.after}"
        major, rest = divmod(size, self.unit)
        grouped = f"{major:,}".replace(",", self.group)
        return f"{before}{grouped}{self.point}{rest:0{self.decimals}}{self.after}"


@lru_cache(maxsize=512)
def amount_form(language: str, currency: str) -> AmountForm:
    """Return the form of a currency (ISO 4217; an unknown one shows its code, "" shows none) in a language."""
    locale = LOCALES[language]
    before, after = _around(format_currency(_SAMPLE, currency, locale=locale))
    before_negative, _ = _around(format_currency(-_SAMPLE, currency, locale=locale))
    if before[-1:].isalpha():  # CLDR's currency spacing, which Babel leaves out: CHF 100, not CHF100
        before, before_negative = before + _NO_BREAK_SPACE, before_negative + _NO_BREAK_SPACE
    decimals = minor_units(currency)
    return AmountForm(
        before=before,
        before_negative=before_negative,
        after=after if currency else after.rstrip(),
        decimals=decimals,
        unit=10**decimals,
        group=str(get_group_symbol(locale)),
        point=str(get_decimal_symbol(locale)),
    )


def _around(written: str) -> tuple[str, str]:
    """Return what stands before the first and after the last digit."""
    places = [place for place, character in enumerate(written) if character.isdigit()]
    return written[: places[0]], written[places[-1] + 1 :]


@lru_cache(maxsize=16)
def _symbols(language: str) -> tuple[str, str]:
    return str(get_group_symbol(LOCALES[language])), str(get_decimal_symbol(LOCALES[language]))


@lru_cache(maxsize=16)
def _percent_around(language: str) -> tuple[str, str]:
    return _around(format_percent(1, locale=LOCALES[language]))


@lru_cache(maxsize=8192)
def write_number(language: str, value: float, decimals: int) -> str:
    """Return the number with the language's separators; what rounds to zero carries no sign."""
    group, point = _symbols(language)
    written = f"{value:z,.{decimals}f}"
    return written.replace(",", "\0").replace(".", point).replace("\0", group)


def write_percent(language: str, basis_points: int) -> str:
    """Return a rate given in hundredths of a percent (1240 → 12.40 %)."""
    before, after = _percent_around(language)
    return f"{before}{write_number(language, basis_points / 100, 2)}{after}"


@lru_cache(maxsize=8192)
def write_day(language: str, day: dt.date) -> str:
    """Return the day for tables and lists: 25/10/2026, 25 Oct 2026."""
    return str(format_date(day, DAY_FORMS[language], locale=LOCALES[language]))


@lru_cache(maxsize=8192)
def write_long_day(language: str, day: dt.date) -> str:
    """Return the day for letters: 25 octobre 2026, 1er octobre 2026, 25 October 2026."""
    written = str(format_date(day, "long", locale=LOCALES[language]))
    return f"{FIRST_OF_MONTH[language]}{written[1:]}" if day.day == 1 else written


@lru_cache(maxsize=1024)
def write_country(language: str, code: str) -> str:
    """Return a country's name by its code (ISO 3166 alpha-2); "" for one that is not known."""
    return str(Locale.parse(LOCALES[language]).territories.get(code, ""))


def countries() -> tuple[str, ...]:
    """Return the codes of countries (ISO 3166 alpha-2), those that no longer exist included."""
    return tuple(code for code in get_global("territory_currencies") if code not in ("EU", "ZZ"))
