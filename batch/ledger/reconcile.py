"""The typed column of balances or amounts and the items built from the rows → what became of every cent of it.

The column is summed as it was typed, before any row is dropped; the items are summed as they were built. What the rows left
out, the rows set aside and credits written without a sign do not explain is a Problem.
"""

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd

from batch.core.problem import Money, Severity
from batch.core.records import Reconciliation
from batch.ledger.cells.typed import Typed
from batch.ledger.items import CREDITS
from batch.ledger.table.findings import Findings
from batch.ledger.table.header import Table
from batch.ledger.table.lines import Lines

_COLUMN_OF_ITEMS = {"open_balance": "open", "amount": "amount"}
_SUMS = ["source", "left_out", "aside", "unread", "turned"]


def source_field(typed: Typed) -> str:
    """Return the column that the sums are made of: the balances, else the amounts; "" when there is neither."""
    return next((field for field in _COLUMN_OF_ITEMS if field in typed.money), "")


def reconcile(
    table: Table, lines: Lines, typed: Typed, findings: Findings, stated: int | None, *,
    left_out: np.ndarray, aside: np.ndarray, items: pd.DataFrame,
) -> tuple[Reconciliation, ...]:  # fmt: skip
    """Return one Reconciliation per currency; `left_out` and `aside` say what became of each row of `lines.items`.

    `stated` is the file's own total, when it has one that could be compared. Says RECONCILIATION-DIFFERS.
    """
    field = source_field(typed)
    if not field or not len(lines.items):
        return ()
    column = _COLUMN_OF_ITEMS[field]
    source = typed.money[field].minor
    unread = np.zeros(len(source), dtype="int64")
    unread[list(typed.money[field].unreadable)] = 1
    rows = pd.DataFrame(
        {
            "source": source,
            "left_out": np.where(left_out & ~aside, source, 0),
            "aside": np.where(aside, source, 0),
            "unread": unread,
            "turned": _turned(source, lines, items, column, table.header_row),
        }
    )
    currencies = pd.Series(typed.currencies, dtype="str")
    sums = rows.groupby(currencies)[_SUMS].sum()
    taken = items.groupby("currency")[column].sum().reindex(sums.index, fill_value=0)
    found = tuple(
        Reconciliation(currency=str(currency), field=field, taken=int(total), stated=stated, **_plain(row))
        for currency, total, row in zip(sums.index, taken, sums.to_dict("records"), strict=True)
    )
    for each in found:
        if each.difference:
            findings.say(
                "RECONCILIATION-DIFFERS",
                Severity.ERROR,
                summed=Money(each.source, each.currency),
                explained=Money(each.source - each.difference, each.currency),
                difference=Money(each.difference, each.currency),
            )
    return found


def _plain(row: Mapping[Hashable, int]) -> dict[str, int]:
    return {str(name): int(amount) for name, amount in row.items()}


def _turned(source: np.ndarray, lines: Lines, items: pd.DataFrame, column: str, header_row: int) -> np.ndarray:
    """Return for each row what a credit written without its sign adds to the column and not to what is owed."""
    turned = np.zeros(len(source), dtype="int64")
    credit = items.loc[items["kind"].isin(CREDITS) & (items[column] < 0), ["source_row", column]]
    positions = credit["source_row"].to_numpy() - header_row - 1
    places = np.minimum(np.searchsorted(lines.items, positions), len(lines.items) - 1)
    built = credit[column].to_numpy()
    flipped = (lines.items[places] == positions) & (source[places] == -built)
    turned[places[flipped]] = (source[places] - built)[flipped]
    return turned
