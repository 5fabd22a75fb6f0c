"""Amounts and days → texts as programs and people of several countries write them, for the tests of dialects."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from batch.core.currencies import minor_units

SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF", "JPY": "¥", "TND": "TND"}
EPOCH = dt.date(1899, 12, 30)
MONTHS = {
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    "français": (
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "de": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"),
}  # fmt: skip

# Three figures behind one mark: a thousand to one reader, a unit and thousandths to another.
_TWO_WAYS = re.compile(r"\D*\d{1,3}[.,]\d{3}\D*")


@dataclass(frozen=True)
class AmountForm:
    """How an amount is written: between thousands, before decimals, what a credit looks like, where the currency stands."""

    thousands: str = "\u00a0"
    decimal: str = ","
    negative: str = "-{}"
    currency: str = "{}"  # {} the figures, {sign} the currency's sign
    trimmed: bool = False  # zeros behind the last decimal are left out, as spreadsheets do in a csv

    def text(self, minor: int, currency: str) -> str:
        """Return the amount's text."""
        unit = minor_units(currency)
        whole, part = divmod(abs(minor), 10**unit)
        figures = f"{whole:,}".replace(",", self.thousands)
        decimals = f"{part:0{unit}d}" if unit else ""
        decimals = decimals.rstrip("0") if self.trimmed else decimals
        figures += f"{self.decimal}{decimals}" if decimals else ""
        text = self.currency.format(figures, sign=SIGNS[currency])
        return self.negative.format(text) if minor < 0 else text


def reads_two_ways(texts: Sequence[str]) -> bool:
    """Say whether one of these amounts is another one to a reader of another country."""
    return any(_TWO_WAYS.fullmatch(text) for text in texts)


DAY_FORMS: Mapping[str, Callable[[dt.date], str]] = {
    "dd/mm/yyyy": "{0:%d/%m/%Y}".format,
    "d/m/yyyy": lambda day: f"{day.day}/{day.month}/{day.year}",
    "dd.mm.yyyy": "{0:%d.%m.%Y}".format,
    "dd-mm-yyyy": "{0:%d-%m-%Y}".format,
    "dd/mm/yy": "{0:%d/%m/%y}".format,
    "dd.mm.yy": "{0:%d.%m.%y}".format,
    "dd/mm/yyyy 00:00": "{0:%d/%m/%Y} 00:00".format,
    "mm/dd/yyyy": "{0:%m/%d/%Y}".format,
    "m/d/yyyy": lambda day: f"{day.month}/{day.day}/{day.year}",
    "mm/dd/yy": "{0:%m/%d/%y}".format,
    "yyyy-mm-dd": "{0:%Y-%m-%d}".format,
    "yyyy/mm/dd": "{0:%Y/%m/%d}".format,
    "yyyymmdd": "{0:%Y%m%d}".format,
    "iso with time": "{0:%Y-%m-%d}T00:00:00".format,
    "12 sept. 2026": lambda day: f"{day.day} {MONTHS['fr'][day.month - 1]} {day.year}",
    "1er septembre 2026": lambda day: f"{day.day}{'er' if day.day == 1 else ''} {MONTHS['français'][day.month - 1]} {day.year}",
    "Sep 12, 2026": lambda day: f"{MONTHS['en'][day.month - 1]} {day.day}, {day.year}",
    "12-Sep-26": lambda day: f"{day.day:02d}-{MONTHS['en'][day.month - 1]}-{day:%y}",
    "12. September 2026": lambda day: f"{day.day}. {MONTHS['de'][day.month - 1]} {day.year}",
    "46000": lambda day: str((day - EPOCH).days),
}  # fmt: skip
IN_FIGURES = frozenset(form for form in DAY_FORMS if form[0] in "dm" and form != "46000")
ENOUGH = 3  # days beyond the 12th that show the order of a column: one or two may be slips of the pen


def order_is_open(days: Sequence[dt.date], form: str) -> bool:
    """Say whether too few of the days are beyond the 12th for day and month to be told apart."""
    return form in IN_FIGURES and sum(day.day > 12 for day in days) < ENOUGH
