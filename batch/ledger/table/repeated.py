"""Rows that are lines of one invoice, its balance repeated on each → one item for each invoice."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from batch.core.problem import Severity
from batch.ledger.files.sheets import Cell
from batch.ledger.table.findings import Findings
from batch.ledger.table.header import Table
from batch.ledger.table.lines import Lines
from batch.ledger.vocabulary import heading_keys, vocabulary

_SAME = ("invoice_number", "customer_id", "customer_name", "issue_date", "due_date", "currency", "doc_type")
_TOTALS = ("open_balance", "amount", "amount_paid")


def whole_invoices(table: Table, lines: Lines, cells: dict[str, list[Cell]], findings: Findings) -> np.ndarray:
    """Return which items stay when rows are lines of an invoice: the first of each invoice; said by LINES-OF-INVOICES.

    They are when number, customer, dates and every sum of the invoice repeat in a table with a column of line amounts (quantity,
    line total), and a column that is none of ours differs (two lines may cost the same). Rows of one number that differ in balance or due date are items of their own, as are wholly equal rows.
    """
    every = np.ones(len(lines.items), dtype=bool)
    numbers = cells.get("invoice_number", [])
    if len(set(numbers)) == len(numbers):
        return every
    places = _line_places(table)
    if not places:
        return every
    keys = [cells[name] for name in (*_SAME, *_TOTALS) if name in cells]
    groups: dict[tuple[Cell, ...], list[int]] = defaultdict(list)
    for item, key in enumerate(zip(*keys, strict=True)):
        if numbers[item] != "":
            groups[key].append(item)
    invoices = lines_left = 0
    first = -1
    for rows in groups.values():
        if len(rows) > 1 and _differ(table, lines, rows, places):
            every[rows[1:]] = False
            invoices, lines_left = invoices + 1, lines_left + len(rows) - 1
            first = rows[0] if first < 0 else first
    if invoices:
        where = findings.place("invoice_number", first, numbers[first])
        findings.say("LINES-OF-INVOICES", Severity.INFO, where, n=invoices, lines=lines_left)
    return every


def _line_places(table: Table) -> list[int]:
    """Return the columns that no field has, when one of their headings speaks of lines (quantity, line total); else []."""
    words = {heading_keys(word)[0] for word in vocabulary().words("lines", "amounts")}
    matched = set(table.match.columns.values())
    free = {place: text for place, text in enumerate(table.headings) if text and place not in matched}
    return list(free) if any(words & set(heading_keys(text)) for text in free.values()) else []


def _differ(table: Table, lines: Lines, items: Sequence[int], places: Sequence[int]) -> bool:
    held = [table.rows_at(int(lines.items[item])) for item in items]
    return any(len({row[place] for row in held}) > 1 for place in places)
