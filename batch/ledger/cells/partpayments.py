"""Payments in numbered columns ("Règlement 1", "Règlement 2") of a table that has no column of what was paid → their sum."""

import re
from collections.abc import Sequence
from dataclasses import replace

from batch.core.policy import Reading
from batch.core.problem import Severity
from batch.ledger.cells import amounts
from batch.ledger.files.sheets import Cell
from batch.ledger.table.findings import Findings
from batch.ledger.table.header import Table
from batch.ledger.values import stripped
from batch.ledger.vocabulary import heading_keys, vocabulary

_NUMBERED = re.compile(r"([a-z]+?)n?[1-9]")
_MINOR = 100  # euros and cents: payments are typed with two decimals


def added_payments(
    table: Table, items: Sequence[int], reading: Reading, findings: Findings
) -> tuple[Table, dict[str, list[Cell]]]:
    """Return the table with the first of such columns as amount_paid, and for each item what its payments add up to.

    Without such columns, or where one cannot be read: the table as it is, {}. Said by PAYMENTS-ADDED.
    """
    if {"open_balance", "amount_paid"} & table.match.columns.keys():
        return table, {}
    taken = set(table.match.columns.values())
    words = {heading_keys(word)[0] for word in vocabulary().words("lines", "payments")}
    places = [
        place
        for place, heading in enumerate(table.headings)
        if place not in taken and (found := _NUMBERED.fullmatch(heading_keys(heading)[0])) and found[1] in words
    ]
    total = [0] * len(items)
    for place in places:
        column = stripped([table.rows_at(row)[place] for row in items])
        decimals, _ = amounts.decide({"amount_paid": column}, reading.decimal)
        read = amounts.read_amounts(column, decimals["amount_paid"])
        if read.unreadable:
            return table, {}
        total = [so_far + one for so_far, one in zip(total, read.minor.tolist(), strict=True)]
    if not places:
        return table, {}
    findings.say("PAYMENTS-ADDED", Severity.INFO, headings=[table.headings[place] for place in places])
    match = replace(table.match, columns={**table.match.columns, "amount_paid": places[0]})
    return replace(table, match=match), {"amount_paid": [paid / _MINOR for paid in total]}
