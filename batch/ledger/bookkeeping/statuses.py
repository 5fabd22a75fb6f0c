"""What the status column takes out of the chase, or leaves in it unknown → said with counts and sums."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from batch.core.problem import Money, Severity
from batch.ledger.files.sheets import Cell
from batch.ledger.items import Columns, status_says
from batch.ledger.table.findings import Findings
from batch.ledger.table.header import Table
from batch.ledger.values import text_of
from batch.words import Said

_UNKNOWN = 5  # statuses not known that are named
_NAMED = 3  # statuses named in the sentence, the most frequent first


def several(table: Table) -> tuple[Table, tuple[int, ...]]:
    """Return the table with nothing to choose between its columns of statuses, and their places: all of them are read."""
    others = table.match.rivals.get("status", ())
    if not others:
        return table, ()
    rivals = {name: places for name, places in table.match.rivals.items() if name != "status"}
    return replace(table, match=replace(table.match, rivals=rivals)), (table.match.columns["status"], *others)


def joined(states: Sequence[Sequence[Cell]]) -> list[Cell]:
    """Return one status for each row, such as "Non payé, Brouillon": a draft is nobody's debt, paid or not."""
    return [", ".join(text for cell in row if (text := text_of(cell).strip())) for row in zip(*states, strict=True)]


def say(columns: Columns, findings: Findings) -> None:
    """Say, by currency, how many rows were set aside by their status, or counted paid, or as owed under a word not known."""
    if "status" not in columns.texts:
        return
    said = status_says(columns)
    owed = columns.money("open_balance" if "open_balance" in columns.typed.money else "amount")
    _say("STATUS-SET-ASIDE", said["aside"], owed, columns, findings)
    if not columns.typed.movements and not {"open_balance", "amount_paid"} & columns.typed.money.keys():
        _say("STATUS-PAID", said["paid"] & (owed != 0), owed, columns, findings)
    _say_unknown(said["unknown"], owed, columns, findings)


def _say_unknown(unknown: np.ndarray, owed: np.ndarray, columns: Columns, findings: Findings) -> None:
    """Name the statuses that are no known words, with counts and sums: what is owed under them counts, unless relance.toml says else."""
    paid = columns.money("amount_paid") if "open_balance" not in columns.typed.money else 0
    open_ = np.where(np.isnat(columns.days("payment_date")) | columns.given("open_balance"), owed - paid, 0)
    places = np.flatnonzero(unknown & (open_ != 0)).tolist()
    statuses = columns.text("status")
    if not places or all(text.isdecimal() for text in set(statuses) - {""}):
        return  # bare codes are STATUS-CODES
    sums: dict[tuple[str, str], list[int]] = {}
    for place in places:
        sums.setdefault((statuses[place], columns.typed.currencies[place]), []).append(int(open_[place]))
    commonest = sorted(sums.items(), key=lambda each: -len(each[1]))
    named: list[object] = [
        Said("statuses", "counted", {"status": status, "n": len(each), "amount": Money(sum(each), currency)})
        for (status, currency), each in commonest[:_UNKNOWN]
    ]
    first = commonest[0][0][0]
    where = findings.place("status", statuses.index(first), first)
    more = ["…"] if len(sums) > _UNKNOWN else []
    findings.say("STATUS-UNKNOWN", Severity.WARNING, where, n=len(places), statuses=named + more, first=first)


def _say(code: str, chosen: np.ndarray, owed: np.ndarray, columns: Columns, findings: Findings) -> None:
    places = np.flatnonzero(chosen).tolist()
    for currency in dict.fromkeys(columns.typed.currencies[place] for place in places):
        here = [place for place in places if columns.typed.currencies[place] == currency]
        words = Counter(columns.text("status")[place] for place in here).most_common(_NAMED)
        total = Money(int(owed[here].sum()), currency)
        first = findings.place("status", here[0], columns.text("status")[here[0]])
        statuses = ", ".join(word for word, _ in words)
        findings.say(code, Severity.INFO, first, n=len(here), amount=total, statuses=statuses)
