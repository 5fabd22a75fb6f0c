"""Items without a customer → the customer whose line stands above them, or whose name stands once for several rows."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from batch.core.problem import Severity
from batch.ledger.files.sheets import Cell
from batch.ledger.table.findings import Findings
from batch.ledger.table.header import Table
from batch.ledger.table.lines import Lines
from batch.ledger.table.marks import WHO
from batch.ledger.vocabulary import plain

_FEWEST, _SHARE = (
    2,
    4,
)  # rows without a name, and one in so many rows, that make it a name written once for several rows


def carry_customers(
    table: Table, lines: Lines, cells: dict[str, list[Cell]], findings: Findings
) -> dict[str, list[Cell]]:
    """Return the items' cells with customers filled in; said by CUSTOMER-CARRIED, and CUSTOMER-LINES-UNCLEAR where one was chosen.

    An item keeps a customer of its own. Behind a total that names the customer its line counts no more.
    """
    count, lacking = len(lines.items), lines.nameless
    if not lacking:
        return cells
    filled = {name: list(cells.get(name, [""] * count)) for name in WHO}
    taken = (
        _from_lines(table, lines, lacking, filled) if lines.groups.lines else _from_above(lines, lacking, filled, cells)
    )
    if not taken:
        return {"customer_name": filled["customer_name"]} | cells
    first = filled["customer_name"][taken[0]] or filled["customer_id"][taken[0]]
    known = {(filled["customer_id"][item], filled["customer_name"][item]) for item in taken}
    severity = Severity.INFO if lines.groups.lines else Severity.WARNING
    where = findings.place("", taken[0])
    findings.say("CUSTOMER-CARRIED", severity, where, n=len(taken), customers=len(known), first=first)
    if lines.groups.doubtful:
        findings.say("CUSTOMER-LINES-UNCLEAR", Severity.WARNING, where, first=first)
    if table.detailed:  # a customer's own line, without invoices below it, has no number
        lines_of_customers = {group.position for group in lines.groups.lines}
        numbers = zip(cells["invoice_number"], lines.items.tolist(), strict=True)
        cells = cells | {"invoice_number": ["" if row in lines_of_customers else cell for cell, row in numbers]}
    return cells | {name: column for name, column in filled.items() if any(cell != "" for cell in column)}


def _from_lines(table: Table, lines: Lines, lacking: Sequence[int], filled: dict[str, list[Cell]]) -> list[int]:
    """Fill in the customer of the nearest line above."""
    groups = lines.groups.lines
    ends = set(lines.totals)
    taken, at, closed = [], -1, -1
    for item in lacking:
        row = int(lines.items[item])
        before = at
        while at + 1 < len(groups) and groups[at + 1].position <= row:
            at += 1
        if at < 0:
            continue
        group = groups[at]
        if at != before:
            names = {plain(text) for text in (group.number, group.name) if text}
            stop = groups[at + 1].position if at + 1 < len(groups) else len(table.rows)
            closed = next(
                (end for end in range(group.position + 1, stop) if end in ends and _names(table, end, names)), -1
            )
        if closed >= 0 and row > closed:
            continue
        filled["customer_id"][item], filled["customer_name"][item] = group.number, group.name
        taken.append(item)
    return taken


def _names(table: Table, row: int, names: set[str]) -> bool:
    """Say whether a total's row names the customer: "Total 411DURAND"."""
    words = " ".join(plain(cell) for cell in table.rows_at(row) if isinstance(cell, str))
    return any(f" {name} " in f" {words} " for name in names)


def _from_above(
    lines: Lines, lacking: Sequence[int], filled: dict[str, list[Cell]], cells: dict[str, list[Cell]]
) -> list[int]:
    """Fill in the customer of the row above, where each customer is written once and many rows have none (merged cells)."""
    without = set(lacking)
    shown = [
        tuple(cells[name][item] for name in WHO if name in cells)
        for item in range(len(lines.items))
        if item not in without
    ]
    if not shown or 0 in without or len(lacking) < _FEWEST or len(lacking) * _SHARE < len(lines.items):
        return []
    if any(one == two for one, two in pairwise(shown)) or max(Counter(shown).values()) > 1:
        return []
    for item in lacking:
        for name in WHO:
            filled[name][item] = filled[name][item - 1]
    return list(lacking)
