"""DATEV's EXTF files: a line about the file above the headings; only the Buchungsstapel holds entries of customers.

Amounts stand without sign, Soll/Haben is said of Konto, and Gegenkonto has the other side. Belegdatum is day and month; the year
follows from the first line.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from batch.core.problem import RelanceError, Source
from batch.ledger.files.sheets import Cell, Sheet

MARKS = ("EXTF", "DTVF")
JOURNAL = "21"  # Datenkategorie: Buchungsstapel
HEADINGS = {
    "umsatz": "amount", "umsatzohnesollhabenkz": "amount", "umsatzohnesollhabenkennzeichen": "amount",
    "sollhabenkennzeichen": "side", "sollhabenkz": "side", "sh": "side", "wkzumsatz": "currency", "wkz": "currency",
    "konto": "customer_id", "gegenkonto": "contra", "gegenkontoohnebuschlüssel": "contra", "belegdatum": "issue_date",
    "belegfeld1": "invoice_number", "buchungstext": "description", "fälligkeit": "due_date",
    "generalumkehr": "reversal", "generalumkehrgu": "reversal", "skonto": "discount",
}  # fmt: skip
OWN_FIELDS = frozenset({"contra", "reversal", "discount"})
# Customers have accounts one figure longer than the ledger accounts (Sachkontenlänge), and these begin with 1 to 6.
FIRST_FIGURES = frozenset("123456")

_CATEGORY, _NAME, _YEAR_BEGINS = 2, 3, 12
_LENGTHS = frozenset("45678")
_MARKS = re.compile(r"[^a-zäöüß0-9]")
_CURRENCY = re.compile(r"[A-Z]{3}")
_USUAL_LENGTH = 4


@dataclass(frozen=True)
class Batch:
    """What the first line says: how many figures a ledger account has, when the period begins, the currency of the books."""

    length: int
    begins: dt.date | None
    currency: str

    def is_customer(self, account: str) -> bool:
        """Say whether an account is a customer's."""
        return account.isdigit() and len(account) == self.length + 1 and account[0] in FIRST_FIGURES

    def day(self, cell: Cell) -> dt.date | None:
        """Return the day of a Belegdatum (2102 or 21022018), by the period of the batch."""
        text = _figures(cell)
        if len(text) > len("ddmm"):
            return _day(text[-4:], text[-6:-4], text[:-6])
        if not text or self.begins is None:
            return None
        day, month = text[:-2], text[-2:]
        found = [each for year in (0, 1) if (each := _day(str(self.begins.year + year), month, day))]
        return next((each for each in found if each >= self.begins), found[-1] if found else None)


def batch(sheet: Sheet, source: Source) -> Batch | None:
    """Return what the first line of a DATEV file says, None for any other file.

    RelanceError DATEV-OTHER when the file holds something else than entries (accounts, master data …).
    """
    line = sheet.rows[0] if sheet.rows else []
    if not line or str(line[0]).strip().lstrip("\ufeff") not in MARKS:
        return None
    if len(line) <= _NAME:
        raise RelanceError("DATEV-OTHER", source, kind="")
    if _figures(line[_CATEGORY]) != JOURNAL:
        raise RelanceError("DATEV-OTHER", source, kind=str(line[_NAME]) or _figures(line[_CATEGORY]))
    # Some programs put one cell too many before the year, so the year is where a day stands before a length.
    pairs = range(_YEAR_BEGINS - 1, min(_YEAR_BEGINS + 3, len(line) - 3))
    year = next((at for at in pairs if _whole_day(line[at]) and _figures(line[at + 1]) in _LENGTHS), None)
    if year is None:
        return Batch(_USUAL_LENGTH, None, "")
    begins = _whole_day(line[year + 2]) or _whole_day(line[year])
    after = (str(cell).strip() for cell in line[year + 4 :])
    return Batch(int(_figures(line[year + 1])), begins, next((cell for cell in after if _CURRENCY.fullmatch(cell)), ""))


def places(headings: Sequence[str]) -> Mapping[str, int]:
    """Return our name → column of a Buchungsstapel's headings, {} when these are not such."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = HEADINGS.get(_MARKS.sub("", heading.lower()))
        if name and name not in found:
            found[name] = place
    return found if found.keys() >= {"amount", "side", "customer_id", "contra", "issue_date"} else {}


def columns(headings: Sequence[str]) -> Mapping[str, int]:
    """Return the canonical fields of a Buchungsstapel's headings."""
    return {name: place for name, place in places(headings).items() if name not in OWN_FIELDS}


def _figures(cell: Cell) -> str:
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    return text if text.isdigit() else ""


def _whole_day(cell: Cell) -> dt.date | None:
    text = _figures(cell)
    return _day(text[:4], text[4:6], text[6:]) if len(text) == len("yyyymmdd") else None


def _day(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
