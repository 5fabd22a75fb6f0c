"""Amounts, numbers, rates and days in words: as Babel writes them, only faster."""

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.core.currencies import minor_units
from batch.words import Words, for_language
from batch.words.figures import LOCALES

THIN, FIXED = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"


@settings(deadline=None)
@given(
    language=st.sampled_from(["fr", "en"]),
    currency=st.sampled_from(["EUR", "USD", "GBP", "JPY", "CAD", "KRW"]),
    minor=st.integers(-(10**13), 10**13),
)
def test_amounts_are_those_of_babel(language: str, currency: str, minor: int) -> None:
    """Every amount reads as Babel writes it, with the currency's own decimals."""
    amount = Decimal(minor).scaleb(-minor_units(currency))
    assert for_language(language).amount(minor, currency) == format_currency(amount, currency, locale=LOCALES[language])


@pytest.mark.parametrize(
    ("language", "minor", "currency", "expected"),
    [
        ("fr", 123456, "EUR", f"1{THIN}234,56{FIXED}€"),
        ("fr", -5, "EUR", f"-0,05{FIXED}€"),
        ("fr", 123456789, "USD", f"1{THIN}234{THIN}567,89{FIXED}$US"),
        ("en", 123456, "EUR", "€1,234.56"),
        ("en", -100, "USD", "-US$1.00"),
        ("en", 1500, "JPY", "JP¥1,500"),
        ("en", 123456, "CHF", f"CHF{FIXED}1,234.56"),
        ("fr", 1234567, "TND", f"1{THIN}234,567{FIXED}TND"),
        ("fr", 100, "ZZZ", f"1,00{FIXED}ZZZ"),
        ("fr", 100, "", "1,00"),
        ("en", 100, "", "1.00"),
    ],
)
def test_amounts_by_hand(language: str, minor: int, currency: str, expected: str) -> None:
    """Amounts as a clerk writes them; letters keep their distance from digits, an unknown currency shows its code."""
    assert for_language(language).amount(minor, currency) == expected


@settings(deadline=None)
@given(language=st.sampled_from(["fr", "en"]), day=st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)))
def test_days_are_those_of_babel(language: str, day: dt.date) -> None:
    """Days read as Babel's short French and medium English forms."""
    form = {"fr": "short", "en": "medium"}[language]
    assert for_language(language).date(day) == format_date(day, form, locale=LOCALES[language])


def test_days_by_hand() -> None:
    """The same day for a table and for a letter, in both languages, also from pandas."""
    fr, en, day = for_language("fr"), for_language("en"), dt.date(2026, 10, 25)
    assert (fr.date(day), fr.long_date(day)) == ("25/10/2026", "25 octobre 2026")
    assert (en.date(day), en.long_date(day)) == ("25 Oct 2026", "25 October 2026")
    assert fr.date(pd.Timestamp("2026-10-25 17:30")) == "25/10/2026"


def test_countries_by_name() -> None:
    """A country's name for an address, in the language of the post office that takes the letter; nothing for an unknown code."""
    fr, en = for_language("fr"), for_language("en")
    assert [fr.country(code) for code in ("BE", "DE", "XX", "")] == ["Belgique", "Allemagne", "", ""]
    assert en.country("DE") == "Germany"


def test_the_first_of_a_month_is_first_in_french() -> None:
    """French letters write 1er octobre, tables 01/10, English letters 1 October."""
    day = dt.date(2026, 10, 1)
    assert for_language("fr").long_date(day) == "1er octobre 2026"
    assert for_language("fr").date(day) == "01/10/2026"
    assert for_language("en").long_date(day) == "1 October 2026"


def test_a_missing_day_is_empty() -> None:
    """NaT, pandas' missing day, writes nothing."""
    words = for_language("fr")
    assert (words.date(pd.NaT), words.long_date(pd.NaT)) == ("", "")


@settings(deadline=None)
@given(language=st.sampled_from(["fr", "en"]), value=st.integers(-(10**9), 10**9))
def test_whole_numbers_are_those_of_babel(language: str, value: int) -> None:
    """Thousands stand apart as the language has them."""
    assert for_language(language).number(value) == format_decimal(value, locale=LOCALES[language])


def test_numbers_and_rates_by_hand() -> None:
    """Decimals as asked; a rate is given in hundredths of a percent; what rounds to nothing has no sign."""
    fr, en = Words("fr"), Words("en")
    assert (fr.number(1234.56, 1), en.number(1234.56, 1)) == (f"1{THIN}234,6", "1,234.6")
    assert fr.number(-0.04, 1) == "0,0"
    assert (fr.percent(1240), en.percent(1240)) == (f"12,40{FIXED}%", "12.40%")
    assert fr.percent(275) == f"2,75{FIXED}%"
