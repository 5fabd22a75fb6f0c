"""The matched columns of money and days → typed columns, each decided as a whole; and the sheet again with typed cells."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from batch.core.policy import Reading
from batch.core.problem import Severity
from batch.ledger.cells.amounts import Amounts
from batch.ledger.cells.currencies import currencies_of
from batch.ledger.cells.dates import Days, from_1904
from batch.ledger.cells.daycolumns import type_days
from batch.ledger.cells.daywork import DayWork
from batch.ledger.cells.moneycolumns import MoneyColumns, type_money
from batch.ledger.cells.sixfigures import spelled_out
from batch.ledger.files.sheets import Cell
from batch.ledger.table.columns import DAY_FIELDS, MONEY_FIELDS
from batch.ledger.table.findings import Findings
from batch.ledger.table.header import Table

# Without these the item's sum or age would be wrong: an unreadable cell leaves the row out. Elsewhere it counts as blank.
NEEDED = frozenset({"open_balance", "amount", "amount_paid", "debit", "credit", "movement", "due_date", "issue_date"})


@dataclass(frozen=True)
class Typed:
    """The items' typed columns by field, their currencies, which items have an unreadable cell, and the styles decided."""

    money: Mapping[str, Amounts]
    days: Mapping[str, Days]
    currencies: list[str]
    unreadable: np.ndarray
    decimals: Mapping[str, str]
    orders: Mapping[str, str]
    signed: bool = False  # the file says on which side each amount stands: signs are not to be guessed
    movements: bool = False  # the rows are movements without balances


def type_columns(
    table: Table, cells: Mapping[str, list[Cell]], count: int, reading: Reading, findings: Findings
) -> Typed:
    """Type the money and day columns of the items; unreadable cells and assumed styles become Problems."""
    money_cells = {name: cells[name] for name in MONEY_FIELDS if name in cells}
    day_cells = from_1904(spelled_out({name: cells[name] for name in DAY_FIELDS if name in cells}), findings.path)
    currencies, disputed = currencies_of(table, cells, money_cells, reading, findings)
    sums = MoneyColumns(table, money_cells, currencies, reading, findings)
    money, decimals = type_money(sums)
    needed = NEEDED if {"open_balance", "amount_paid"} & money.keys() else NEEDED | {"payment_date"}
    work = DayWork(table, day_cells, cells, needed, reading, findings)
    type_days(work)
    days = work.typed
    unreadable = np.zeros(count, dtype=bool)
    unreadable[[*disputed, *sums.left_out, *work.left_out]] = True
    for code, columns in (("AMOUNT-UNREADABLE", money), ("DATE-UNREADABLE", days)):
        for name, column in columns.items():
            if not column.unreadable:
                continue
            if name in needed:
                unreadable[list(column.unreadable)] = True
                findings.cells(code, Severity.ERROR, name, column.unreadable, cells[name])
            else:
                findings.cells("DATE-IGNORED", Severity.WARNING, name, column.unreadable, cells[name])
    return Typed(money, days, currencies, unreadable, decimals, work.orders)
