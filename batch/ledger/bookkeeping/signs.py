"""Typed columns in any form of debit and credit → one signed amount, a customer's debit positive; and whether rows are movements.

Forms: two columns; an amount and its side (D/C, Dr/Cr, S/H, +1/-1, Sage's 0/1); the side after the figures ("120,00 C"); a
signed movement.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from batch.core.problem import Severity
from batch.ledger.cells.amounts import Amounts
from batch.ledger.cells.typed import Typed
from batch.ledger.files.sheets import Cell
from batch.ledger.table.columns import MONEY_FIELDS
from batch.ledger.table.findings import Findings
from batch.ledger.values import mapped, texts
from batch.ledger.vocabulary import heading_keys, vocabulary

SIDES = ("debit", "credit")

_SUFFIX = re.compile(r"(?P<figures>.*\d[\d.,)]*\s?[€$£]?)\s*(?P<side>[A-Za-zé]{1,6})\.?")
_LAST_LETTERS = frozenset("dchsrbtDCHSRBTnlN.")
_SAGE = frozenset({"0", "1"})  # EC_Sens: 0 = débit, 1 = crédit (Sage 100)
_SAGE_HEADING = "ecsens"


def without_suffixes(cells: Mapping[str, list[Cell]]) -> Mapping[str, list[Cell]]:
    """Return the cells with "120,00 C" as "-120,00" and "120,00 D" as "120,00", in the money columns written so."""
    turned = {name: column for name in MONEY_FIELDS if name in cells and (column := _unsuffixed(cells[name]))}
    return {**cells, **turned} if turned else cells


def _unsuffixed(cells: Sequence[Cell]) -> list[Cell]:
    """Return the column with signs instead of sides; [] when it is not written so.

    A column whose every amount is on the credit side is left as it is: "Cr" alone may as well mean ten millions (crore).
    """
    ends = {cell[-1:] for cell in cells if type(cell) is str}
    if ends.isdisjoint(_LAST_LETTERS):
        return []
    known = {text: found for text in set(cells) if isinstance(text, str) and (found := _side_after(text))}
    given = {cell for cell in cells if cell != ""}
    if not known or all(cell in known and known[cell][0] == "credit" for cell in given):  # type: ignore[index]  # a text
        return []
    return [_signed_text(*known[cell]) if isinstance(cell, str) and cell in known else cell for cell in cells]


def _side_after(text: str) -> tuple[str, str] | None:
    found = _SUFFIX.fullmatch(text)
    side = vocabulary().codes("sides").get(found["side"].lower(), "") if found else ""
    return (side, found["figures"].strip()) if found and side else None


def _signed_text(side: str, figures: str) -> str:
    if side == "debit":
        return figures
    return figures[1:].strip() if figures.startswith("-") else f"-{figures}"


def signed(
    typed: Typed, cells: Mapping[str, list[Cell]], headings: Mapping[str, str], findings: Findings, *, suffixed: bool
) -> Typed:
    """Return the typed columns with `amount` as one signed amount; `headings` are those of the matched fields.

    An amount whose side cannot be read becomes a Problem, its row unreadable. `suffixed` says that sides stood in the cells.
    """
    money = typed.money
    if any(name in money for name in SIDES):
        owed = _two_columns(typed)
    elif "movement" in money:
        owed = money["movement"]
    elif "side" in cells and "amount" in money:
        sides = _sides(cells["side"], headings["side"])
        unknown = (sides == 0) & (money["amount"].minor != 0) & ~typed.unreadable
        findings.cells("SIDE-UNREADABLE", Severity.ERROR, "side", np.flatnonzero(unknown).tolist(), cells["side"])
        typed = replace(typed, unreadable=typed.unreadable | unknown)
        owed = _times(money["amount"], sides)
        if "open_balance" in money:
            typed = replace(typed, money={**money, "open_balance": _times(money["open_balance"], sides)})
    else:
        return replace(typed, signed=True) if suffixed else typed
    return replace(typed, money={**typed.money, "amount": owed}, signed=True)


def _two_columns(typed: Typed) -> Amounts:
    """Return debit less credit. Some programs write credits below zero in their own column; then both columns are added."""
    nothing = Amounts(np.zeros(len(typed.unreadable), dtype="int64"), np.zeros(len(typed.unreadable), dtype=bool), ())
    debit, credit = (typed.money.get(name, nothing) for name in SIDES)
    filled = credit.minor[credit.minor != 0]
    below = len(filled) > 0 and bool((filled < 0).all()) and not bool((debit.minor < 0).any())
    return Amounts(debit.minor + (credit.minor if below else -credit.minor), debit.given | credit.given, ())


def _sides(cells: Sequence[Cell], heading: str) -> np.ndarray:
    """Return 1 for each debit, -1 for each credit, 0 where the cell says neither."""
    column = [text.removesuffix(".0").rstrip(".").lower() for text in texts(cells)]
    held = set(column) - {""}
    if held <= _SAGE and ("0" in held or heading_keys(heading)[0] == _SAGE_HEADING):
        found = mapped(column, {"0": "debit", "1": "credit"}.get)  # type: ignore[arg-type]  # None is no side either
    else:
        found = mapped(column, vocabulary().codes("sides").get)  # type: ignore[arg-type]
    said = np.array(found, dtype=object)
    return np.where(said == "debit", 1, np.where(said == "credit", -1, 0)).astype("int64")


def _times(column: Amounts, sides: np.ndarray) -> Amounts:
    """Give an amount its side; where every credit is below zero and every debit above, the amounts are signed already."""
    minor, here = column.minor, column.minor != 0
    credits_here, debits_here = here & (sides < 0), here & (sides > 0)
    already = (
        bool(credits_here.any()) and bool((minor[credits_here] < 0).all()) and bool((minor[debits_here] > 0).all())
    )
    return column if already else Amounts(minor * sides, column.given, column.unreadable)


def is_book(typed: Typed, texts_by_field: Mapping[str, Sequence[str]], named: Collection[str]) -> bool:
    """Say whether the rows are movements: signed, or lettered, without a balance or a paid amount for each row.

    `named` are the fields that relance.toml names: they settle what the file leaves open.
    """
    if {"open_balance", "amount_paid"} & typed.money.keys():
        return False
    if not typed.signed and not any(texts_by_field.get("lettering", ())):
        return False
    return not ({"status", "payment_date"} & set(named)) or bool({*SIDES, "side", "movement", "lettering"} & set(named))


def summed(typed: Typed, columns: Collection[str]) -> tuple[str, ...]:
    """Return the money columns of the file whose sums its own totals are compared with."""
    for names in (("open_balance",), SIDES, ("movement",), ("amount",)):
        if here := tuple(name for name in names if name in typed.money and name in columns):
            return here
    return ()
