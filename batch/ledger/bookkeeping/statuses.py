"""What the status column takes out of the chase → said with counts and sums: paid rows, and rows that are nobody's debt."""

from collections import Counter

import numpy as np

from batch.core.problem import Money, Severity
from batch.ledger.items import Columns, status_says
from batch.ledger.table.findings import Findings

_NAMED = 3  # statuses named in the sentence, the most frequent first


def say(columns: Columns, findings: Findings) -> None:
    """Say, by currency, how many rows were set aside by their status, their sum, and which statuses these were."""
    if "status" not in columns.texts:
        return
    said = status_says(columns)
    owed = columns.money("open_balance" if "open_balance" in columns.typed.money else "amount")
    _say("STATUS-SET-ASIDE", said["aside"], owed, columns, findings)
    if not columns.typed.movements and not {"open_balance", "amount_paid"} & columns.typed.money.keys():
        _say("STATUS-PAID", said["paid"] & (owed != 0), owed, columns, findings)


def _say(code: str, chosen: np.ndarray, owed: np.ndarray, columns: Columns, findings: Findings) -> None:
    places = np.flatnonzero(chosen).tolist()
    for currency in dict.fromkeys(columns.typed.currencies[place] for place in places):
        here = [place for place in places if columns.typed.currencies[place] == currency]
        words = Counter(columns.text("status")[place] for place in here).most_common(_NAMED)
        total = Money(int(owed[here].sum()), currency)
        findings.say(code, Severity.INFO, n=len(here), amount=total, statuses=", ".join(word for word, _ in words))
