"""The ledger as it was exported and as the reviewed workbook holds it now → which of its cells a person changed since.

What was approved was worked out from the export; a figure typed over in the workbook would ask a customer for another sum.
"""

import pandas as pd

from batch.core.problem import Money, Problem, Severity, Source
from batch.core.records import Ledger

# Columns of ITEMS that are compared, and the ledger's field that each comes from.
COMPARED = {
    "open": "open_balance", "amount": "amount", "issued": "issue_date", "due": "due_date", "paid_on": "payment_date",
}  # fmt: skip
MOST = 50  # more than so many are no slip of the hand: the file is another one


def edits(before: Ledger, now: Ledger) -> tuple[Problem, ...]:
    """Return LEDGER-EDITED for each cell that says something else, LEDGER-ROW-NEW and LEDGER-ROW-GONE; at most MOST."""
    was, has = (ledger.items[ledger.items["source_row"] > 0] for ledger in (before, now))
    both = was.merge(has, on="item_id", suffixes=("_was", ""))
    found = [problem for column in COMPARED for problem in _changed(both, column, now)]
    new, gone = has[~has["item_id"].isin(was["item_id"])], was[~was["item_id"].isin(has["item_id"])]
    for debtor, number, row in zip(new["debtor_id"].tolist(), new["number"].tolist(), new["source_row"], strict=True):
        source = Source(now.source.file, now.source.sheet, int(row))
        found.append(Problem("LEDGER-ROW-NEW", Severity.WARNING, source, {"debtor_id": debtor, "number": number}))
    for debtor, number in zip(gone["debtor_id"].tolist(), gone["number"].tolist(), strict=True):
        source = Source(now.source.file, now.source.sheet)
        found.append(Problem("LEDGER-ROW-GONE", Severity.WARNING, source, {"debtor_id": debtor, "number": number}))
    return tuple(found[:MOST])


def _changed(both: pd.DataFrame, column: str, now: Ledger) -> list[Problem]:
    """Return the cells of one column that differ; the open amount that follows from another column is that column's."""
    was, has = both[f"{column}_was"], both[column]
    rows = both[(was != has) & ~(was.isna() & has.isna())]
    places = {field: (letter, heading) for field, letter, heading in now.source.columns}
    letter, heading = places.get(COMPARED[column], ("", ""))
    if not letter:
        return []
    money = column in ("open", "amount")
    names = ["source_row", "debtor_id", "number", "currency", f"{column}_was", column]
    problems = []
    for row, debtor, number, currency, earlier, later in zip(*(rows[name].tolist() for name in names), strict=True):
        source = Source(now.source.file, now.source.sheet, int(row), letter, heading)
        facts = {"debtor_id": debtor, "number": number, "cell": f"{letter}{row}",
                 "was": Money(earlier, currency) if money else earlier,
                 "now": Money(later, currency) if money else later}  # fmt: skip
        problems.append(Problem("LEDGER-EDITED", Severity.WARNING, source, facts))
    return problems
