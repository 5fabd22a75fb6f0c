"""One cell of an events file, as csv text or as a workbook's value → text, day or amount; ValueError when it is neither."""

import datetime as dt
import math
import re
from decimal import Decimal

from batch.core.currencies import minor_units

_FIRST, _LAST = dt.date(1990, 1, 1), dt.date(2100, 12, 31)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.Z+-]*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?: [\d:]*)?")
_SPACES = re.compile(r"[\s'’]")
_CURRENCY = re.compile(r"^(?:€|EUR|\$|£)|(?:€|EUR|\$|£)$")
_GROUPED = re.compile(r"-?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_PLACES_OF_A_GROUP = 3  # 1.234 is no question in a currency with three decimals
_CRUMBS = Decimal("0.000001")  # what binary sums of a workbook leave behind: 0.1 + 0.2
_MOST = 10**15  # minor units; int64 sums of such amounts stay exact


def text(cell: object) -> str:
    """Return the cell as text without blanks around it: 1001.0 is "1001", an empty cell ""."""
    return verbatim(cell).strip()


def verbatim(cell: object) -> str:
    """Return the cell as text as it was written."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def day(cell: object) -> dt.date | None:
    """Return the day a cell names (ISO or day first), None when it is empty."""
    if isinstance(cell, dt.datetime):
        return _plausible(cell.date())
    if isinstance(cell, dt.date):
        return _plausible(cell)
    written = text(cell)
    if not written:
        return None
    if found := _ISO.fullmatch(written):
        year, month, number = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.fullmatch(written):
        number, month, year = (int(part) for part in found.groups())
        year += 2000 if len(found[3]) == len("26") else 0
    else:
        raise ValueError(written)
    return _plausible(dt.date(year, month, number))


def amount(cell: object, currency: str) -> int:
    """Return the amount a cell holds in minor units of its currency, 0 when it is empty.

    Both 1234.56 and 1 234,56 are read; "1,234" could be either a thousand or a little more than one, and is refused.
    """
    if isinstance(cell, bool):
        raise ValueError(str(cell))  # noqa: TRY004  a cell that cannot be read, like any other
    if isinstance(cell, int | float) and not (isinstance(cell, float) and math.isnan(cell)):
        number = Decimal(str(cell))
    elif written := text(cell):
        number = _number(written, minor_units(currency))
    else:
        return 0
    minor = number.scaleb(minor_units(currency))
    if not minor.is_finite() or abs(minor) >= _MOST:
        raise ValueError(text(cell))
    whole = minor.quantize(Decimal(1))
    if abs(whole - minor) > _CRUMBS:
        raise ValueError(text(cell))
    return int(whole)


def count(cell: object) -> int:
    """Return a whole number, 0 when the cell is empty."""
    written = text(cell)
    if written and not re.fullmatch(r"\d{1,6}", written):
        raise ValueError(written)
    return int(written or 0)


def _number(written: str, places: int) -> Decimal:
    bare = _CURRENCY.sub("", _SPACES.sub("", written).replace("−", "-"))
    comma, point = bare.rfind(","), bare.rfind(".")
    grouped = _GROUPED.fullmatch(bare) if places != _PLACES_OF_A_GROUP else None
    if grouped and bare.count(grouped[1]) == 1:
        raise ValueError(written)
    if comma >= 0 and point >= 0:
        thousands = "." if comma > point else ","
        bare = bare.replace(thousands, "")
    elif grouped:
        bare = bare.replace(grouped[1], "")
    bare = bare.replace(",", ".")
    if not re.fullmatch(r"-?\d+(\.\d+)?", bare):
        raise ValueError(written)
    return Decimal(bare)


def _plausible(found: dt.date) -> dt.date:
    if not _FIRST <= found <= _LAST:
        raise ValueError(found.isoformat())
    return found
