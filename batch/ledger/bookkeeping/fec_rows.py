"""The rows of a FEC → the same, those made whole again that a separator or a line break within a label has torn."""

import re
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from batch.ledger.files.sheets import Cell

_MONEY = ("debit", "credit", "amount")
_REPEATED = ("journal", "account_name", "customer_id")
_NOTHING = frozenset({"", 0, "0", "0,00", "0.00"})
_DECISIVE = ("account", "customer_id", "entry_date", "issue_date", "debit", "credit", "amount", "side", "lettering")
_LABELS = ("journal", "account_name", "customer_name", "description", "invoice_number")
_ACCOUNT = re.compile(r"\d\w*(?:\.0)?")
_DATE = re.compile(r"(?:19|20)\d{6}(?:\.0)?|\d{4}-\d\d-\d\d.*|\d\d/\d\d/\d{4}")
_AMOUNT = re.compile(r"[+-]?\s*[\d\s\u00a0\u202f.,]*")
_WITH_CENTS = re.compile(r"\d+[.,]\d\d")
_SIDE = re.compile(r"[A-Za-zé+-]{1,6}1?|[+-]?1")
_MOST_BREAKS = 4  # separators within the labels of one row that are tried


@dataclass(frozen=True)
class Mended:
    """A FEC's rows, those made whole in place; positions of the mended, and of those that cannot be read."""

    rows: list[list[Cell]]
    mended: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)


def mend(rows: list[list[Cell]], at: Mapping[str, int], width: int, end: int) -> Mended:
    """Put rows together again that a separator or a line break within a label has torn, where only one reading fits.

    `width` is how many columns have a heading; up to `end` stands what separators within labels pushed out of them. A row stays broken when several readings differ in account, customer,
    amount, date or lettering, or none fits.
    """
    suspects = [place for place in _suspects(rows, at) if any(cell != "" for cell in rows[place][:end])]
    if not suspects:
        return Mended(rows)
    found = Mended(list(rows))
    waiting = set(suspects)
    known = {
        name: {row[at[name]] for place, row in enumerate(rows) if place not in waiting}
        for name in _REPEATED
        if name in at
    }
    for place in suspects:
        if place not in waiting:
            continue
        whole = _rejoined(rows[place][:end], at, width, known)
        if whole is None and place + 1 in waiting:
            whole = _joined(rows[place][:end], rows[place + 1][:end], at, width)
            if whole is not None:
                waiting.discard(place + 1)
                found.rows[place + 1] = [""] * len(rows[place + 1])
        if whole is None:
            found.broken.append(place)
            found.rows[place] = [""] * len(rows[place])
        else:
            found.mended.append(place)
            found.rows[place] = [*whole, *[""] * (end - width), *rows[place][end:]]
    return found


def _suspects(rows: Sequence[Sequence[Cell]], at: Mapping[str, int]) -> list[int]:
    """Return the rows of which some column holds what it never can; each distinct cell is looked at once."""
    found: set[int] = set()
    for name in [name for name in _CHECKS if name in at]:
        fits, column = _CHECKS[name], [row[at[name]] for row in rows]
        wrong = {cell for cell in set(column) if not fits(cell)}
        if wrong:
            found.update(place for place, cell in enumerate(column) if cell in wrong)
    money = [[row[at[name]] for row in rows] for name in _MONEY if name in at]
    blank = [{cell for cell in set(column) if not _filled(cell)} for column in money]
    if all(blank):
        every = set().union(*blank)
        found.update(place for place, cells in enumerate(zip(*money, strict=True)) if every.issuperset(cells))
    return sorted(found)


def _filled(cell: Cell) -> bool:
    return cell != "" and not (isinstance(cell, str) and cell.isspace())


def _fits(pattern: re.Pattern[str], *, blank: bool = False) -> Callable[[Cell], bool]:
    """Return whether a cell has this form; numbers and days of a workbook do."""

    def fits(cell: Cell) -> bool:
        if not isinstance(cell, str):
            return True
        text = cell.strip()
        return pattern.fullmatch(text) is not None if text else blank

    return fits


def _no_amount(cell: Cell) -> bool:
    return not (isinstance(cell, str) and _WITH_CENTS.fullmatch(cell.strip()))


_CHECKS: Mapping[str, Callable[[Cell], bool]] = {
    "account": _fits(_ACCOUNT), "entry_date": _fits(_DATE), "issue_date": _fits(_DATE, blank=True),
    "debit": _fits(_AMOUNT, blank=True), "credit": _fits(_AMOUNT, blank=True), "amount": _fits(_AMOUNT, blank=True),
    "side": _fits(_SIDE), "lettering": _no_amount, "lettering_date": _fits(_DATE, blank=True),
    "valid_date": _fits(_DATE, blank=True),
}  # fmt: skip


def _stands(row: Sequence[Cell], at: Mapping[str, int]) -> bool:
    """Say whether a row could be an entry: account, dates, amounts and side have their forms, and an amount is there."""
    money = [row[at[name]] for name in _MONEY if name in at]
    return any(cell not in _NOTHING for cell in money) and all(
        fits(row[at[name]]) for name, fits in _CHECKS.items() if name in at
    )


def _rejoined(
    row: Sequence[Cell], at: Mapping[str, int], width: int, known: Mapping[str, AbstractSet[Cell]]
) -> list[Cell] | None:
    """Return the row with one label put together again, or None when no place, or several that differ, would do.

    Readings whose journal, account name and customer stand in sound rows too (`known`) go before others.
    """
    used = max((place for place, cell in enumerate(row) if cell != ""), default=-1) + 1
    padded = [*row[:used], *[""] * (width + _MOST_BREAKS)]
    for breaks in range(1, _MOST_BREAKS + 1):  # the fewest that will do: more of them swallow whole cells
        readings: dict[int, dict[tuple[Cell, ...], list[Cell]]] = {}
        for place in {at[name] for name in _LABELS if name in at}:
            label = " ".join(str(cell).strip() for cell in padded[place : place + breaks + 1])
            whole = [*padded[:place], label, *padded[place + breaks + 1 :]]
            if all(cell == "" for cell in whole[width:]) and _stands(whole, at):
                score = sum(whole[at[name]] in cells for name, cells in known.items())
                key = tuple(whole[at[name]] for name in _DECISIVE if name in at)
                readings.setdefault(score, {}).setdefault(key, whole[:width])
        if readings:
            best = list(readings[max(readings)].values())
            return best[0] if len(best) == 1 else None
    return None


def _joined(row: Sequence[Cell], after: Sequence[Cell], at: Mapping[str, int], width: int) -> list[Cell] | None:
    """Return two rows as one whose label held a line break, or None when they do not make an entry."""
    used, further = (
        max((place for place, cell in enumerate(each) if cell != ""), default=-1) + 1 for each in (row, after)
    )
    label = f"{row[used - 1]} {after[0]}".strip()
    whole = [*row[: used - 1], label, *after[1:further], *[""] * width]
    return whole[:width] if all(cell == "" for cell in whole[width:]) and _stands(whole, at) else None
